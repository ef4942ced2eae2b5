"""A company with promises: office hours, an SLA by priority, an OLA of the network team, a contract with a supplier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from quell.kernel.actions.run import run
from quell.kernel.testing.cast import Cast, cast
from quell.practices.agreements.actions.revise import bump
from quell.practices.agreements.models import Agreement, Metric, Target, Version
from quell.practices.calendars.models import Calendar, CalendarVersion
from quell.practices.incidents.actions.report import Report, report

#: Monday 2 March 2026, 09:00 in Copenhagen.
MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = 3600
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFFICE = {
    "zone": "Europe/Copenhagen",
    "weekly": {day: [["08:00", "16:00"]] for day in WEEK[:5]},
}
ALWAYS = {"zone": "UTC", "weekly": {day: [["00:00", "24:00"]] for day in WEEK}}


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


def calendar(people: Cast, code: str, document: dict[str, Any]) -> int:
    """A calendar, or the next version of one that is there; returns the revision."""
    made, _new = Calendar.objects.get_or_create(code=code, defaults={"name": code, "organisation": people.gungun})
    number = CalendarVersion.objects.filter(calendar=made).count() + 1
    return CalendarVersion.objects.create(
        calendar=made, number=number, kind="weekly", document=document, spec=document, at=datetime.now(UTC)
    ).pk


def agreement(people: Cast, code: str, kind: str, targets: list[dict[str, Any]], **facts: Any) -> Version:
    """An agreement in force since 2010, with these targets."""
    made = Agreement.objects.create(
        code=code, name=code, kind=kind, organisation=people.gungun, created_at=MONDAY, owner=people.ann, **facts
    )
    version = Version.objects.create(agreement=made, number=1, valid_from=date(2010, 1, 1), created_at=MONDAY)
    for place, facts in enumerate(targets):
        metric = Metric.objects.filter(code=facts.pop("metric")).latest("version")
        usual = {
            "target_kind": "duration", "calendar": "office", "on_change": "carry", "on_reopen": "continue",
            "breach_rule": "elapsed", "warn_at": [50, 75, 90], "goal_percent": 95,
        }  # fmt: skip
        Target.objects.create(version=version, position=place, metric=metric, **{**usual, **facts})
    # What has been agreed is never changed, so it is agreed last.
    version.state, version.in_force_from, version.activated_at = "active", datetime(2010, 1, 1, tzinfo=UTC), MONDAY
    version.save()
    bump()
    return version


@pytest.fixture
def promised(people: Cast) -> Cast:
    """The company with everything promised."""
    calendar(people, "office", OFFICE)
    calendar(people, "always", ALWAYS)
    waits = {"pauses_on": ["requester", "scheduled"]}
    agreement(people, "standard", "sla", [
        {"metric": "response", "amount": 2 * HOUR},
        {"metric": "resolution", "amount": 8 * HOUR, **waits},
        {"metric": "resolution", "amount": 4 * HOUR, "calendar": "always", "priorities": [1], **waits},
    ])  # fmt: skip
    agreement(people, "network-ola", "ola", [{"metric": "handling", "amount": 6 * HOUR}], provider_team=people.network)
    agreement(
        people, "carrier", "uc", [{"metric": "supplier", "amount": 24 * HOUR, "calendar": "always"}], supplier="Carrier"
    )
    return people


Act = Callable[..., Any]


@pytest.fixture
def report_at(promised: Cast) -> Callable[..., str]:
    """Reports an incident of Claire's at a moment; returns its number."""

    def made(at: datetime = MONDAY, who: str = "claire", **facts: Any) -> str:
        return report(promised.actor(who), Report(**{"title": "VPN drops", **facts}), now=at).number

    return made


@pytest.fixture
def act(promised: Cast) -> Act:
    """Does a verb to an incident at so many hours after Monday 09:00."""

    def done(verb: str, number: str, hours: float, who: str = "amira", **inputs: Any) -> Any:
        at = MONDAY + timedelta(hours=hours)
        return run(f"incidents.{verb}", promised.actor(who), number, inputs, now=at)

    return done
