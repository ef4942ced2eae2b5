"""The calendars of the demonstration company: its offices' holidays, hours in both zones, and round the clock."""

from __future__ import annotations

from typing import Any

from quell.kernel.access.actor import Actor
from quell.practices.calendars import facade as calendars

from . import office
from .company import CODE

WEEK = ("mon", "tue", "wed", "thu", "fri")
#: Years whose Christmas Eve and New Year's Eve are half days.
YEARS = range(2025, 2029)
#: Holiday sets by code: name and country.
SETS = {"denmark": ("Denmark", "DK"), "china": ("China", "CN")}


def calendars_of(chief: Actor) -> None:
    """Make them, once, in the caller's transaction."""
    for code, (name, country) in SETS.items():
        facts = {"name": name, "organisation": CODE, "source": "country", "country": country}
        calendars.create_set(chief, {"code": code, **facts})
    for calendar in _written():
        calendars.create(chief, {"organisation": CODE, **calendar})


def _written() -> list[dict[str, Any]]:
    desk = [[begin.strftime("%H:%M"), end.strftime("%H:%M")] for begin, end in office.SPANS]
    eves = [
        {"date": f"{year}-12-{day}", "kind": "special", "hours": [["08:00", "12:00"]], "name": name}
        for year in YEARS
        for day, name in ((24, "Juleaften"), (31, "Nytårsaften"))
    ]
    return [
        {"code": "always", "name": "Always (24×7)", "zone": "Europe/Copenhagen",
         "weekly": _every((*WEEK, "sat", "sun"), [["00:00", "24:00"]])},
        {"code": "office-hours", "name": "Office hours", "zone": "Europe/Copenhagen", "weekly": _every(WEEK, desk),
         "holiday_sets": ["denmark"], "dates": eves},
        {"code": "office-hours-shanghai", "name": "Office hours, Shanghai", "zone": "Asia/Shanghai",
         "weekly": _every(WEEK, [["09:00", "12:00"], ["13:00", "18:00"]]), "holiday_sets": ["china"]},
        {"code": "both-offices", "name": "Either office", "kind": "union",
         "parts": ["office-hours", "office-hours-shanghai"]},
    ]  # fmt: skip


def _every(days: tuple[str, ...], spans: list[list[str]]) -> dict[str, list[list[str]]]:
    return {day: [list(span) for span in spans] for day in days}
