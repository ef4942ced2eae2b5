"""One world for each module of these tests; every test, and every attempt in it, is rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from quell.workspaces.desk import listing, nav

from .addresses import answers_of
from .world import STRANGERS, World, strangers, victim


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Counters and names kept in memory belong to another test."""
    nav._kept.clear()
    listing._names.clear()


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The victim and the intruders. In a module that says `BEFORE`, `world.before` is what strangers saw before the
    victim was there: every address of the product four times."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = strangers()
        if hasattr(request.module, "BEFORE"):
            made.before = {name: answers_of(made[name]) for name in STRANGERS}  # type: ignore[attr-defined]
        nav._kept.clear()
        victim(made)
        yield made
        transaction.set_rollback(True)
