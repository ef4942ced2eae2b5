"""The cast with rules, skills and hours."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from quell.kernel.people.models import Membership
from quell.kernel.testing.cast import Cast, cast
from quell.practices.workforce import facade

#: A Monday morning.
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def people(db) -> Cast:
    made = cast()
    Membership.objects.create(team=made.network, person=made.amira)
    return made


@pytest.fixture
def rules(people):
    """Sets the rules of Gungun as Ann."""

    def put(*given, organisation="gungun", name="ann"):
        wanted = [{"name": f"rule {n}", **one} for n, one in enumerate(given)]
        facade.put_rules(people.actor(name), {"organisation": organisation, "rules": wanted})

    return put
