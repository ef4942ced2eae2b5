"""Why can this person see this record, or why not? The same rule as `visibility.py`, told in sentences.

An administrator asks it when somebody says "I cannot find it", or "why does he know that?". A test holds the answer
equal to what the funnel decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import RECORDS_VIEW
from quell.kernel.people.models import RoleGrant
from quell.kernel.people.shipped import role_name

from .models import Record, Watcher
from .numbers import internal_kinds
from .visibility import sees, sees_internal

Sight = Literal["everything", "public", "nothing"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a person sees of a record, and every reason that counts. `near` says what just missed, when nothing did."""

    sight: Sight
    reasons: tuple[str, ...]
    near: tuple[str, ...]


def explain(actor: Actor, record: Record) -> Explanation:
    """The answer for this person and this record."""
    sight: Sight = "everything" if sees_internal(actor, record) else "public" if sees(actor, record) else "nothing"
    by_role, near = _by_role(actor, record)
    reasons = (*by_role, *_by_hands(actor, record), *_by_part(actor, record))
    return Explanation(sight, reasons, () if reasons else (*near, *_missing(actor, record)))


def _by_role(actor: Actor, record: Record) -> tuple[list[str], list[str]]:
    """Roles that reach the record, and roles that reach elsewhere only."""
    reaching: list[str] = []
    elsewhere: list[str] = []
    if actor.person_id is None:
        return reaching, elsewhere
    grants = RoleGrant.objects.filter(person_id=actor.person_id).select_related("role", "organisation", "team")
    for grant in grants.order_by("pk"):
        if RECORDS_VIEW not in grant.role.capabilities:
            continue
        words = _words(grant)
        inside = grant.organisation is None or grant.organisation_id in record.organisation.path
        if grant.team is None and inside:
            reaching.append(_("Role “%(role)s”, which covers %(place)s.") % words)
        elif grant.team is not None and grant.team_id == record.team_id:
            reaching.append(_("Role “%(role)s” for the team %(team)s, which has this record.") % words)
        elif grant.team is not None and record.team_id is None and grant.organisation is not None and inside:
            reaching.append(
                _("Role “%(role)s” in %(place)s: what has no team yet is everybody's who works there.") % words
            )
        elif grant.team is not None:
            elsewhere.append(_("Role “%(role)s” is narrowed to the team %(team)s.") % words)
        else:
            elsewhere.append(_("Role “%(role)s” covers %(place)s, and this record lies elsewhere.") % words)
    return reaching, elsewhere


def _words(grant: RoleGrant) -> dict[str, str]:
    return {
        "role": role_name(grant.role.code, grant.role.name),
        "place": grant.organisation.name if grant.organisation else _("the whole instance"),
        "team": grant.team.name if grant.team else "",
    }


def _by_hands(actor: Actor, record: Record) -> list[str]:
    """What is in the hands of somebody who works somewhere is theirs to see."""
    if actor.person_id is None or not actor.scope(RECORDS_VIEW):
        return []
    said = []
    if record.assignee_id == actor.person_id:
        said.append(_("It is assigned to them."))
    if record.owner_id == actor.person_id:
        said.append(_("They own it: they took the first contact."))
    return said


def _by_part(actor: Actor, record: Record) -> list[str]:
    """The part a requester has: the public one, and never of kinds that are internal altogether."""
    if actor.person_id is None or record.kind in internal_kinds():
        return []
    said = []
    if record.requester_id == actor.person_id:
        said.append(_("It is their own request (the public part)."))
    if record.opened_by_id == actor.person_id:
        said.append(_("They reported it (the public part)."))
    if Watcher.objects.filter(record=record, person_id=actor.person_id).exists():
        said.append(_("It was shared with them (the public part)."))
    return said


def _missing(actor: Actor, record: Record) -> list[str]:
    said = [] if actor.scope(RECORDS_VIEW) else [_("None of their roles lets them see other people's records.")]
    if record.kind in internal_kinds():
        said.append(_("Records of this kind are for those who work, never for requesters."))
    said.append(_("They neither reported it nor follow it."))
    return said
