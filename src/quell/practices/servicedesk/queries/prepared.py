"""Reading canned replies and macros through somebody's eyes: their own, their teams', their organisation's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import F, Q, QuerySet

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import RECORDS_LEAD
from quell.kernel.actions.directory import places
from quell.kernel.people.models import Membership

from ..models import CannedReply, Macro
from ..permissions import can_keep

P = TypeVar("P", CannedReply, Macro)
#: A list is for one person's eyes; more than this is for searching.
MOST = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """What a canned reply and a macro show alike. `may_edit` is the reader's right, `trashed_at` set in the trash."""

    id: int
    name: str
    folder: str
    reach: str
    team: str | None
    team_name: str
    organisation: str | None
    organisation_name: str
    person: str
    person_name: str
    uses: int
    version: int
    created_at: datetime
    updated_at: datetime
    trashed_at: datetime | None
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Canned(Shown):
    """A canned reply: its text by language."""

    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class MacroRow(Shown):
    """A macro: its steps."""

    kind: str
    steps: list[dict[str, Any]]


def visible(model: type[P], actor: Actor) -> QuerySet[P]:
    """What the actor may see and use, also what lies in the trash. Nobody without work on records sees any."""
    found = model._default_manager.select_related("person", "team", "organisation")
    if not actor.is_agent or actor.person_id is None:
        return found.none()
    mine = Q(reach="personal", person_id=actor.person_id)
    lead = actor.scope(RECORDS_LEAD)
    teams = Q(team_id__in=Membership.objects.filter(person_id=actor.person_id).values("team_id"))
    if lead.everywhere:
        teams = Q()
    elif lead:
        teams |= Q(team_id__in=lead.teams) | Q(team__organisation_id__in=lead.organisations)
    near = places.surroundings(actor)
    everybody = Q() if near is None else Q(organisation_id__in=near)
    return found.filter(mine | (Q(reach="team") & teams) | (Q(reach="organisation") & everybody))


def asked(model: type[P], actor: Actor, *, q: str = "", trashed: bool = False, limit: int = MOST) -> list[P]:
    """For people: by folder and name, or the most used first when searching. `q` finds in name, folder and text."""
    found = _found(model, actor, q, trashed)
    order = (F("uses").desc(), "name", "pk") if q.strip() else ("folder", "name", "pk")
    return list(found.order_by(*order)[:limit])


def kept(
    model: type[P], actor: Actor, *, q: str = "", after: tuple[str, str, int] | None = None, limit: int = 50
) -> list[P]:
    """For the pages on which they are kept: by folder and name, from behind the folder, name and id of `after`; one
    more than `limit` when there are more."""
    found = _found(model, actor, q, trashed=False)
    if after is not None:
        folder, name, last = after
        found = found.filter(
            Q(folder__gt=folder) | Q(folder=folder, name__gt=name) | Q(folder=folder, name=name, pk__gt=last)
        )
    return list(found.order_by("folder", "name", "pk")[: limit + 1])


def page(
    model: type[P], actor: Actor, *, q: str = "", trashed: bool = False, after: int = 0, limit: int = 50
) -> list[P]:
    """For programs: by id, one more than `limit` when there are more."""
    return list(_found(model, actor, q, trashed).filter(pk__gt=after).order_by("pk")[: limit + 1])


def _found(model: type[P], actor: Actor, q: str, trashed: bool) -> QuerySet[P]:
    found = visible(model, actor).filter(trashed_at__isnull=not trashed)
    for word in q.replace("\x00", "").strip()[:100].split():
        matching = Q(name__icontains=word) | Q(folder__icontains=word)
        if model is CannedReply:
            matching |= Q(texts__icontains=word)
        found = found.filter(matching)
    return found


def shown(actor: Actor, rows: Sequence[CannedReply | Macro]) -> list[Canned | MacroRow]:
    """Rows as plain values; the reader's own leadership of teams is asked once for all of them."""
    led = set(Membership.objects.filter(person_id=actor.person_id or 0, lead=True).values_list("team_id", flat=True))
    return [_as_shown(actor, row, led) for row in rows]


def one(model: type[P], actor: Actor, prepared_id: int) -> P | None:
    """One of them, also from the trash; None when it is not the actor's to see."""
    return visible(model, actor).filter(pk=prepared_id).first()


def _as_shown(actor: Actor, row: CannedReply | Macro, led: set[int]) -> Canned | MacroRow:
    may = can_keep(
        actor, row.reach, person_id=row.person_id, team=row.team, organisation_id=row.organisation_id, led=led
    )
    alike: dict[str, Any] = {
        "id": row.pk,
        "name": row.name,
        "folder": row.folder,
        "reach": row.reach,
        "team": row.team.code if row.team else None,
        "team_name": row.team.name if row.team else "",
        "organisation": row.organisation.code if row.organisation else None,
        "organisation_name": row.organisation.name if row.organisation else "",
        "person": row.person.email,
        "person_name": row.person.name,
        "uses": row.uses,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "trashed_at": row.trashed_at,
        "may_edit": bool(may),
    }
    if isinstance(row, CannedReply):
        return Canned(**alike, texts=dict(row.texts))
    return MacroRow(**alike, kind=row.kind, steps=list(row.steps))
