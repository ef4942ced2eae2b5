"""Session, person and rights come in one statement, and never say more than the session itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quell.kernel.access import sessions
from quell.kernel.config import sql
from quell.kernel.people.models import RoleGrant
from quell.kernel.testing.cast import Cast, cast

PAGE = "/profile"


@pytest.fixture
def people(db: None) -> Iterator[Cast]:
    sessions._whose.clear()
    yield cast()
    sessions._whose.clear()


@pytest.fixture
def claire(people: Cast) -> Client:
    """A browser that has shown a page already, so that the process remembers whose session it is."""
    client = Client()
    client.force_login(people.claire)
    assert people.claire.name in _shown(client)
    assert list(sessions._whose.values()) == [people.claire.pk]
    return client


def _shown(client: Client) -> str:
    answer = client.get(PAGE)
    return answer.content.decode() if answer.status_code == 200 else ""


def test_one_statement_tells_who_it_is(claire: Client, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    run = sql._run

    def noted(statement: str, *rest: Any) -> Any:
        asked.append(statement)
        return run(statement, *rest)

    monkeypatch.setattr(sql, "_run", noted)
    with CaptureQueriesContext(connection) as captured:
        assert people.claire.name in _shown(claire)
    asked += [query["sql"] for query in captured.captured_queries]
    assert sum("django_session" in one for one in asked) == 1
    assert sum("people_rolegrant" in one for one in asked) == 1


@pytest.mark.parametrize("who", ["amira", "sam", "nobody"])
def test_a_wrong_guess_shows_nobody_else(claire: Client, people: Cast, who: str) -> None:
    wrong = 10**9 if who == "nobody" else getattr(people, who).pk
    for key in sessions._whose:
        sessions._whose[key] = wrong
    assert people.claire.name in _shown(claire)
    assert list(sessions._whose.values()) == [people.claire.pk]


def test_another_password_ends_it(claire: Client, people: Cast) -> None:
    people.claire.set_password("a new and quite long one")
    people.claire.save()
    assert claire.get(PAGE).status_code == 302
    assert not Session.objects.exists()


def test_a_person_deactivated_is_a_visitor(claire: Client, people: Cast) -> None:
    people.claire.is_active = False
    people.claire.save()
    assert claire.get(PAGE).status_code == 302


def test_a_session_deleted_or_expired_is_over(claire: Client) -> None:
    Session.objects.update(expire_date="2020-01-01T00:00Z")
    assert claire.get(PAGE).status_code == 302
    assert not sessions._whose


def test_rights_are_those_of_this_moment(people: Cast) -> None:
    desk = Client()
    desk.force_login(people.amira)
    for _time in range(2):
        assert desk.get("/incidents/").status_code == 200
    RoleGrant.objects.filter(person=people.amira).delete()
    assert desk.get("/incidents/").status_code != 200


@pytest.mark.django_db(transaction=True)
def test_a_server_that_went_away_is_noticed_before_it_is_asked() -> None:
    backend = sql.row("SELECT pg_backend_pid()")
    assert backend is not None
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend[0]])
    connection.health_check_enabled, connection.health_check_done = True, False  # as at the start of a request
    assert sql.rows("SELECT 1") == [(1,)]
