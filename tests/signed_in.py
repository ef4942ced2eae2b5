"""Everybody of the cast, signed in at the pages: fixtures for the rooms whose tests go through a browser's requests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from quell.kernel.testing.cast import Cast, cast

Door = Callable[[str], Client]


@pytest.fixture
def folk(db: None) -> Cast:
    """The cast."""
    return cast()


@pytest.fixture
def as_(folk: Cast) -> Door:
    """A browser in which somebody of the cast is signed in: `as_("ann")`."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(getattr(folk, name), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
