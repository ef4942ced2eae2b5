"""The front door of the calendars: what pages, API, agreements and clocks may ask and do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from pydantic import BaseModel

from quell.engines import calendar_questions
from quell.engines.businesstime.calendar import WorkCalendar
from quell.engines.businesstime.faults import CalendarFault
from quell.engines.businesstime.timetable import Timetable
from quell.engines.clock.faults import ClockFault
from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import Invalid, NotFound

from .actions import calendar as calendars_done
from .actions import consequences, deactivate, holiday_set, refresh
from .actions.inputs import Question
from .permissions import can_manage
from .queries import listing, sentences, showing
from .queries import timetables as reading
from .rules import countries as known_countries

Row: TypeAlias = listing.Row
Asked: TypeAlias = listing.Asked
Data: TypeAlias = Mapping[str, Any] | BaseModel
Proposal: TypeAlias = consequences.Proposal
Consequence: TypeAlias = consequences.Consequence
Consequences: TypeAlias = consequences.Consequences
Applied: TypeAlias = consequences.Applied
Preview: TypeAlias = calendars_done.Preview
Told: TypeAlias = showing.Told
#: Registries for the rooms above, called from their wiring: who can say what a change would do, and who follows one.
foresee = consequences.foresee
when_applied = consequences.when_applied
#: The sentence of a fault of the engines of calendars and clocks; a day of the week in words; a feed's trouble.
sentence = sentences.sentence
day_name = sentences.day_name
feed_trouble = sentences.feed_trouble


# For whoever counts.


#: The newest revision as an expression of SQL, for whoever asks for it along with something else.
LATEST = reading.LATEST


def latest() -> int:
    """The newest revision of all calendars; 0 when there is none."""
    return reading.latest()


def timetables(as_of: int | None = None) -> Mapping[str, Timetable]:
    """All calendars by code as they were at a revision (None: the newest), each built when it is asked for.

    A code that did not exist then raises KeyError; a calendar that cannot be meant any more raises CalendarFault, and
    harms no other. One small statement; none when `as_of` is given and was asked for before.
    """
    return reading.timetables(as_of)


def names(codes: Collection[str]) -> dict[str, str]:
    """What calendars are called, by code; for whoever may see what is counted by them."""
    return listing.names(codes)


# Calendars.


def calendar(actor: Actor, code: str) -> Row:
    """One calendar with what it says now (`spec`); raises NotFound."""
    return _there(listing.calendar(actor, code), code)


def calendars(actor: Actor, asked: Asked) -> list[Row]:
    """A page of calendars by code, one more than the limit when there are more."""
    return listing.calendars(actor, asked)


def versions(actor: Actor, code: str, *, before: int | None = None, limit: int = 50) -> list[Row]:
    """What a calendar said since when, by whom and why, newest first; raises NotFound."""
    calendar(actor, code)
    return listing.versions(code, before, limit)


def used_by(actor: Actor, *, calendar: str = "", holiday_set: str = "") -> list[Row]:
    """The calendars made of a calendar, or using a holiday set: `code` and `name`."""
    return listing.used_by(actor, part=calendar, holiday_set=holiday_set)


def may_manage(actor: Actor, organisation_id: int) -> bool:
    """May the actor change the calendars of an organisation?"""
    return bool(can_manage(actor, organisation_id))


def create(actor: Actor, data: Data) -> str:
    """A new calendar; returns its code. Raises Invalid, Forbidden, Conflict."""
    return calendars_done.create(actor, data)


def edit(actor: Actor, code: str, data: Data, *, version: int | None = None) -> Consequences | None:
    """Change what is given; returns what came of it for open promises. Raises NotFound, Forbidden, Invalid, Stale."""
    return calendars_done.edit(actor, code, data, version=version)


def preview(actor: Actor, code: str, data: Data) -> Preview:
    """What that change would do; nothing is kept. Raises as `edit`."""
    return calendars_done.preview(actor, code, data)


def set_active(actor: Actor, code: str, active: bool, *, version: int | None = None) -> None:
    """Into use or out of it; raises NotFound, Forbidden, Stale."""
    deactivate.set_calendar_active(actor, code, active, version=version)


def answer(actor: Actor, code: str, data: Data) -> dict[str, str | int]:
    """A question of `quell calendar eval`, put to a calendar that is kept. Raises NotFound, Invalid."""
    question = parse(Question, data).model_dump(exclude_unset=True)
    calendar(actor, code)
    try:
        return calendar_questions.answered(timetables()[code], question)
    except (CalendarFault, ClockFault) as fault:
        field = str(fault.facts.get("field", "")) or ("seconds" if isinstance(fault, ClockFault) else "body")
        raise Invalid.field(field, sentences.sentence(fault)) from None


def due_after(actor: Actor, code: str, start: datetime, amount: timedelta) -> Told:
    """When so much working time is over, with the sum. Raises NotFound, Invalid."""
    return _told(actor, code, lambda timetable: showing.due_after(timetable, start, amount))


def counted(actor: Actor, code: str, start: datetime, end: datetime) -> Told:
    """How much of the time between two moments was worked, with the sum. Raises NotFound, Invalid."""
    return _told(actor, code, lambda timetable: showing.counted(timetable, start, end))


def year(actor: Actor, code: str, number: int) -> list[showing.Line]:
    """The dates of a year on which something else than the weekly hours holds; none for a combination, whose parts
    tell theirs. Raises NotFound."""
    row = calendar(actor, code)
    source = timetables(row["revision"])[code].source
    return showing.year(source, number, showing.names_of(row["spec"])) if isinstance(source, WorkCalendar) else []


def _told(actor: Actor, code: str, ask: Any) -> Told:
    calendar(actor, code)
    try:
        told: Told = ask(timetables()[code])
    except CalendarFault as fault:
        raise Invalid(sentences.sentence(fault)) from None
    return told


# Holiday sets.


def holiday_set_row(actor: Actor, code: str) -> Row:
    """One holiday set with its dates; raises NotFound."""
    return _there(listing.holiday_set(actor, code), code)


def holiday_sets(actor: Actor, asked: Asked) -> list[Row]:
    """A page of holiday sets by code, one more than the limit when there are more."""
    return listing.holiday_sets(actor, asked)


def create_set(actor: Actor, data: Data) -> str:
    """A new holiday set; returns its code. Raises Invalid, Forbidden, Conflict."""
    return holiday_set.create(actor, data)


def edit_set(actor: Actor, code: str, data: Data, *, version: int | None = None) -> Consequences | None:
    """Change what is given, and all calendars that use it. Raises NotFound, Forbidden, Invalid, Stale."""
    return holiday_set.edit(actor, code, data, version=version)


def preview_set(actor: Actor, code: str, data: Data) -> Preview:
    """What that change would do; nothing is kept. Raises as `edit_set`."""
    return holiday_set.preview(actor, code, data)


def read_file(actor: Actor, code: str, data: Data, *, version: int | None = None) -> int:
    """Take the dates of an iCalendar file into a set; returns how many events were no holidays. Raises NotFound,
    Forbidden, Invalid, Stale."""
    return holiday_set.read_file(actor, code, data, version=version)


def look_again(actor: Actor, code: str, now: datetime) -> Row:
    """Look at the source of a set now; returns the set, whose `trouble` tells what was in the way. Raises NotFound,
    Forbidden."""
    row = holiday_set_row(actor, code)
    holiday_set.frame.must_manage(actor, row["organisation_id"])
    refresh.refresh(row["id"], now, actor)
    return holiday_set_row(actor, code)


def set_set_active(actor: Actor, code: str, active: bool, *, version: int | None = None) -> None:
    """Into use or out of it; raises NotFound, Forbidden, Stale."""
    deactivate.set_set_active(actor, code, active, version=version)


def refresh_all(kind: str, now: datetime) -> int:
    """Look at the sources of all sets of a kind (`feed`, `country`); returns how many said something new."""
    return sum(refresh.refresh(set_id, now) for set_id in refresh.due(kind))


def countries() -> tuple[str, ...]:
    """The codes of the countries whose holidays are known."""
    return known_countries.countries()


def years_kept(today: date) -> range:
    """The years that sets of countries and files reach over."""
    return holiday_set.years_at(today)


def _there(row: Row | None, code: str) -> Row:
    if row is None:
        raise unknown(code)
    return row


def unknown(code: str) -> NotFound:
    """The refusal for what does not exist, or is not the asker's to see."""
    return places.unknown(code)
