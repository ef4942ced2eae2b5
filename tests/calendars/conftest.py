"""The cast, an office calendar, and a room above that counts promises by calendars."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from quell.kernel.testing.cast import Cast, cast
from quell.practices.calendars import facade
from quell.practices.calendars.actions import consequences
from quell.practices.calendars.queries import timetables

OFFICE_WEEK = {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
OFFICE = {
    "code": "office",
    "name": "Office",
    "organisation": "gungun",
    "zone": "Europe/Copenhagen",
    "weekly": OFFICE_WEEK,
}


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """What a test wrote is taken back; what the process remembers of it must go too."""
    timetables.forget()
    yield
    timetables.forget()


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def office(people: Cast) -> Cast:
    facade.create(people.actor("ann"), OFFICE)
    return people


@dataclass
class Promises:
    """One open promise of eight working hours on a calendar, as a room above would keep it."""

    code: str
    start: datetime
    followed: list[facade.Applied] = field(default_factory=list)

    def foresee(self, proposal: facade.Proposal, actor: object) -> facade.Consequences:
        if self.code not in proposal.codes:
            return consequences.NOTHING
        before, after = (of[self.code].add(self.start, timedelta(hours=8)) for of in (proposal.before, proposal.after))
        moved = int((after - before).total_seconds()) if before and after else None
        one = facade.Consequence("INC-000001", "Printer", "resolution", "Gold", before, after, moved, "")
        return facade.Consequences(1, int(before != after), 0, 0, (one,) if before != after else ())


@pytest.fixture
def promised(monkeypatch: pytest.MonkeyPatch) -> Promises:
    """S30: Monday 2 March 2026, 14:00 in Copenhagen, and eight hours."""
    made = Promises("office", datetime(2026, 3, 2, 13, tzinfo=UTC))
    monkeypatch.setattr(consequences, "_foreseeing", [made.foresee])
    monkeypatch.setattr(consequences, "_following", [made.followed.append])
    return made
