"""The front door of the calendars: what pages, API, agreements and clocks may ask and do."""

from __future__ import annotations

from collections.abc import Mapping

from quell.engines.businesstime.timetable import Timetable

from .actions import consequences
from .queries import timetables as reading

Proposal = consequences.Proposal
Consequence = consequences.Consequence
Consequences = consequences.Consequences
Applied = consequences.Applied
#: Registries for the rooms above, called from their wiring: who can say what a change would do, and who follows one.
foresee = consequences.foresee
when_applied = consequences.when_applied


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
