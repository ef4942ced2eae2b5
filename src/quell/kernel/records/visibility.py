"""The one funnel for reading records: who sees which, as a queryset filter and as SQL (architecture.md 6).

Both forms come from the same description of a scope, and a test holds them equal. Agents see what lies in the
organisations and teams of their roles; everybody sees what they requested, opened or was shared with them; an
owner or assignee who still works somewhere sees what is in their hands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from quell.kernel.access.actor import Actor

from .numbers import internal_kinds

if TYPE_CHECKING:
    from .models import Record

Fragment = tuple[str, dict[str, Any]]


def sees_internal(actor: Actor, record: Record) -> bool:
    """May the actor read notes, and everything else the requester may not?"""
    return actor.scope("records.view").covers(record.organisation_id, record.team_id) or _in_their_hands(actor, record)


def sees(actor: Actor, record: Record) -> bool:
    """May the actor see this record at all? The same rule as `visible_to`, for a record already at hand."""
    if sees_internal(actor, record):
        return True
    person = actor.person_id
    if person is None or record.kind in internal_kinds():
        return False
    return person in (record.requester_id, record.opened_by_id) or record.watchers.filter(person_id=person).exists()


def _in_their_hands(actor: Actor, record: Record) -> bool:
    return (
        actor.person_id is not None
        and bool(actor.scope("records.view"))
        and actor.person_id in (record.owner_id, record.assignee_id)
    )


def visible_sql(actor: Actor, alias: str = "r") -> Fragment:
    """The rule as a SQL condition on a records table aliased `alias`, with named parameters (prefix `v_`).

    For people without any role over others' work it is a list of ids, so that a search or a list of theirs never
    walks the records of everybody else.
    """
    scope = actor.scope("records.view")
    if scope.everywhere:
        return "TRUE", {}
    parameters: dict[str, Any] = {"v_person": actor.person_id, "v_inside": internal_kinds()}
    if not scope:
        return (
            (
                f"({alias}.kind <> ALL(%(v_inside)s::text[]) AND {alias}.id IN"  # noqa: S608
                " (SELECT id FROM records_record WHERE requester_id = %(v_person)s"
                " UNION SELECT id FROM records_record WHERE opened_by_id = %(v_person)s"
                " UNION SELECT record_id FROM records_watcher WHERE person_id = %(v_person)s))"
            ),
            parameters,
        )
    return f"({_internal(alias, scope, parameters)} OR {_own(alias)})", parameters


def internal_sql(actor: Actor, alias: str = "r") -> Fragment:
    """The condition under which the actor may read a record's internal part (notes and their words)."""
    scope = actor.scope("records.view")
    if scope.everywhere:
        return "TRUE", {}
    if not scope:
        return "FALSE", {}
    parameters: dict[str, Any] = {"v_person": actor.person_id}
    return _internal(alias, scope, parameters), parameters


def _own(alias: str) -> str:
    return (
        f"({alias}.kind <> ALL(%(v_inside)s::text[]) AND"  # noqa: S608
        f" ({alias}.requester_id = %(v_person)s OR {alias}.opened_by_id = %(v_person)s"
        f" OR EXISTS (SELECT 1 FROM records_watcher w WHERE w.record_id = {alias}.id AND w.person_id = %(v_person)s)))"
    )


def _internal(alias: str, scope: Any, parameters: dict[str, Any]) -> str:
    parts = [f"{alias}.owner_id = %(v_person)s", f"{alias}.assignee_id = %(v_person)s"]
    if scope.organisations:
        parameters["v_orgs"] = sorted(scope.organisations)
        parts.append(f"{alias}.organisation_id = ANY(%(v_orgs)s)")
    if scope.teams:
        parameters["v_teams"] = sorted(scope.teams)
        parts.append(f"{alias}.team_id = ANY(%(v_teams)s)")
    if scope.team_organisations:
        parameters["v_team_orgs"] = sorted(scope.team_organisations)
        parts.append(f"({alias}.team_id IS NULL AND {alias}.organisation_id = ANY(%(v_team_orgs)s))")
    return "(" + " OR ".join(parts) + ")"


class RecordQuerySet(models.QuerySet["Record"]):
    """Records, seen through somebody's eyes."""

    def visible_to(self, actor: Actor) -> Self:
        """Only what this actor may see."""
        scope = actor.scope("records.view")
        if scope.everywhere:
            return self
        if actor.person_id is None:
            return self.none()
        from .models import Watcher

        person = actor.person_id
        watched = Exists(Watcher.objects.filter(record_id=OuterRef("pk"), person_id=person))
        rule = Q(requester_id=person) | Q(opened_by_id=person) | Q(watched)
        if inside := internal_kinds():
            rule &= ~Q(kind__in=inside)
        if scope:
            rule |= Q(owner_id=person) | Q(assignee_id=person)
            if scope.organisations:
                rule |= Q(organisation_id__in=scope.organisations)
            if scope.teams:
                rule |= Q(team_id__in=scope.teams)
            if scope.team_organisations:
                rule |= Q(team_id__isnull=True, organisation_id__in=scope.team_organisations)
        return self.filter(rule)
