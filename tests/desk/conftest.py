"""The cast at the desk: Amira works for the whole company, Jonas and Raj each for one team, Mia leads; Claire and Paul
report; Sam and Stella belong to another company."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from quell.kernel.actions.outbox import UNDO_SECONDS
from quell.kernel.people.models import Person
from quell.kernel.testing.cast import Cast, cast
from quell.practices.incidents import facade
from quell.workspaces.desk import listing, nav

Enter = Callable[[Person], Client]
Report = Callable[..., str]
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Counters and names kept in memory belong to another test's database."""
    nav._kept.clear()
    listing._names.clear()


@pytest.fixture
def people(db: None) -> Cast:
    """Everybody, in their places. Replies go out at once; tests of the outbox say otherwise."""
    UNDO_SECONDS.put(0)
    return cast()


@pytest.fixture
def enter() -> Enter:
    """A browser in which somebody is signed in."""

    def signed_in(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return signed_in


@pytest.fixture
def report(people: Cast) -> Report:
    """Report an incident as Claire."""

    def opened(**facts: Any) -> str:
        data = {"title": "VPN drops", "description": "Every few minutes.", **facts}
        return facade.report(people.actor("claire"), data)

    return opened


@pytest.fixture
def number(report: Report) -> str:
    """An incident Claire reported."""
    return report()


@pytest.fixture
def amira(people: Cast, enter: Enter) -> Client:
    """Amira's browser."""
    return enter(people.amira)
