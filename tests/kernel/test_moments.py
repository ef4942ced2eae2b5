"""A time of any offset that RFC 3339 allows reaches the database as the same moment, by whichever door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection

from quell.kernel.config import sql
from quell.kernel.people.models import Person
from quell.kernel.testing.cast import cast

pytestmark = pytest.mark.django_db
MOMENT = datetime(2031, 5, 4, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("minutes", [0, 120, 15 * 60 + 59, 16 * 60, 23 * 60 + 59, -16 * 60, -23 * 60 - 59])
def test_a_moment_is_the_same_by_every_door(minutes: int) -> None:
    """Django's cursors and the two kinds of our own; and nothing is counted in another zone."""
    given = MOMENT.astimezone(timezone(timedelta(minutes=minutes)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [given])
        assert cursor.fetchone() == (MOMENT,)
    for prepare in (True, False):
        assert sql.row("SELECT %(at)s::timestamptz", {"at": given}, prepare=prepare) == (MOMENT,)
    claire = cast().claire
    Person.objects.filter(pk=claire.pk).update(last_login=given)
    assert Person.objects.get(pk=claire.pk, last_login=given).last_login == MOMENT
