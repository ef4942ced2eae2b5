"""What a step of the escalation matrix does to a record beside telling people: one of the record's own verbs, done by
the house because the promise runs out (capability SL08)."""

from __future__ import annotations

import logging
from dataclasses import replace

from quell.kernel.access.actor import HOUSE
from quell.kernel.actions.run import run
from quell.kernel.config.refusal import Refusal
from quell.kernel.records.models import OPEN, Record

from ..models import EscalationStep

logger = logging.getLogger("quell.clocks")


def act(record_id: int, entry_id: int, step_id: int) -> None:
    """Do the verb of a step, once for the line that called for it. What is no longer open is left alone, and what the
    verb itself refuses (already assigned, already so urgent) has come about by other hands."""
    step = EscalationStep.objects.filter(pk=step_id, active=True).first()
    record = Record.objects.filter(pk=record_id, state_category__in=OPEN).first()
    if step is None or record is None:
        return
    actor = replace(HOUSE, channel="rule", request_id=f"clock:{entry_id}")
    try:
        run(f"{record.kind}s.{step.verb}", actor, record.number, step.inputs)
    except Refusal as refusal:
        logger.info("%s: the step at %s %% was refused: %s", record.number, step.percent, refusal.sentence)
