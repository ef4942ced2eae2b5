"""The cast with two calendars, and short ways to an agreement at any place in its life."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from quell.kernel.people.models import Role, RoleGrant
from quell.kernel.testing.cast import Cast, cast
from quell.practices.agreements import facade
from quell.practices.calendars.models import Calendar, CalendarVersion

#: A Monday morning.
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFFICE = {"zone": "Europe/Copenhagen", "weekly": {day: [["08:00", "16:00"]] for day in WEEK[:5]}}
ALWAYS = {"zone": "UTC", "weekly": {day: [["00:00", "24:00"]] for day in WEEK}}


@pytest.fixture
def people(db) -> Cast:
    made = cast()
    for code, document in (("office", OFFICE), ("always", ALWAYS)):
        calendar = Calendar.objects.create(code=code, name=code.title(), organisation=made.gungun)
        CalendarVersion.objects.create(
            calendar=calendar, number=1, kind="weekly", document=document, spec={}, reason="", by=None, at=NOW
        )
    return made


@pytest.fixture
def ann(people):
    return people.actor("ann")


@pytest.fixture
def root(people):
    return people.actor("root")


def target(**more):
    return {"metric": "resolution", "amount": 8 * 3600, "calendar": "office", **more}


class Desk:
    """Ann at work on agreements."""

    def __init__(self, actor):
        self.actor = actor

    def make(self, code="std", *targets, kind="sla", **more):
        """A draft with targets."""
        facade.create(
            self.actor, {"code": code, "name": f"{code} {kind}", "kind": kind, "organisation": "gungun", **more}
        )
        facade.write(self.actor, code, {"targets": list(targets) or [target()], "valid_from": "2026-01-01"})
        return code

    def sign(self, code="std"):
        """Propose what is being written, and sign for both."""
        facade.propose(self.actor, code)
        facade.sign(self.actor, code, {"side": "both"})

    def active(self, code="std", *targets, **more):
        """An agreement in force since January."""
        self.make(code, *targets, **more)
        self.sign(code)
        return code

    def next(self, code="std", **content):
        """The next version, written."""
        facade.draft(self.actor, code)
        facade.write(self.actor, code, content)

    def row(self, code="std"):
        return facade.agreement(self.actor, code)

    def states(self, code="std"):
        """By number."""
        return {one["number"]: one["state"] for one in self.row(code)["versions"]}


@pytest.fixture
def desk(ann):
    return Desk(ann)


@pytest.fixture
def manager(people):
    """Paul may do nothing but look after agreements."""
    role = Role.objects.create(code="service-manager", name="Service manager", capabilities=["agreements.manage"])
    RoleGrant.objects.create(person=people.paul, role=role, organisation=people.gungun)
    return people.actor("paul")
