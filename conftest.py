"""For every test of the house, below tests/ and below src/: the database is a copy of a migrated template."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from quell.project.testing_database import migrated_copy

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker


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


@pytest.fixture(autouse=True)
def shipped_rows(request: pytest.FixtureRequest) -> None:
    """Tests that really commit are followed by emptied tables; before the next of them, what the migrations brought
    (roles, categories) is put back. Tests that roll back run before all of these."""
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" not in request.fixturenames and not (marker and marker.kwargs.get("transaction")):
        return
    request.getfixturevalue("transactional_db")
    from django.db import connection

    from quell.kernel.people.models import Role

    if not Role.objects.exists():
        connection.creation.deserialize_db_from_string(_brought_by_migrations[0])
