"""Ninety days at Gungun Trading, planned: who reports what when, and what the desk does about it.

A plan is plain data, the same from the same seed and the same moment. `playing.py` does it through the real actions.
Nothing here is tuned to look good: three people work through what comes in, in their own hours, one thing at a time,
so a bad Monday becomes a queue and a month's end becomes late answers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from .colleagues import SITES, Colleague
from .handling import RULES_SINCE, Case, Desk, Telling
from .scenes import Scene, scenes

DAYS = 90
#: Reports on an ordinary working day, and on a day of the weekend (the warehouse works on Saturdays).
PER_DAY, PER_WEEKEND_DAY = 9.0, 0.5
#: Monday is the worst day everywhere, Friday the quietest.
WEEKDAYS = (1.35, 1.1, 1.0, 1.0, 0.75)
#: Share of a day's reports by hour of the reporter's own day.
HOURS = {7: 6, 8: 16, 9: 20, 10: 13, 11: 9, 12: 4, 13: 11, 14: 9, 15: 7, 16: 4, 17: 1}


def plan(random: Random, people: list[Colleague], now: datetime, days: int = DAYS) -> list[Case]:
    """What happened in the days before `now`. Deeds that would lie ahead have not happened yet."""
    desk, cases = Desk(now - RULES_SINCE), list[Case]()
    for at, scene, person in sorted(_reports(random, people, now, days), key=lambda report: report[0]):
        case = Telling(random, desk, scene, person).told(at)
        case.deeds = sorted((deed for deed in case.deeds if deed.at < now), key=lambda deed: deed.at)
        cases.append(case)
    return cases


def _reports(
    random: Random, people: list[Colleague], now: datetime, days: int
) -> Iterator[tuple[datetime, Scene, Colleague]]:
    for ago in range(days, -1, -1):
        day = (now - timedelta(days=ago)).date()
        for scene, person in _of_day(random, people, day):
            at = _moment(random, day, SITES[person.site][0])
            if at < now:
                yield at, scene, person


def _of_day(random: Random, people: list[Colleague], day: date) -> Iterator[tuple[Scene, Colleague]]:
    weekend = day.weekday() > 4
    expected = PER_WEEKEND_DAY if weekend else PER_DAY * WEEKDAYS[day.weekday()] * (1.3 if _month_ends(day) else 1)
    usual = [scene for scene in scenes() if scene.rhythm != "weekly"]
    for scene in random.choices(usual, [_weight(scene, day) for scene in usual], k=_poisson(random, expected)):
        yield scene, _who(random, people, scene)
    for scene in scenes():
        # The fires that burn every week: the same thing, the same place, the same day.
        if scene.rhythm == "weekly" and scene.day == day.weekday():
            for _one in range(random.randint(1, 3)):
                yield scene, _who(random, people, scene)


def _who(random: Random, people: list[Colleague], scene: Scene) -> Colleague:
    return random.choice([one for one in people if not scene.site or one.site == scene.site])


def _weight(scene: Scene, day: date) -> float:
    if scene.rhythm == "monday":
        return scene.weight * (2.5 if day.weekday() == 0 else 0.6)
    if scene.rhythm == "month_end":
        return scene.weight * (5 if _month_ends(day) else 0.4)
    return scene.weight


def _month_ends(day: date) -> bool:
    """The last three days of a month and the first of the next: when the books close."""
    return day.day == 1 or (day + timedelta(days=3)).month != day.month


def _moment(random: Random, day: date, zone: str) -> datetime:
    hour = random.choices(list(HOURS), list(HOURS.values()))[0]
    local = datetime.combine(day, time(hour, random.randint(0, 59), random.randint(0, 59)), ZoneInfo(zone))
    return local.astimezone(UTC)


def _poisson(random: Random, expected: float) -> int:
    limit, count, product = math.exp(-expected), 0, random.random()
    while product > limit:
        count, product = count + 1, product * random.random()
    return count
