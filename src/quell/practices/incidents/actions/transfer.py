"""Handing an incident over, with the reason, a note and what has been done; and calling the lead when it goes round in
circles (domain.md 4.1)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config import sql
from quell.kernel.config.refusal import Conflict, Invalid, WrongState
from quell.kernel.records.models import Note

from ..permissions import can_lead, can_work, can_work_while_open
from ..queries import leads
from ..rules.handover import bounces_back, needs_lead, reasons
from ..settings import TRANSFER_LIMIT, TRANSFER_REASONS
from . import lookup
from .frame import incident_action, touch
from .hands import offer


class Transfer(Inputs):
    """Where to (a team, a person, or both) and why: words, a code from the list, or both. The owner stays."""

    team: str | None = Field(None, max_length=60)
    assignee: str | None = Field(None, max_length=254)
    reason: str = Field("", max_length=2000)
    reason_code: str = Field("", max_length=40)
    note: str = Field("", max_length=20_000, description="What the receiver has to know.")
    done: str = Field("", max_length=20_000, description="What has been done already.")


class Dispute(Inputs):
    """Which team somebody thinks it belongs to, and why."""

    team: str | None = Field(None, max_length=60)
    reason: str = Field("", max_length=2000)


class Disputed(Conflict):
    """409: it has changed teams too often; the lead decides where it goes."""

    code = "routing_dispute"


@incident_action("transfer", allowed=can_work, inputs=Transfer)
def transfer(context: Context) -> None:
    """Hand over to another team, with a reason. Whoever took the first contact stays the owner."""
    inputs, record, detail = context.inputs, context.record, context.detail
    _reason(context)
    team_id, person_id = _target(context)
    moves = team_id != record.team_id
    if moves:
        _within_limit(context)
        context.data |= _if_ping_pong(context, team_id)
        detail.transfer_count += 1
    made = offer(context, team_id, person_id, reason=inputs.reason, reason_code=inputs.reason_code)
    detail.routing_dispute = False
    context.data |= {"reason": inputs.reason, "reason_code": inputs.reason_code, "handover": made.pk}
    _note(context)
    touch(context)


def _reason(context: Context) -> None:
    inputs = context.inputs
    if not (inputs.reason or inputs.reason_code):
        raise Invalid.field("reason", _("Say why it goes to them."))
    known = reasons(TRANSFER_REASONS.get(context.record.organisation_id))
    if inputs.reason_code and inputs.reason_code not in known:
        raise Invalid.field("reason_code", _("Choose one of: %(choices)s.") % {"choices": ", ".join(known)})


def _target(context: Context) -> tuple[int | None, int | None]:
    """(team, person) it goes to; a person without a team stays within the present one."""
    inputs, record = context.inputs, context.record
    if not (inputs.team or inputs.assignee):
        raise Invalid.field("team", _("Say to which team or person."))
    team_id = lookup.team(inputs.team, record.organisation_id).pk if inputs.team else record.team_id
    person_id = None
    if inputs.assignee:
        person_id = lookup.assignee(inputs.assignee, record.organisation_id, team_id, context.actor).pk
    if (team_id, person_id) == (record.team_id, None if inputs.team and not inputs.assignee else record.assignee_id):
        field = "team" if inputs.team else "assignee"
        raise Invalid.field(field, _("The incident is with that team already.") if inputs.team else _("They have it."))
    return team_id, person_id


def _within_limit(context: Context) -> None:
    """Beyond the limit only the lead decides. The refusal is written down by whoever called (the facade)."""
    record, actor = context.record, context.actor
    limit = TRANSFER_LIMIT.get(record.organisation_id)
    if actor.is_house or not needs_lead(context.detail.transfer_count, limit) or can_lead(actor, record):
        return
    people = leads.of_queue(record.team_id, record.organisation_id)
    sentence = _("This has been handed over %(times)d times. Where it goes now is for the lead to say: %(names)s.")
    values = {"times": context.detail.transfer_count, "names": leads.names(people) or "?"}
    raise Disputed(sentence % values)


def _if_ping_pong(context: Context, target: int | None) -> dict[str, Any]:
    """Back to a team that had it before: flagged at once, and the lead hears of it."""
    record = context.record
    before = sql.rows("SELECT from_team_id FROM incidents_handover WHERE record_id = %s", [record.pk])
    if not bounces_back([row[0] for row in before], record.team_id, target):
        return {}
    people = {*leads.of_queue(record.team_id, record.organisation_id), *leads.of_team(target)}
    if record.owner_id is not None:
        people.add(record.owner_id)
    return {"ping_pong": True, "people": sorted(people)}


def _note(context: Context) -> None:
    """What the receiver has to know stands in the history as a note among colleagues."""
    inputs = context.inputs
    done = _("Done so far:") + f" {inputs.done}" if inputs.done else ""
    body = "\n\n".join(part for part in (inputs.note, done) if part)
    if not body:
        return
    note = Note.objects.create(
        record=context.record,
        author_id=context.actor.person_id,
        body=body,
        channel=context.actor.channel,
        created_at=context.now,
    )
    context.data["note"] = note.pk
    context.index_internal.append(body)


@incident_action("dispute", allowed=can_work_while_open, inputs=Dispute, moves=False)
def dispute(context: Context) -> None:
    """Call the lead to say where it belongs."""
    inputs, record = context.inputs, context.record
    if context.detail.routing_dispute:
        raise WrongState(_("The lead has been called already."))
    team_id = lookup.team(inputs.team, record.organisation_id).pk if inputs.team else None
    people = {*leads.of_queue(record.team_id, record.organisation_id)}
    if record.owner_id is not None:
        people.add(record.owner_id)
    context.detail.routing_dispute = True
    context.data |= {"reason": inputs.reason, "wanted_team": team_id, "people": sorted(people)}
