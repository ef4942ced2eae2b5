"""`DATABASE_URL`, in every shape people give it."""

from __future__ import annotations

import pytest

from quell.project.database_url import (
    BadDatabaseURL,
    django_database,
    socket_url,
    with_database,
    without_password,
)


def test_an_ordinary_url() -> None:
    entry = django_database("postgresql://ann:s%40cret@db.example:5433/desk?sslmode=require")
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"], entry["NAME"]) == (
        "ann",
        "s@cret",
        "db.example",
        "5433",
        "desk",
    )
    assert entry["OPTIONS"] == {"sslmode": "require"}
    assert entry["CONN_MAX_AGE"] is None
    assert entry["CONN_HEALTH_CHECKS"]
    assert entry["TIME_ZONE"] == "UTC"


def test_a_unix_socket() -> None:
    url = socket_url("/srv/quell data/socket", user="quell", name="quell")
    entry = django_database(url)
    assert entry["HOST"] == "/srv/quell data/socket"
    assert (entry["USER"], entry["NAME"], entry["PORT"]) == ("quell", "quell", "")


def test_several_hosts_for_high_availability() -> None:
    entry = django_database("postgres://q@a:5432,b:5433/desk?target_session_attrs=read-write")
    assert entry["HOST"] == "a,b"
    assert entry["PORT"] == "5432,5433"
    assert entry["OPTIONS"]["target_session_attrs"] == "read-write"


def test_an_ipv6_address() -> None:
    assert django_database("postgresql://q@[::1]:5432/desk")["HOST"] == "::1"


@pytest.mark.parametrize("url", ["mysql://q@h/desk", "sqlite:///desk.db", "postgresql://q@h/", "postgresql://q@h:x/d"])
def test_what_cannot_be_used_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(BadDatabaseURL, match="DATABASE_URL"):
        django_database(url)


def test_another_database_of_the_same_server() -> None:
    assert django_database(with_database("postgresql://q:p@h:5/a?x=y", "b"))["NAME"] == "b"
    socket = with_database(socket_url("/run/q", user="quell", name="quell"), "postgres")
    assert socket == "postgresql://quell@/postgres?host=/run/q"


def test_a_password_is_never_shown() -> None:
    assert without_password("postgresql://q:secret@h/desk?sslmode=require&password=secret") == (
        "postgresql://q@h/desk?sslmode=require"
    )
