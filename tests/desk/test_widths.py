"""Widths of columns as this browser keeps them: what is made up does no harm."""

from __future__ import annotations

import pytest
from django.test import Client

from quell.workspaces.desk import widths

COLUMNS = ["priority", "title", "team"]


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        ("", {}),
        ("title.300", {"priority": 84, "title": 300, "team": 120}),
        ("title.300-team.96-number.10", {"priority": 84, "title": 300, "team": 96}),
        ("title.1-team.9999", {"priority": 84, "title": 40, "team": 900}),
        ("number.110", {}),
        ("title.-5-team.x-<b>.3-priority.", {}),
        ("title." + "9" * 5000, {}),
    ],
)
def test_read(kept: str, found: dict[str, int]) -> None:
    assert widths.read(kept, COLUMNS) == found


@pytest.mark.django_db
def test_the_table_is_drawn_as_it_was_left(amira: Client, number: str) -> None:
    assert " sized" not in amira.get("/incidents/").content.decode()
    amira.cookies["columns"] = "title.444-team.99"
    shown = amira.get("/incidents/").content.decode()
    assert 'class="table sized"' in shown and '<col data-col="title" width="444">' in shown
    assert '<col data-col="team" width="99">' in shown
