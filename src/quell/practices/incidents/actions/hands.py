"""What follows when work changes hands, whatever the verb: the alarm for work that nobody holds, and the end of a
hand-over that has been answered by deeds (domain.md 4.1)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from quell.kernel.actions.registry import Context
from quell.kernel.config import sql
from quell.kernel.notify.inbox import settle as settle_notices
from quell.kernel.records.models import OPEN

from ..models import Handover
from ..rules.lifecycle import ON_HOLD

Work = Callable[[Context], None]

#: Minutes until the first alarm, by priority, from the settings in force: an expression over `organisation`,
#: `priority` and `moment`.
DUE = """%(moment)s::timestamptz + make_interval(mins => coalesce((
  SELECT v.value::text::int FROM config_optionvalue v
  WHERE v.key = 'incidents.unassigned_minutes' || CASE WHEN %(priority)s = 1 THEN '_p1' ELSE '' END
    AND (v.organisation_id IS NULL OR v.organisation_id = %(organisation)s)
  ORDER BY v.organisation_id NULLS LAST LIMIT 1), CASE WHEN %(priority)s = 1 THEN 10 ELSE 30 END))"""

_WATCH = f"""
UPDATE incidents_incident SET alarm_step = 0, alarm_due_at = {DUE} WHERE record_id = %(record)s
"""  # noqa: S608 - fragments of our own
_REST = "UPDATE incidents_incident SET alarm_step = 0, alarm_due_at = NULL WHERE record_id = %(record)s"


def with_hands(work: Work) -> Work:
    """A verb's function, followed by what its outcome means for alarm and hand-over."""

    @wraps(work)
    def whole(context: Context) -> None:
        record = context.record
        before = (record.assignee_id, record.team_id, record.priority)
        work(context)
        waits = record.assignee_id is None and record.state_category in OPEN and record.state != ON_HOLD
        watched = context.detail.alarm_due_at is not None or context.detail.alarm_step > 0
        moved = before != (record.assignee_id, record.team_id, record.priority)
        if waits and (moved or not watched):
            context.after.append(_watch)
        elif watched and not waits:
            context.after.append(_rest)
        if context.detail.handover_id is not None:
            _answered_by_deed(context)

    return whole


def _watch(context: Context) -> None:
    """Nobody holds it from now on: the alarm begins anew."""
    record = context.record
    values = {
        "record": record.pk,
        "organisation": record.organisation_id,
        "priority": record.priority,
        "moment": context.now,
    }
    sql.execute(_WATCH, values)


def _rest(context: Context) -> None:
    """Somebody has it, or it is over: where the alarm has rung, it is taken back from the inboxes."""
    sql.execute(_REST, {"record": context.record.pk})
    if context.detail.alarm_step:
        settle_notices(context.record.pk, "unassigned", context.now)


def _answered_by_deed(context: Context) -> None:
    """Whoever begins to work on what was handed to them has accepted it; what ends or goes elsewhere is settled."""
    record, actor = context.record, context.actor
    handover = Handover.objects.select_for_update().get(pk=context.detail.handover_id)
    if record.state_category not in OPEN:
        settle(context, handover, Handover.State.LAPSED)
    elif actor.person_id is not None and actor.person_id == record.assignee_id and meant_for(handover, context):
        settle(context, handover, Handover.State.ACCEPTED)
    elif (record.team_id, record.assignee_id) != (handover.to_team_id, handover.to_person_id):
        taken = record.team_id == handover.to_team_id and record.assignee_id is not None
        settle(context, handover, Handover.State.ACCEPTED if taken else Handover.State.LAPSED)


def offer(
    context: Context, team_id: int | None, person_id: int | None, *, reason: str, reason_code: str = ""
) -> Handover:
    """Hand the work to a team, a person or both. From now on the receiver may accept it or give it back; an answer
    that was awaited before is not any more. Handing to oneself needs no answer."""
    record, detail = context.record, context.detail
    if detail.handover_id is not None:
        settle(context, Handover.objects.select_for_update().get(pk=detail.handover_id), Handover.State.LAPSED)
    made = Handover.objects.create(
        record=record,
        at=context.now,
        by_id=context.actor.person_id,
        from_team_id=record.team_id,
        from_person_id=record.assignee_id,
        to_team_id=team_id,
        to_person_id=person_id,
        reason_code=reason_code,
        reason=reason,
    )
    record.team_id, record.assignee_id = team_id, person_id
    if person_id is not None and person_id == context.actor.person_id:
        settle(context, made, Handover.State.ACCEPTED)
        return made

    def wait(after: Context) -> None:
        sql.execute("UPDATE incidents_incident SET handover_id = %s WHERE record_id = %s", [made.pk, after.record.pk])
        after.detail.handover_id = made.pk

    context.after.append(wait)
    return made


def meant_for(handover: Handover, context: Context) -> bool:
    """Is the actor the receiver, and not the one who handed it over?"""
    person = context.actor.person_id
    if handover.to_person_id is not None:
        return person == handover.to_person_id
    return person is not None and (person != handover.by_id or _member(handover.to_team_id, person))


def _member(team_id: int | None, person_id: int) -> bool:
    row = sql.row("SELECT 1 FROM people_membership WHERE team_id = %s AND person_id = %s", [team_id or 0, person_id])
    return row is not None


def settle(context: Context, handover: Handover, state: str, **facts: Any) -> None:
    """End a hand-over; the incident waits for nobody's answer any more."""
    handover.state, handover.settled_at, handover.settled_by_id = state, context.now, context.actor.person_id
    for name, value in facts.items():
        setattr(handover, name, value)
    handover.save(update_fields=["state", "settled_at", "settled_by_id", *facts])
    context.detail.handover_id = None
    context.after.append(_forget)


def _forget(context: Context) -> None:
    sql.execute(
        "UPDATE incidents_incident SET handover_id = %s WHERE record_id = %s",
        [context.detail.handover_id, context.record.pk],
    )
