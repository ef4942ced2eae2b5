"""What is to be told about a clock, and when to look at it next (domain.md 5.3, and the matrix of 4.2)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from .state import Instance, Row, Warning


def to_tell(instance: Instance | Row, told: Collection[int], now: datetime) -> Warning | None:
    """The warning to give now, if any: of those whose moment has come, the highest, unless one as high was given
    before. Lower ones are passed over for good: when several have come at once, because nobody looked or a calendar
    was edited, one word is enough. `told` are the percents given for this instance."""
    highest = max(told, default=0)
    come = [one for one in instance.warnings if one.at is not None and one.at <= now and one.percent > highest]
    return come[-1] if come else None


def next_look(instance: Instance | Row, told: int, *, breach_told: bool) -> datetime | None:
    """When something may be to say: the next warning above the highest percent `told`, or the breach. A moment that
    has passed means at once; None: nothing, until something happens to the record, which the end of a wait does."""
    if instance.stopped_at is not None:
        return None
    moments = [one.at for one in instance.warnings if one.at is not None and one.percent > told]
    if instance.breaches_at is not None and not breach_told:
        moments.append(instance.breaches_at)
    return min(moments, default=None)
