"""A database that several connections see: a worker reads only what is committed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from quell.project.database_url import with_database
from quell.project.preparation import schema_stamp

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A fresh copy of the migrated template for one test, thrown away after it. Emptying the shared one instead, as
    transactional tests do, would take the rows with it that migrations ship."""
    before, url = settings.DATABASES["default"]["NAME"], os.environ["DATABASE_URL"]
    name = f"{before}_own"
    with closing(psycopg.connect(with_database(url, "postgres"), autocommit=True)) as maintenance:
        maintenance.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        maintenance.execute(f'CREATE DATABASE "{name}" TEMPLATE "quell_template_{schema_stamp()}"')
        _use(name)
        try:
            with django_db_blocker.unblock():
                yield
        finally:
            _use(before)
            maintenance.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _use(name: str) -> None:
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name
