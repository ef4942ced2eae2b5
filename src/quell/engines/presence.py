"""Is somebody here to take work, and if not, who stands in for them? Pure: weekly working hours and substitutes.

Hours are written as on a door, in the person's own zone: `{"mon": [["08:00", "12:00"], ["13:00", "17:00"]], …}`. No
hours at all mean that nobody has said anything: the person counts as here round the clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Week = Mapping[str, Sequence[Sequence[str]]]

#: What keeps somebody from taking work.
INACTIVE, ABSENT, SWITCHED_OFF, OFF_HOURS = "inactive", "absent", "switched_off", "off_hours"

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
_MOST_SPANS = 6


def faults(week: Week) -> list[tuple[str, str]]:
    """What is wrong with a week of working hours: (day, code), empty when nothing. Codes: `day` (no such day),
    `clock` (not a time of day), `order` (ends before it begins), `overlap`, `many`."""
    found: list[tuple[str, str]] = []
    for day, spans in week.items():
        if day not in DAYS:
            found.append((day, "day"))
        elif len(spans) > _MOST_SPANS:
            found.append((day, "many"))
        elif any(len(span) != 2 or not all(_CLOCK.fullmatch(end) for end in span) for span in spans):
            found.append((day, "clock"))
        elif any(begin >= end for begin, end in spans):
            found.append((day, "order"))
        elif any(one[1] > after[0] for one, after in pairwise(sorted(spans, key=_beginning))):
            found.append((day, "overlap"))
    return found


def _beginning(span: Sequence[str]) -> str:
    return span[0]


def on_duty(week: Week, zone: ZoneInfo, now: datetime) -> bool:
    """Does `now` fall into the working hours? Beginnings count, ends do not."""
    if not any(week.values()):
        return True
    there = now.astimezone(zone)
    clock = there.strftime("%H:%M")
    return any(begin <= clock < end for begin, end in week.get(DAYS[there.weekday()], ()))


@dataclass(frozen=True, slots=True)
class Chain:
    """Who does the work of somebody: `person` (None when the chain leads to nobody), the steps from the one asked for,
    and whether it ran in a circle."""

    person: int | None
    steps: tuple[int, ...]
    circle: bool = False


def stand_in(person: int, substitute: Mapping[int, int | None], here: Callable[[int], bool]) -> Chain:
    """Follow the substitutes from `person` to the first who is here. A circle, or an end, leads to nobody."""
    steps = [person]
    at: int | None = person
    while at is not None and not here(at):
        at = substitute.get(at)
        if at in steps:
            return Chain(None, tuple(steps), circle=True)
        if at is not None:
            steps.append(at)
    return Chain(at, tuple(steps))
