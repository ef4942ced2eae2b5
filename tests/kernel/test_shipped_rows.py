"""What the migrations brought is there for everybody, also after a test that emptied the tables.

The three classes are alike and come in any order: whichever comes second and third finds emptied tables behind it, and
a fixture of a class or module is set up before anything that could be mended for a single test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from quell.kernel.people.models import Role

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture(scope="class")
def roles(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> set[str]:
    with django_db_blocker.unblock():
        return set(Role.objects.values_list("code", flat=True))


class Shipped:
    @pytest.mark.django_db(transaction=True)
    def test_committing_leaves_them_in_place(self, roles: set[str]) -> None:
        assert {"agent", "administrator"} <= roles
        assert {"agent", "administrator"} <= set(Role.objects.values_list("code", flat=True))


class TestFirst(Shipped):
    pass


class TestSecond(Shipped):
    pass


class TestThird(Shipped):
    pass
