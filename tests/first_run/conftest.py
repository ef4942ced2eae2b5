"""The cast, and browsers in which somebody of it is signed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from quell.kernel.actions import demonstration
from quell.kernel.testing.cast import Cast, cast

Door = Callable[[str], Client]


@pytest.fixture
def folk(db: None) -> Cast:
    """The cast."""
    return cast()


@pytest.fixture(autouse=True)
def no_demonstration(monkeypatch: pytest.MonkeyPatch) -> list[demonstration.Demonstration]:
    """The cast's company has the code of the demonstration's; here it is somebody's own. Returns what was known."""
    known = [*demonstration._known]
    monkeypatch.setattr(demonstration, "_known", [])
    return known


@pytest.fixture
def as_(folk: Cast) -> Door:
    """A browser in which somebody of the cast is signed in: `as_("root")`."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(getattr(folk, name), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
