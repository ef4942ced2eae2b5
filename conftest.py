"""For every test of the house, below tests/ and below src/: the database is a copy of a migrated template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from quell.project.testing_database import migrated_copy

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """In place of pytest-django's, which would migrate anew in every process (testing_database.py)."""
    with django_db_blocker.unblock(), migrated_copy(), django_db_blocker.block():
        yield
