"""The pages ask the database as often for fifty rows as for one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quell.kernel.config import sql
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade
from quell.workspaces.desk import nav

from .conftest import Report

pytestmark = pytest.mark.django_db
MOST = 18  # the home page: figures, what is next, four cards that each person has chosen, and the clocks of all


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Statements of the ORM and of the hand-written SQL beside it."""
    asked: list[str] = []
    run = sql._run

    def noted(statement: str, *rest: Any) -> Any:
        asked.append(statement)
        return run(statement, *rest)

    monkeypatch.setattr(sql, "_run", noted)
    with CaptureQueriesContext(connection) as captured:
        yield asked
    asked.extend(query["sql"] for query in captured.captured_queries)
    monkeypatch.undo()


def statements(monkeypatch: pytest.MonkeyPatch, client: Client, path: str) -> int:
    client.get(path)
    nav._kept.clear()
    with counting(monkeypatch) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    "path", ["/", "/incidents/?state=open&sort=priority", "/incidents/{number}?state=open", "/inbox", "/search?q=vpn"]
)
def test_one_row_or_fifty(
    monkeypatch: pytest.MonkeyPatch, people: Cast, amira: Client, report: Report, path: str
) -> None:
    def worked_on(number: str) -> None:
        facade.act(people.actor("mia"), "assign", number, {"assignee": people.amira.email, "team": "service-desk"})
        facade.act(people.actor("mia"), "comment", number, {"body": "We look", "visibility": "public"})

    number = report()
    worked_on(number)
    path = path.replace("{number}", number)
    few = statements(monkeypatch, amira, path)
    for _ in range(50):
        worked_on(report())
    many = statements(monkeypatch, amira, path)
    assert many <= few + 1 and many <= MOST, (few, many)  # a list longer than its page is counted too


def test_more_unread_lines_than_are_counted(client: Client, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The badge stops at 99+, and says so in every language's plural."""
    plenty = {"open": 1001, "unassigned": 1001, "mine": 1, "teams": 0, "on_hold": 0, "unread": 100, "follow_ups": 0}
    monkeypatch.setattr(nav, "counters", lambda _actor: plenty)
    client.force_login(people.amira)
    for language in ("en", "da", "zh-hans", "zh-hant"):
        people.amira.language = language
        people.amira.save(update_fields=["language"])
        for address in ("/", "/incidents/", "/texts"):
            page = client.get(address)
            assert (page.status_code, "99+" in page.content.decode()) == (200, True), (language, address)
