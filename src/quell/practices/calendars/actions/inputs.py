"""What can be said about calendars and holiday sets."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field, model_validator

from quell.kernel.actions.directory.inputs import Code, Flag, Name
from quell.kernel.actions.registry import Inputs

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
CalendarKind = Literal["weekly", "union", "intersection"]
DateKind = Literal["closed", "special", "make_up"]
SourceKind = Literal["hand", "country", "feed"]
#: From and to, as the clock on the wall shows: `["08:00", "16:00"]`; a day ends at 24:00.
Span = Annotated[list[str], Field(min_length=2, max_length=2)]
Spans = Annotated[list[Span], Field(max_length=24)]
Reason = Annotated[str, Field(max_length=500)]
Zone = Annotated[str, Field(max_length=60)]


def _year(value: date) -> date:
    if not 1970 <= value.year < 2100:
        raise ValueError(_("Only the years %(first)s to %(last)s can be counted.") % {"first": 1970, "last": 2099})
    return value


Day = Annotated[date, AfterValidator(_year)]


class SingleDate(Inputs):
    """One date that differs: `closed`, `special` with its own hours, or `make_up` worked like the weekday `like`."""

    date: Day
    kind: DateKind
    hours: Spans = Field(default_factory=list)
    like: Weekday | None = None
    name: str = Field("", max_length=120)

    @model_validator(mode="after")
    def _whole(self) -> SingleDate:
        if self.kind == "make_up" and self.like is None:
            raise ValueError(_("Say like which weekday this date is worked."))
        if self.kind == "special" and not self.hours:
            raise ValueError(_("Say from when to when it is open on this date."))
        return self


Dates = Annotated[list[SingleDate], Field(max_length=1000)]
Weekly = Annotated[dict[Weekday, Spans], Field(max_length=7)]
Parts = Annotated[list[str], Field(max_length=20)]
SetCodes = Annotated[list[str], Field(max_length=10)]


class CalendarChange(Inputs):
    """Only what is to change. `weekly`, `dates`, `holiday_sets` and `parts` replace what was there. `closed_too`: what
    is over is to be counted anew as well."""

    name: Name | None = None
    kind: CalendarKind | None = None
    zone: Zone | None = None
    weekly: Weekly | None = None
    holiday_sets: SetCodes | None = None
    dates: Dates | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    parts: Parts | None = None
    reason: Reason = ""
    closed_too: Flag = False


class NewCalendar(Inputs):
    """A calendar with weekly hours in a zone, or (`union`, `intersection`) made of others by their codes."""

    code: Code
    name: Name
    organisation: str = Field(min_length=1, max_length=60)
    kind: CalendarKind = "weekly"
    zone: Zone = ""
    weekly: Weekly = Field(default_factory=dict)
    holiday_sets: SetCodes = Field(default_factory=list)
    dates: Dates = Field(default_factory=list)
    valid_from: Day | None = None
    valid_until: Day | None = None
    parts: Parts = Field(default_factory=list)


DayNames = Annotated[dict[Day, Annotated[str, Field(max_length=200)]], Field(max_length=5000)]
MakeUps = Annotated[dict[Day, Weekday], Field(max_length=1000)]
Words = Annotated[str, Field(max_length=20)]


class NewHolidaySet(Inputs):
    """Holidays by hand (`days` with names, `make_up` days with the weekday whose hours they have), of a `country`
    (two letters, perhaps a `subdivision`, names in a `language`), or from the `url` of an iCalendar file."""

    code: Code
    name: Name
    organisation: str = Field(min_length=1, max_length=60)
    source: SourceKind = "hand"
    country: Words = ""
    subdivision: Words = ""
    language: Words = ""
    categories: Annotated[list[Words], Field(max_length=10)] = Field(default_factory=list)
    url: str = Field("", max_length=2000)
    days: DayNames = Field(default_factory=dict)
    make_up: MakeUps = Field(default_factory=dict)


class HolidaySetChange(Inputs):
    """Only what is to change. `days` and `make_up` replace what was there. `closed_too`: what is over is to be counted
    anew as well."""

    name: Name | None = None
    url: str | None = Field(None, max_length=2000)
    days: DayNames | None = None
    make_up: MakeUps | None = None
    reason: Reason = ""
    closed_too: Flag = False


class FeedFile(Inputs):
    """An iCalendar file as text; its dates take the place of what is to come in the set, what is over stays."""

    ics: str = Field(min_length=1, max_length=1_000_000)
    reason: Reason = ""


class Question(Inputs):
    """Like a line of `quell calendar eval`, to a calendar that is kept: when is so much working time over (`due`), or
    how much of the time was worked (`elapsed`)?"""

    op: Literal["due", "elapsed"]
    start: str = Field(max_length=60)
    seconds: int | None = Field(None, strict=True)
    end: str | None = Field(None, max_length=60)
