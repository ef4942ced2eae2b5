"""Asking for more skill (functional) or more authority (hierarchical). Escalation never changes ownership.

More skill is a hand-over: offered, and accepted or returned by whoever gets it (capability IN05). More authority calls
people and leaves the work where it is; each further call climbs one step above those called last (IN06).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config.refusal import Invalid

from ..models import Escalation, Handover
from ..permissions import can_work
from ..queries import leads
from ..rules.lifecycle import ASSIGNED, ON_HOLD
from . import lookup
from .frame import incident_action, move_to, touch
from .hands import offer

FUNCTIONAL, HIERARCHICAL = "functional", "hierarchical"
TIME, AUTHORITY, MONEY = "time", "authority", "money"


class Escalate(Inputs):
    """`to` is a team's code or a person's e-mail. Without it a hierarchical escalation goes to the leads of the team,
    then up the chain of their managers: one step (`time`), to the first who may lead there (`authority`), or to the
    first who decides on so much (`money`, with `amount` and `currency`)."""

    kind: Literal["functional", "hierarchical"]
    to: str | None = Field(None, max_length=254)
    reason: str = Field(min_length=1, max_length=2000)
    authority: Literal["time", "authority", "money"] | None = Field(
        None, description="What a hierarchical escalation needs more of; `time` when nothing is said."
    )
    amount: Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=2)] | None = None
    currency: str | None = Field(None, pattern=r"^[A-Z]{3}$", description="ISO 4217, such as DKK.")


@incident_action("escalate", allowed=can_work, inputs=Escalate)
def escalate(context: Context) -> None:
    """Call for more skill or more authority, with a reason."""
    inputs, detail = context.inputs, context.detail
    context.data |= {"kind": inputs.kind, "reason": inputs.reason}
    if inputs.kind == FUNCTIONAL:
        made = _to_more_skill(context)
    else:
        made = _to_more_authority(context)
    detail.escalation_level += 1
    made.record_id, made.at, made.by_id = context.record.pk, context.now, context.actor.person_id
    made.kind, made.level = inputs.kind, detail.escalation_level
    made.save()
    context.data["level"] = made.level
    touch(context)


def standing(handover: Handover) -> Escalation | None:
    """The escalation a hand-over belongs to, while it stands."""
    return Escalation.objects.select_for_update().filter(handover=handover, ended_at=None).first()


def end(context: Context, escalation: Escalation, ending: str) -> None:
    """It is over: the incident is back on the level it came from."""
    escalation.ended_at, escalation.ended_by_id, escalation.ending = context.now, context.actor.person_id, ending
    escalation.save(update_fields=["ended_at", "ended_by_id", "ending"])
    context.detail.escalation_level = max(context.detail.escalation_level - 1, 0)


def _to_more_skill(context: Context) -> Escalation:
    """The work goes to those who know more, who accept it or give it back; the owner stays."""
    inputs, record, actor = context.inputs, context.record, context.actor
    if inputs.to is None:
        raise Invalid.field("to", _("Say to which team or person."))
    team_id, person_id = record.team_id, None
    if "@" in inputs.to:
        person_id = lookup.assignee(inputs.to, record.organisation_id, None, actor).pk
        if person_id == record.assignee_id:
            raise Invalid.field("to", _("They have it."))
    else:
        team_id = lookup.team(inputs.to, record.organisation_id, "to").pk
        if team_id == record.team_id:
            raise Invalid.field("to", _("The incident is with that team already."))
    made = offer(context, team_id, person_id, reason=inputs.reason)
    if record.state != ON_HOLD:
        move_to(context, ASSIGNED)
    context.data["handover"] = made.pk
    return Escalation(handover=made)


def _to_more_authority(context: Context) -> Escalation:
    """Somebody who can decide is called; the work stays where it is."""
    inputs = context.inputs
    authority = inputs.authority or TIME
    if authority == MONEY and (inputs.amount is None or inputs.currency is None):
        field = "amount" if inputs.amount is None else "currency"
        raise Invalid.field(field, _("Say how much has to be decided about, and in which currency."))
    people = _named(context) if inputs.to is not None else _up_the_chain(context, authority)
    context.data |= {"people": people, "authority": authority}
    made = Escalation(people=people, authority=authority)
    if inputs.amount is not None:
        made.amount, made.currency = inputs.amount, inputs.currency or ""
        context.data |= {"amount": str(inputs.amount), "currency": made.currency}
    return made


def _named(context: Context) -> list[int]:
    return [lookup.person(context.inputs.to, "to", context.actor).pk]


def _up_the_chain(context: Context, authority: str) -> list[int]:
    """Ids of the people called: the leads of the team, or those above whoever was called last."""
    record = context.record
    told = list(
        Escalation.objects.filter(record=record, kind=HIERARCHICAL, ended_at=None).order_by("id").values_list("people")
    )
    known = {person for (people,) in told for person in people}
    last = next((people for (people,) in reversed(told) if people), None)
    start = last or leads.of_queue(record.team_id, record.organisation_id)
    rungs = [rung for rung in leads.chain(start) if rung.person not in known and rung.person != context.actor.person_id]
    fits = _fitting(context, authority, rungs)
    height = next((rung.height for rung in rungs if fits(rung)), None)
    if height is None:
        raise Invalid.field(*_nobody(context, authority, start))
    return sorted(rung.person for rung in rungs if rung.height == height and fits(rung))


def _fitting(context: Context, authority: str, rungs: Sequence[leads.Rung]) -> Callable[[leads.Rung], bool]:
    inputs, record = context.inputs, context.record
    if authority == MONEY:
        return lambda rung: rung.limit is not None and rung.currency == inputs.currency and rung.limit >= inputs.amount
    if authority == AUTHORITY:
        able = leads.with_authority([rung.person for rung in rungs], record.organisation_id, record.team_id)
        return lambda rung: rung.person in able
    return lambda rung: True


def _nobody(context: Context, authority: str, start: Sequence[int]) -> tuple[str, str]:
    """Which field to say it beside, and the sentence."""
    inputs = context.inputs
    if authority == MONEY:
        said: dict[str, Any] = {"amount": f"{inputs.amount:,}", "currency": inputs.currency}
        return "amount", _("Nobody above may decide on %(amount)s %(currency)s. Say whom to call.") % said
    if authority == AUTHORITY:
        return "to", _("Nobody above may lead here. Say whom to call.")
    names = leads.names(list(start))
    if not names:
        return "to", _("There is no lead to call. Say whom to call.")
    return "to", _("Nobody stands above %(names)s in the chain of managers. Say whom to call.") % {"names": names}
