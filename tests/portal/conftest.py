"""The cast at the portal: Claire and Paul of Gungun report, Amira works, Sam belongs to another company."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from quell.kernel.people.models import Person
from quell.kernel.testing.cast import Cast, cast
from quell.practices.incidents import facade as incidents

Enter = Callable[[Person], Client]


@pytest.fixture
def people(db: None) -> Cast:
    """Everybody, in their places."""
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
def number(people: Cast) -> str:
    """An incident Claire reported."""
    return incidents.report(people.actor("claire"), {"title": "VPN drops", "description": "Every few minutes."})
