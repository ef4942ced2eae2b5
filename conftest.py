"""For every test of the house, below tests/ and below src/: the database is a copy of a migrated template."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from pytest_django.plugin import blocking_manager_key

from quell.project import compiled_once
from quell.project.testing_database import migrated_copy

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker


def pytest_configure() -> None:
    compiled_once.begin()


def pytest_unconfigure() -> None:
    compiled_once.end()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """In place of pytest-django's, which would migrate anew in every process (testing_database.py)."""
    from django.db import connection

    with django_db_blocker.unblock(), migrated_copy():
        rows = json.loads(connection.creation.serialize_db_to_string())
        # Django makes its own rows again by itself.
        own = [row for row in rows if not row["model"].startswith(("auth.", "contenttypes."))]
        _brought_by_migrations.append(json.dumps(own))
        with django_db_blocker.block():
            yield


_brought_by_migrations: list[str] = []


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests come in random order (pytest-randomly), but those of a directory together: several directories have a
    house with a server and a browser in it, which would be built and torn down at every change of place. The longest
    single tests come first, or one process would sit over them when the other has nothing left."""
    places = {place: at for at, place in enumerate(dict.fromkeys(item.path.parent for item in items))}

    def order(item: pytest.Item) -> tuple[bool, int]:
        long = item.path.parent.name == "operations" or item.get_closest_marker("slow") is not None
        return not long, places[item.path.parent]

    items.sort(key=order)


@pytest.fixture(scope="session", autouse=True)
def pages_are_seen() -> Iterator[None]:
    """A test client's answer knows what its page was drawn from (`answer.context`), which Django itself says only of
    templates in its own language. No context may hide a function of the templates behind a value of the same name."""
    from django.test.signals import template_rendered

    from quell.kernel.ui import jinja

    gather = jinja.Page.values

    def seen(page: jinja.Page, context: Any, request: Any) -> dict[str, Any]:
        values = gather(page, context, request)
        hidden = values.keys() & {*jinja.FUNCTIONS, "ui", "_"}
        assert not hidden, f"{page.name} is given {hidden}, which are functions of the templates"
        template_rendered.send(sender=page, template=page, context=values)
        return values

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja.Page, "values", seen)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Tests that really commit are followed by emptied tables. What the migrations brought (roles, categories) is put
    back at once, and not before the next test: its module may have fixtures, which are set up before everything that
    could be done for a single test."""
    yield
    marker = item.get_closest_marker("django_db")
    commits = bool(marker and marker.kwargs.get("transaction"))
    if nextitem is None or not (commits or "transactional_db" in getattr(item, "fixturenames", ())):
        return
    from django.db import connection

    with item.config.stash[blocking_manager_key].unblock():
        connection.creation.deserialize_db_from_string(_brought_by_migrations[0])
