"""The alarm for work that nobody holds: the queue is never nobody's (domain.md 4.1)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from quell.kernel.actions.registry import Context
from quell.kernel.config import sql
from quell.kernel.config.refusal import WrongState
from quell.kernel.notify.inbox import settle as settle_notices

from ..permissions import by_itself
from ..queries import leads
from .frame import incident_action
from .hands import DUE

#: First the leads of its team, then everybody who leads in the organisation.
STEPS = 2


@incident_action("alarm", allowed=by_itself, moves=False)
def alarm(context: Context) -> None:
    """Tell the leads that nobody has taken it."""
    record, detail = context.record, context.detail
    if detail.alarm_due_at is None or detail.alarm_due_at > context.now or record.assignee_id is not None:
        raise WrongState(_("Somebody has taken it."))
    step = detail.alarm_step + 1
    people = set(leads.of_queue(record.team_id, record.organisation_id))
    if step >= STEPS:
        people |= set(leads.of_organisation(record.organisation_id))
    context.data |= {"step": step, "people": sorted(people)}
    context.after.append(lambda after: _next_step(after, step))


def _next_step(context: Context, step: int) -> None:
    """After the first step comes the second, as long again; after that there is nobody left to tell. What is said
    again takes the place of what was said: nobody reads twice that it lies there."""
    record = context.record
    values = {
        "record": record.pk,
        "organisation": record.organisation_id,
        "priority": record.priority,
        "moment": context.now,
        "step": step,
    }
    sql.execute(_NEXT if step < STEPS else _LAST, values)
    settle_notices(record.pk, "unassigned", context.now)


_NEXT = f"UPDATE incidents_incident SET alarm_step = %(step)s, alarm_due_at = {DUE} WHERE record_id = %(record)s"  # noqa: S608
_LAST = "UPDATE incidents_incident SET alarm_step = %(step)s, alarm_due_at = NULL WHERE record_id = %(record)s"
