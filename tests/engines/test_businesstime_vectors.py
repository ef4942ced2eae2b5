"""Working-time sums that other libraries' authors wrote down: moment-business-time and businesstime.

The vectors are data of third parties and not part of this repository: they are read from `shared/data/calendars`
beside it, or from where QUELL_SHARED_DATA says. Left out, because they ask for what Quell does not have: subtracting
days, months as a unit, a unit that does not exist.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from quell.engines.businesstime.calendar import HOLIDAY, HOUR, WorkCalendar
from quell.engines.businesstime.days import same_time_after
from quell.engines.businesstime.timetable import Timetable

PLACE = Path(os.environ.get("QUELL_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"), "calendars")
VECTORS = PLACE / "business_time_vectors.json"
NINE_TO_FIVE = dict.fromkeys(range(5), ((9 * HOUR, 17 * HOUR),))
UNITS = {
    "day": 8 * timedelta(hours=1), "hour": timedelta(hours=1), "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1), "millisecond": timedelta(milliseconds=1),
}  # fmt: skip

pytestmark = pytest.mark.skipif(not VECTORS.exists(), reason=f"{VECTORS} is not there")


def vectors(source: str) -> list[dict[str, Any]]:
    return json.loads(VECTORS.read_text())[source] if VECTORS.exists() else []


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def unit(name: str) -> timedelta | None:
    return UNITS.get(name.removesuffix("s"))


def known(vector: dict[str, Any]) -> bool:
    counted = vector["args"][1] if len(vector["args"]) > 1 else "hours"
    if counted in ("epochs", "months"):
        return False
    backwards = vector["op"] == "subtractWorkingTime" or (vector["args"] and vector["args"][0] == -1)
    return not (backwards and counted in ("day", "days"))


def begun(vector: dict[str, Any]) -> datetime:
    """When it starts. Where time is subtracted from 26 February 10:12:34 the collection noted the wrong start: the
    suite sets 16:12:34 there, as its case of an unknown unit, which changes nothing, shows."""
    if vector["op"] == "subtractWorkingTime" and vector["start"] == "2015-02-26T10:12:34":
        return moment("2015-02-26T16:12:34")
    return moment(vector["start"])


MOMENT = [vector for vector in vectors("moment_business_time") if known(vector)]


@pytest.mark.parametrize("vector", MOMENT, ids=lambda vector: f"{vector['op']} {vector['args']}")
def test_moment_business_time(vector: dict[str, Any]) -> None:
    assert vector["calendar"] == {"days": "Mon-Fri", "hours": [["09:00", "17:00"]], "holidays": []}
    timetable = Timetable(WorkCalendar("UTC", NINE_TO_FIVE))
    assert answer(timetable, vector) == (
        moment(vector["expected"]) if isinstance(vector["expected"], str) else vector["expected"]
    )


def answer(timetable: Timetable, vector: dict[str, Any]) -> datetime | float | bool | None:
    op, args, begin = vector["op"], vector["args"], begun(vector)
    midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = midnight + timedelta(days=1)
    if op == "isWorkingDay":
        return timetable.elapsed(midnight, tomorrow) > timedelta(0)
    if op == "isWorkingTime":
        return timetable.is_open(begin)
    if op == "nextWorkingTime":
        return timetable.next_open(begin)
    if op == "lastWorkingTime":
        return timetable.last_open(begin)
    if op == "nextWorkingDay":
        found = timetable.next_open(tomorrow)
        return found and found.replace(hour=0)
    if op == "workingDiff":
        # Its sign is start minus argument; whole units unless the last argument asks for fractions.
        passed = timetable.elapsed(moment(args[0]), begin) / (unit(args[1]) or timedelta(1))
        return passed if len(args) > 2 else float(int(passed))
    if args[1] in ("day", "days"):
        found = same_time_after(timetable, begin, args[0])
        return found and found.replace(hour=0, minute=0, second=0)  # it tells the date only
    amounts = zip(args[::2], args[1::2], strict=True)
    amount = sum((count * (unit(name) or timedelta(0)) for count, name in amounts), timedelta())
    return timetable.add(begin, amount) if op == "addWorkingTime" else timetable.subtract(begin, amount)


def nth(year: int, month: int, weekday: int, count: int) -> date:
    """The count-th such weekday of a month; the last when count is 0."""
    days = [day for n in range(1, 32) if (day := date(year, month, 1) + timedelta(n - 1)).month == month]
    return [day for day in days if day.weekday() == weekday][count - 1]


def federal(year: int) -> list[date]:
    """Holidays of the United States' federal government, moved to Friday or Monday where they fall on a weekend."""
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    moving = [
        nth(year, 1, 0, 3), nth(year, 2, 0, 3), nth(year, 5, 0, 0), nth(year, 9, 0, 1), nth(year, 10, 0, 2),
        nth(year, 11, 3, 4),
    ]  # fmt: skip
    return moving + [day + timedelta({5: -1, 6: 1}.get(day.weekday(), 0)) for day in fixed]


@pytest.mark.parametrize("vector", vectors("businesstime"), ids=lambda vector: f"{vector['op']} {vector['args']}")
def test_businesstime(vector: dict[str, Any]) -> None:
    assert (vector["business_hours"], vector["weekends"]) == (["09:00:00", "17:00:00"], [5, 6])
    holidays = {
        "USFederalHolidays": [day for year in range(2013, 2020) for day in federal(year)],
        "['2014-01-01']": [date(2014, 1, 1)],
        "NoneType": [],
    }[str(vector["holiday_calendar"])]
    calendar = WorkCalendar("UTC", NINE_TO_FIVE, dict.fromkeys(holidays, "holiday"))
    first, *more = [moment(text) for text in vector["args"]]
    if vector["op"] == "isholiday":
        assert (calendar.day(first.date()).because == HOLIDAY) is vector["result"]
    elif vector["op"] == "isduringbusinesshours":
        assert Timetable(calendar).is_open(first) is vector["result"]
    else:
        seconds = vector["result"]["seconds"]
        if vector["op"] == "businesstimedelta":  # writes a working day of eight hours as a day of 24
            days, rest = divmod(abs(seconds), 86400)
            seconds = (days * 8 * HOUR + rest) * (1 if seconds >= 0 else -1)
        assert Timetable(calendar).elapsed(first, more[0]) == timedelta(seconds=seconds)
