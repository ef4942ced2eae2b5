"""Reporting an incident: by the person who suffers, by the desk on their behalf, or by a program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import Field

from quell.engines.matrix import DEFAULT_CELLS, priority
from quell.kernel.access.actor import Actor
from quell.kernel.actions.open import Opened, open_record, publish_opened
from quell.kernel.actions.registry import Inputs
from quell.kernel.config import sql
from quell.kernel.config.refusal import Forbidden, Invalid
from quell.kernel.people.models import Person
from quell.kernel.records.models import Record
from quell.practices.tasks import facade as tasks

from ..models import Category
from ..permissions import RECORDS_LEAD
from ..rules.codes import CHANNELS
from ..rules.lifecycle import ASSIGNED, INCIDENT, NEW
from ..settings import BACK_DATED_DAYS
from . import lookup
from .hands import DUE
from .kind import KIND
from .moments import Moment

Level = Annotated[int, Field(ge=1, le=4, strict=True)]


class Report(Inputs):
    """What can be said when reporting. Only the title is needed."""

    title: str = Field(min_length=1, max_length=250)
    description: str = Field("", max_length=100_000)
    impact: Level = 3
    urgency: Level = 3
    requester: str | None = Field(None, max_length=254)
    organisation: str | None = Field(None, max_length=60)
    service: str | None = Field(None, max_length=60)
    team: str | None = Field(None, max_length=60)
    assignee: str | None = Field(None, max_length=254)
    category: str | None = Field(None, max_length=190)
    channel: Literal[CHANNELS] | None = None  # type: ignore[valid-type]
    affected_users: int = Field(1, ge=0, le=10_000_000, strict=True)
    reported_at: Moment | None = Field(
        None, description="When the contact was made, if it is written down later: promises count from then."
    )
    detected_at: Moment | None = Field(
        None, description="When monitoring saw it, where a promise counts from then (domain.md 5.6)."
    )


@dataclass(frozen=True, slots=True)
class _Places:
    requester_id: int
    organisation_id: int
    works_here: bool


def report(actor: Actor, inputs: Report, *, now: datetime | None = None) -> Opened:
    """Open an incident. Raises Forbidden or Invalid; then nothing is made."""
    if actor.read_only or (actor.token_scopes and "records.work" not in actor.token_scopes):
        raise Forbidden(_("This token may only read."))
    moment = now or datetime.now(UTC)
    with transaction.atomic():
        places = _places(actor, inputs)
        category = lookup.category(inputs.category, places.organisation_id) if inputs.category else None
        spine, detail = _rows(actor, inputs, places, category, moment)
        said = {"impact": inputs.impact, "urgency": inputs.urgency, **_before(actor, inputs, places, moment)}
        opened = open_record(KIND, actor, spine, said, {"category": detail["category_id"], "major": False})
        _insert_detail(opened.record_id, detail)
        publish_opened(opened)
        if category:
            _bring_tasks(opened, places, category.path, moment)
    return opened


def _bring_tasks(opened: Opened, places: _Places, path: str, now: datetime) -> None:
    """A category brings its tasks along (domain.md 4.2), in the language of the requester."""
    record = Record.objects.get(pk=opened.record_id)
    language = Person.objects.values_list("language", flat=True).get(pk=places.requester_id)
    tasks.filed(record, path, language, now)


def _before(actor: Actor, inputs: Report, places: _Places, now: datetime) -> dict[str, str]:
    """When it was told or seen, where that was before it is written down. How long that takes is the desk's problem and
    not the customer's, so only the desk says it; further back than usual, a lead (domain.md 5.6)."""
    said = {name: at for name in ("reported_at", "detected_at") if (at := getattr(inputs, name)) is not None}
    if not said:
        return {}
    if not places.works_here:
        raise Forbidden(_("Only the desk says when a contact was made."))
    earliest = now - timedelta(days=BACK_DATED_DAYS.get(places.organisation_id))
    for name, at in said.items():
        if at > now:
            raise Invalid.field(name, _("This time has not come yet."))
        if at < earliest and not actor.scope(RECORDS_LEAD).covers(places.organisation_id, None):
            raise Invalid.field(name, _("So far back only a desk lead can write it down."))
    return {name: at.astimezone(UTC).isoformat() for name, at in said.items()}


def _places(actor: Actor, inputs: Report) -> _Places:
    """Whose report it is and where it belongs, and whether the actor works there."""
    requester_id, organisation_id = actor.person_id, actor.organisation_id
    on_behalf = inputs.requester is not None and inputs.requester.lower() != actor.email
    if on_behalf:
        requester: Person = lookup.person(str(inputs.requester), "requester", actor)
        requester_id, organisation_id = requester.pk, requester.organisation_id
    if inputs.organisation is not None:
        organisation_id = lookup.organisation(inputs.organisation).pk
    if requester_id is None or organisation_id is None:
        raise Invalid.field("requester", _("Say whose report this is."))
    scope = actor.scope("records.work")
    works_here = scope.everywhere or organisation_id in scope.organisations | scope.team_organisations
    if inputs.organisation is not None and not works_here and organisation_id != actor.organisation_id:
        # Before every other refusal: what is not theirs must read as what is not there.
        raise Invalid.field(
            "organisation", _("No organisation “%(code)s” is known here.") % {"code": inputs.organisation}
        )
    if on_behalf and not works_here:
        raise Forbidden(_("Only the desk reports on behalf of others."))
    if not works_here and (inputs.team or inputs.assignee):
        raise Forbidden(_("The desk decides who works on a report."))
    return _Places(requester_id, organisation_id, works_here)


def _rows(
    actor: Actor, inputs: Report, places: _Places, category: Category | None, now: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    team = lookup.team(inputs.team, places.organisation_id) if inputs.team else None
    assignee = (
        lookup.assignee(inputs.assignee, places.organisation_id, team.pk if team else None, actor)
        if inputs.assignee
        else None
    )
    service = lookup.service(inputs.service, places.organisation_id) if inputs.service else None
    matrix_id, cells = _matrix(places.organisation_id)
    state = ASSIGNED if team or assignee else NEW
    # An agent who takes a contact for somebody else is its owner from the first word (domain.md 4.1).
    first_touch = places.works_here and actor.person_id != places.requester_id
    spine = {
        "organisation_id": places.organisation_id,
        "title": inputs.title,
        "description": inputs.description,
        "state": state,
        "state_category": INCIDENT.category(state),
        "priority": priority(cells, inputs.impact, inputs.urgency),
        "requester_id": places.requester_id,
        "opened_by_id": actor.person_id,
        "owner_id": actor.person_id if first_touch else (assignee.pk if assignee else None),
        "assignee_id": assignee.pk if assignee else None,
        "team_id": team.pk if team else None,
        "service_id": service.pk if service else None,
        "channel": inputs.channel or {"web": "portal", "api": "api"}.get(actor.channel, "api"),
        "opened_at": now,
        "responded_at": None,
    }
    detail = {
        "impact": inputs.impact,
        "urgency": inputs.urgency,
        "matrix_id": matrix_id,
        "category_id": category.pk if category else None,
        "affected_users": inputs.affected_users,
        "assignee_id": spine["assignee_id"],
        "organisation": places.organisation_id,
        "priority": spine["priority"],
        "moment": now,
    }
    return spine, detail


_MATRIX = """
SELECT m.id, m.cells FROM incidents_prioritymatrix m, people_organisation o
WHERE o.id = %s AND (m.organisation_id IS NULL OR m.organisation_id = ANY(o.path))
ORDER BY array_position(o.path, m.organisation_id) DESC NULLS LAST, m.version DESC LIMIT 1
"""


def _matrix(organisation_id: int) -> tuple[int | None, Any]:
    """The matrix in force for an organisation: its own or the nearest above, else the instance's, else the shipped."""
    row = sql.row(_MATRIX, [organisation_id])
    return (row[0], row[1]) if row else (None, DEFAULT_CELLS)


_DETAIL = f"""
INSERT INTO incidents_incident (record_id, impact, urgency, priority_source, priority_note, matrix_id, category_id,
  affected_users, hold_reason, resolution_code, resolution, cause_code, transfer_count, reopen_count,
  escalation_level, major, routing_dispute, alarm_step, alarm_due_at)
VALUES (%(record_id)s, %(impact)s, %(urgency)s, 'matrix', '', %(matrix_id)s, %(category_id)s, %(affected_users)s,
  '', '', '', '', 0, 0, 0, FALSE, FALSE, 0, CASE WHEN %(assignee_id)s::bigint IS NULL THEN {DUE} END)
"""  # noqa: S608 - an expression of our own


def _insert_detail(record_id: int, detail: dict[str, Any]) -> None:
    sql.execute(_DETAIL, {"record_id": record_id, **detail})


def decided(organisation_id: int, impact: int, urgency: int) -> tuple[int | None, int]:
    """(matrix id, priority) for an impact and urgency under the matrix in force."""
    matrix_id, cells = _matrix(organisation_id)
    return matrix_id, priority(cells, impact, urgency)
