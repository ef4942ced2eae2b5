"""Leaving a broken promise out of the figures, by approval (capability SL14; domain.md 5.8).

Somebody proposes it with a reason, somebody else decides with a word. Where nobody else may decide, or a setting says
that one word is enough, it is accepted at once, and by which rule is recorded (domain.md 1, rule 13).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from quell.kernel.access.actor import Actor
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs
from quell.kernel.actions.run import publish
from quell.kernel.config.refusal import Forbidden, Invalid, WrongState
from quell.kernel.journal.write import write
from quell.kernel.records.models import Record

from ..models import Clock
from ..permissions import can_judge
from ..queries.deciding import deciders
from ..settings import ONE_WORD_EXCLUDES
from . import judging

PROPOSE, DECIDE = "propose_exclusion", "decide_exclusion"
PROPOSED, ACCEPTED, REJECTED = "proposed", "accepted", "rejected"
#: By which rule it was accepted at once: nobody else may decide; one word is enough.
ALONE, ONE_WORD = "alone", "one_word"


class Decision(Inputs):
    """Accepted or rejected, with a word about it; a rejection needs one."""

    accept: Annotated[bool, Field(strict=True, description="Leave it out of the figures?")]
    word: str = Field("", max_length=500, description="Why; needed to reject.")


def propose(actor: Actor, record: Record, clock: Clock, because: str, now: datetime) -> None:
    """Propose to leave out a broken promise, both rows locked and rights asked by the caller. Raises WrongState when it
    has been left out, or proposed by somebody else, already."""
    if clock.excluded_because:
        if clock.excluded_because == because:
            return
        raise WrongState(_("It is left out already. Take that back first."))
    if clock.exclusion == PROPOSED and clock.exclusion_because == because:
        return
    if clock.exclusion == PROPOSED and clock.exclusion_by_id != actor.person_id:
        raise WrongState(_("It has been proposed already, and waits for a decision."))
    others = [one for one in deciders(record.organisation_id, record.team_id) if one != actor.person_id]
    rule = ONE_WORD if ONE_WORD_EXCLUDES.get(record.organisation_id) else ALONE if not others else ""
    clock.exclusion, clock.exclusion_because = ACCEPTED if rule else PROPOSED, because
    clock.exclusion_by_id, clock.exclusion_at, clock.exclusion_rule = actor.person_id, now, rule
    clock.exclusion_word, clock.exclusion_decided_by_id, clock.exclusion_decided_at = "", None, None
    if rule:
        clock.excluded_because = because
        clock.exclusion_decided_by_id, clock.exclusion_decided_at = actor.person_id, now
    clock.save(update_fields=_FIELDS)
    said: dict[str, Any] = {"excluded_because": because, "state": clock.exclusion}
    _note(PROPOSE, actor, record, clock, {**said, "rule": rule} if rule else {**said, "people": others}, now)


def take_back(actor: Actor, record: Record, clock: Clock, now: datetime) -> None:
    """Let it count again, or think no more of leaving it out; both rows locked and rights asked by the caller."""
    if not clock.excluded_because and clock.exclusion != PROPOSED:
        return
    was = clock.excluded_because or clock.exclusion_because or ""
    clock.excluded_because, clock.exclusion = "", None
    clock.save(update_fields=["excluded_because", "exclusion"])
    _note(judging.VERB, actor, record, clock, {"set": {"excluded_because": [was, ""]}}, now)


def decide(
    actor: Actor, number: str, clock_id: int, data: Mapping[str, Any] | BaseModel, *, now: datetime | None = None
) -> None:
    """Accept or reject what somebody else proposed. `data` as `Decision`; raises NotFound, Forbidden (one's own, or
    without the right), WrongState, Invalid."""
    inputs, moment = parse(Decision, data), now or datetime.now(UTC)
    word = inputs.word.strip()
    if not inputs.accept and not word:
        raise Invalid.field("word", _("Say why it counts."))
    with transaction.atomic():
        record, clock = judging.locked(actor, number, clock_id)
        if not (may := can_judge(actor, record)):
            raise Forbidden(may.reason)
        if clock.exclusion != PROPOSED:
            raise WrongState(_("Nothing waits for a decision here."))
        if clock.exclusion_by_id == actor.person_id:
            raise Forbidden(_("Somebody else decides about what you proposed."))
        because = clock.exclusion_because or ""
        clock.exclusion = ACCEPTED if inputs.accept else REJECTED
        clock.excluded_because = because if inputs.accept else ""
        clock.exclusion_word, clock.exclusion_decided_by_id, clock.exclusion_decided_at = word, actor.person_id, moment
        clock.save(update_fields=_FIELDS)
        said = {"excluded_because": because, "state": clock.exclusion, "word": word}
        told = [clock.exclusion_by_id] if clock.exclusion_by_id else []
        _note(DECIDE, actor, record, clock, {**said, "people": told}, moment)


_FIELDS = [
    "excluded_because", "exclusion", "exclusion_because", "exclusion_by", "exclusion_at", "exclusion_rule",
    "exclusion_word", "exclusion_decided_by", "exclusion_decided_at",
]  # fmt: skip


def _note(verb: str, actor: Actor, record: Record, clock: Clock, said: Mapping[str, Any], now: datetime) -> None:
    which = {"clock": clock.pk, "kind": clock.kind, "metric": clock.metric, "number": clock.number}
    entry = write(
        verb,
        actor,
        now,
        record_id=record.pk,
        organisation_id=record.organisation_id,
        data={**which, **said},
        version=record.version,
    )
    publish(record, entry)
