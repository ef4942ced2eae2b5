"""Reading one's own batches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import NotFound

from ..models import Batch

#: For so long a batch can be taken back.
UNDO = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class BatchRow:
    """How far a batch is. `refused` and `kept` are {number, sentence}: what was not done, what was not taken back."""

    id: int
    kind: str
    verb: str
    state: str
    total: int
    done: int
    refused: list[dict[str, str]]
    kept: list[dict[str, str]]
    taken_back: int
    undo_until: datetime | None
    may_undo: bool
    created_at: datetime
    finished_at: datetime | None

    @property
    def finished(self) -> bool:
        """Is nothing left to do?"""
        return self.state in ("done", "undone")


def one(actor: Actor, batch_id: int) -> BatchRow:
    """One of the actor's own batches; raises NotFound."""
    row = Batch.objects.filter(pk=batch_id, person_id=actor.person_id or 0).first()
    if row is None:
        raise NotFound(_("There is nothing of this number here, or it is not yours to see."))
    return _shown(row)


def _shown(row: Batch) -> BatchRow:
    until = row.finished_at + UNDO if row.finished_at else None
    ways: list[Any] = [one for one in row.done if one["back"]]
    may = row.state == Batch.State.DONE and bool(ways) and until is not None and datetime.now(UTC) <= until
    return BatchRow(
        row.pk, row.kind, row.verb, row.state, len(row.numbers), len(row.done), list(row.refused), list(row.kept),
        row.taken_back, until if may else None, may, row.created_at, row.finished_at,
    )  # fmt: skip
