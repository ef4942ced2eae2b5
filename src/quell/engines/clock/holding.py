"""Who held it, for how long: by person, team, state or supplier (domain.md 5.2, the OLA and UC of each)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from ..businesstime.local import utc
from ..businesstime.timetable import Timetable

Holder = TypeVar("Holder")


@dataclass(frozen=True, slots=True)
class Holding(Generic[Holder]):
    """Somebody held it in `[begin, end)`."""

    holder: Holder
    begin: datetime
    end: datetime


def holdings(handed: Iterable[tuple[datetime, Holder]], end: datetime) -> list[Holding[Holder]]:
    """From "then it went to …" to who held it when, until `end`. To hand it to its holder changes nothing."""
    held: list[Holding[Holder]] = []
    end = utc(end)
    for at, holder in sorted(((utc(at), holder) for at, holder in handed), key=lambda pair: pair[0]):
        if at >= end:
            break
        if held and held[-1].holder == holder:
            continue
        if held:
            held[-1] = Holding(held[-1].holder, held[-1].begin, at)
        held.append(Holding(holder, at, end))
    return [one for one in held if one.begin < one.end]


def totals(held: Iterable[Holding[Holder]], timetable: Timetable) -> dict[Holder, timedelta]:
    """How much open time each held it, all their times together, in the order they first had it."""
    out: dict[Holder, timedelta] = {}
    for one in held:
        out[one.holder] = out.get(one.holder, timedelta()) + timetable.elapsed(one.begin, one.end)
    return out
