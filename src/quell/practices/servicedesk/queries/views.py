"""Reading views: those that come with the product, one's own, one's teams', one's organisation's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import RECORDS_LEAD
from quell.kernel.actions.directory import places
from quell.kernel.config import sql

from ..models import Arrangement
from ..permissions import can_keep_view
from ..rules.views import USUAL_COLUMNS

#: A list of views is for one person's eyes; more than this is a mistake.
MOST = 500
SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A view as its reader may use it. `key` addresses it: the code of a shipped one, the id of a saved one."""

    key: str
    name: str | Promise
    reach: str
    query: str
    sort: str = "priority"
    columns: tuple[str, ...] = USUAL_COLUMNS
    density: str = ""
    layout: str = "table"
    team: str | None = None
    team_name: str = ""
    organisation: str | None = None
    organisation_name: str = ""
    person: str | None = None
    version: int = 1
    may_edit: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None
    trashed_at: datetime | None = None

    @property
    def shipped(self) -> bool:
        """Does it come with the product?"""
        return self.reach == SHIPPED


COMES_WITH = (
    ViewRow("open", _("Open"), SHIPPED, "state:open"),
    ViewRow("mine", _("Mine"), SHIPPED, "state:open assignee:@me"),
    ViewRow("my-team", _("My team"), SHIPPED, "state:open team:@myteams"),
    ViewRow("unassigned", _("Unassigned"), SHIPPED, "state:open is:unassigned"),
    ViewRow("breaching", _("Breaching < 2 h"), SHIPPED, "state:open due<+2h", "due_at"),
    ViewRow("waiting", _("Waiting"), SHIPPED, "is:waiting", "-updated_at"),
    ViewRow("my-waiting", _("My waiting"), SHIPPED, "is:waiting assignee:@me", "-updated_at"),
    ViewRow("owned-elsewhere", _("My owned, elsewhere"), SHIPPED, "state:open owner:@me -assignee:@me"),
    ViewRow("resolved-lately", _("Resolved lately"), SHIPPED, "state:resolved,closed resolved>-14d", "-updated_at"),
    ViewRow(
        "my-resolved",
        _("Resolved lately by me"),
        SHIPPED,
        "state:resolved,closed assignee:@me resolved>-14d",
        "-updated_at",
    ),
)
#: Before somebody arranges them otherwise.
USUAL = {
    Arrangement.Place.QUEUE: ("mine", "unassigned", "my-team", "breaching", "waiting", "open"),
    Arrangement.Place.HOME: ("breaching", "unassigned", "my-waiting", "my-resolved"),
}

_VIEWS = """
SELECT v.id, v.name, v.reach, v.query, v.sort, v.columns, v.density, v.layout, v.version, v.created_at, v.updated_at,
  v.trashed_at, v.person_id, v.team_id, t.organisation_id AS team_organisation, v.organisation_id, p.email AS person,
  t.code AS team, coalesce(t.name, '') AS team_name, o.code AS organisation,
  coalesce(o.name, '') AS organisation_name, m.lead, m.id IS NOT NULL AS member
FROM servicedesk_view v JOIN people_person p ON p.id = v.person_id
LEFT JOIN people_team t ON t.id = v.team_id LEFT JOIN people_organisation o ON o.id = v.organisation_id
LEFT JOIN people_membership m ON m.team_id = v.team_id AND m.person_id = %(me)s
WHERE ((v.reach = 'personal' AND v.person_id = %(me)s)
  OR (v.reach = 'team' AND (m.id IS NOT NULL OR %(lead_all)s OR v.team_id = ANY(%(lead_teams)s)
    OR t.organisation_id = ANY(%(lead_organisations)s)))
  OR (v.reach = 'organisation' AND (%(near)s::bigint[] IS NULL OR v.organisation_id = ANY(%(near)s))))
"""
_ALL = _VIEWS + " AND (v.trashed_at IS NOT NULL) = %(trashed)s ORDER BY v.name, v.id LIMIT %(most)s"
_ONE = _VIEWS + " AND v.id = %(id)s"


def views(actor: Actor, *, trashed: bool = False) -> list[ViewRow]:
    """Every view the actor may use: the shipped ones in their order, then saved ones by name. With `trashed`, those
    in the trash instead."""
    if not actor.is_agent:
        return []
    found = sql.dicts(_ALL, {**_eyes(actor), "trashed": trashed, "most": MOST})
    return [*([] if trashed else COMES_WITH), *(_row(actor, one) for one in found)]


def view(actor: Actor, key: str) -> ViewRow | None:
    """One view by key, also from the trash; None when it is not there or not the actor's to see."""
    if not actor.is_agent:
        return None
    for one in COMES_WITH:
        if one.key == key:
            return one
    if not (key.isascii() and key.isdigit() and len(key) < 18):
        return None
    found = sql.dicts(_ONE, {**_eyes(actor), "id": int(key)})
    return _row(actor, found[0]) if found else None


def one(actor: Actor, key: str) -> ViewRow:
    """One view by key, also from the trash; raises NotFound."""
    found = view(actor, key)
    if found is None:
        raise places.unknown(key[:40])
    return found


def arrangement(actor: Actor, place: str) -> list[str]:
    """The keys a person has put in a place, in their order; the usual ones before they do. Some may be gone."""
    kept = Arrangement.objects.filter(person_id=actor.person_id or 0, place=place).values_list("views", flat=True)
    return list(next(iter(kept), USUAL[Arrangement.Place(place)]))


def arranged(known: Sequence[ViewRow], keys: Collection[str]) -> list[ViewRow]:
    """The views with these keys, in this order; what is gone is passed over."""
    by_key = {one.key: one for one in known}
    return [by_key[key] for key in keys if key in by_key]


def _eyes(actor: Actor) -> dict[str, Any]:
    lead, near = actor.scope(RECORDS_LEAD), places.surroundings(actor)
    return {
        "me": actor.person_id,
        "lead_all": lead.everywhere,
        "lead_teams": sorted(lead.teams),
        "lead_organisations": sorted(lead.organisations),
        "near": None if near is None else sorted(near),
    }


def _row(actor: Actor, row: dict[str, Any]) -> ViewRow:
    may = can_keep_view(
        actor, row["reach"], person_id=row["person_id"], team_id=row["team_id"],
        team_organisation=row["team_organisation"], organisation_id=row["organisation_id"],
        member=bool(row["member"]), lead=bool(row["lead"]),
    )  # fmt: skip
    same = (
        "name", "reach", "query", "sort", "density", "layout", "team", "team_name", "organisation",
        "organisation_name", "person", "version", "created_at", "updated_at", "trashed_at",
    )  # fmt: skip
    columns = tuple(row["columns"]) or USUAL_COLUMNS
    return ViewRow(key=str(row["id"]), columns=columns, may_edit=bool(may), **{name: row[name] for name in same})
