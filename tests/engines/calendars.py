"""The calendars of domain.md 7, for the tests of working time and clocks."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from quell.engines.businesstime.calendar import DAY, HOUR, WorkCalendar
from quell.engines.businesstime.combining import UNION, Combined
from quell.engines.businesstime.timetable import Timetable

CPH, SHA = ZoneInfo("Europe/Copenhagen"), ZoneInfo("Asia/Shanghai")
EIGHT_TO_FOUR = dict.fromkeys(range(5), ((8 * HOUR, 16 * HOUR),))
NINE_TO_SIX = dict.fromkeys(range(5), ((9 * HOUR, 12 * HOUR), (13 * HOUR, 18 * HOUR)))


def dates(text: str, year: int) -> list[date]:
    """`2.4 3.4` as dates of a year, day before month."""
    return [date(year, int(word.split(".")[1]), int(word.split(".")[0])) for word in text.split()]


DANISH = dict.fromkeys(dates("1.1 2.4 3.4 5.4 6.4 14.5 24.5 25.5 25.12 26.12", 2026), "helligdag")
#: 2026 by the notice of the State Council; 2004 as domain.md S23 has it.
CHINESE = dict.fromkeys(
    [
        *dates("1.1 2.1 3.1 4.4 5.4 6.4 1.5 2.5 3.5 4.5 5.5 19.6 20.6 21.6 25.9 26.9 27.9", 2026),
        *(date(2026, 2, day) for day in range(15, 24)),
        *(date(year, 10, day) for day in range(1, 8) for year in (2004, 2026)),
    ],
    "假期",
)
MAKE_UP = dict.fromkeys([*dates("4.1 14.2 28.2 9.5 20.9 10.10", 2026), *dates("9.10 10.10", 2004)], 0)

CPH8 = WorkCalendar("Europe/Copenhagen", EIGHT_TO_FOUR, DANISH)
SHA8 = WorkCalendar("Asia/Shanghai", NINE_TO_SIX, CHINESE, MAKE_UP)
ROUND_THE_CLOCK = WorkCalendar("Europe/Copenhagen", dict.fromkeys(range(7), ((0, DAY),)))
SUN = Combined(UNION, (CPH8, SHA8))

TIMETABLES = {name: Timetable(calendar) for name, calendar in {
    "CPH8": CPH8, "SHA8": SHA8, "24x7": ROUND_THE_CLOCK, "sun": SUN,
}.items()}  # fmt: skip


def cph(text: str, year: int = 2026) -> datetime:
    """`2 Mar 09:00` in Copenhagen."""
    return _at(text, year, CPH)


def sha(text: str, year: int = 2026) -> datetime:
    """`2 Mar 09:00` in Shanghai."""
    return _at(text, year, SHA)


def _at(text: str, year: int, zone: ZoneInfo) -> datetime:
    shape = "%d %b %H:%M:%S %Y" if text.count(":") == 2 else "%d %b %H:%M %Y"
    return datetime.strptime(f"{text} {year}", shape).replace(tzinfo=zone)
