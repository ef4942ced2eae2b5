"""One's own exports: how far they are, and their bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import NotFound
from quell.kernel.files.store import open_stored

from ..models import Export

#: For so long a file can be fetched, and is listed.
KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ExportRow:
    """An export as its person sees it. `total` counts up to 1,001 and then means more."""

    id: int
    kind: str
    query: str
    format: str
    state: str
    done: int
    total: int
    fault: str
    name: str
    created_at: datetime
    finished_at: datetime | None

    @property
    def percent(self) -> int | None:
        """How far it is, None when that cannot be told."""
        return min(100, self.done * 100 // self.total) if 0 < self.total <= 1000 else None


def mine(actor: Actor, limit: int = 20) -> list[ExportRow]:
    """The actor's exports of the last days, newest first."""
    found = Export.objects.filter(person_id=actor.person_id or 0, created_at__gt=datetime.now(UTC) - KEPT)
    return [_shown(row) for row in found.order_by("-pk")[:limit]]


def one(actor: Actor, export_id: int) -> ExportRow:
    """One of the actor's own; raises NotFound."""
    return _shown(_own(actor, export_id))


def content(actor: Actor, export_id: int) -> tuple[str, str, BinaryIO]:
    """(name, format, bytes) of a finished export of one's own; raises NotFound."""
    row = _own(actor, export_id)
    if row.state != Export.State.DONE:
        raise NotFound(_("This file is not written yet."))
    return _name(row), row.format, open_stored(row.sha256)


def _own(actor: Actor, export_id: int) -> Export:
    oldest = datetime.now(UTC) - KEPT
    row = Export.objects.filter(pk=export_id, person_id=actor.person_id or 0, created_at__gt=oldest).first()
    if row is None or not actor.is_agent:
        raise NotFound(_("There is nothing of this number here, or it is not yours to see."))
    return row


def _name(row: Export) -> str:
    return f"{row.kind}s-{row.created_at:%Y-%m-%d-%H%M}.{row.format}"


def _shown(row: Export) -> ExportRow:
    query = row.parameters.get("query", "")
    return ExportRow(
        row.pk, row.kind, query, row.format, row.state, row.done, row.total, row.fault, _name(row), row.created_at,
        row.finished_at,
    )  # fmt: skip
