"""Fills the private instance of a benchmark: `python -m quell.project.bench.data COUNT`, told where by its environment.

Prints one JSON document: what the load generator needs to come in (an API token, a session cookie) and how long it
took. Indexes are dropped first and built when everything is there, as after any large load.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

TABLES = (
    "records_record",
    "records_reply",
    "incidents_incident",
    "search_document",
    "journal_entry",
    "people_person",
)
AGENT = "agent1@bench.invalid"

if TYPE_CHECKING:
    from quell.kernel.people.models import Person


def fill(count: int) -> None:
    """Make `count` incidents and all around them, in an instance that holds nothing yet."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        # Triggers and foreign keys are for data that might be wrong; this is a private server, made for the purpose.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("SELECT setseed(0.5)")
        _say(f"{count:,} texts")
        cursor.execute("CREATE TABLE bench_text (n integer, title text, description text)")
        with cursor.copy("COPY bench_text FROM STDIN") as out:
            for row in _texts(count):
                out.write_row(row)
        cursor.execute("ANALYZE bench_text")
        with _without_indexes(cursor):
            for statement in _statements():
                _say(" ".join(statement.split()[:3]))
                cursor.execute(statement, {"count": count})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def way_in() -> dict[str, Any]:
    """A token of the first agent, who sees every incident, and the cookies that their browser has after signing in."""
    from django.conf import settings
    from django.utils.crypto import get_random_string

    from quell.kernel.people.models import Person
    from quell.kernel.people.tokens import issue

    agent = Person.objects.get(email=AGENT)
    cookies = {settings.SESSION_COOKIE_NAME: _session_of(agent), settings.CSRF_COOKIE_NAME: get_random_string(32)}
    return {"token": issue(agent, "bench")[1], "cookie": "; ".join(f"{name}={text}" for name, text in cookies.items())}


def signed_in(count: int) -> list[str]:
    """The keys of sessions of so many agents."""
    from quell.kernel.people.models import Person

    agents = Person.objects.filter(email__startswith="agent", email__endswith="@bench.invalid")
    return [_session_of(agent) for agent in agents.order_by("pk")[:count]]


def _session_of(person: Person) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _texts(count: int) -> Iterator[tuple[int, str, str]]:
    from .words import Writer

    writer = Writer(count)
    for place in range(1, count + 1):
        yield (place, *writer.text(place))


def _statements() -> list[str]:
    from quell.kernel.search.index import vector

    words = vector("made_").replace("%(made_text)s", "x.words").replace("%(made_parts)s", "'{}'")
    text = Path(__file__).with_name("fill.sql").read_text().replace("{vector}", words)
    return [part.strip() for part in text.split(";\n") if part.strip()]


@contextmanager
def _without_indexes(cursor: Any) -> Iterator[None]:
    """Inside, the tables have only the indexes that constraints need; afterwards all of them again."""
    cursor.execute(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE i.indrelid::regclass::text = ANY(%s)"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid) ORDER BY 1",
        [list(TABLES)],
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for name, definition in indexes:
        _say(f"index {name}")
        cursor.execute(definition)


def _say(sentence: str) -> None:
    print(f"bench: {sentence}", file=sys.stderr, flush=True)  # noqa: T201 - progress of a command


def main(words: list[str]) -> int:
    """The entry point: fills when a count is given and nothing is there yet; prints the way in."""
    from quell.project.database import available

    begun = time.monotonic()
    with available():
        from quell.kernel.people.models import Person

        made = not Person.objects.filter(email=AGENT).exists()
        if made:
            fill(int(words[0]))
        answer = {**way_in(), "made": made, "seconds": round(time.monotonic() - begun, 1)}
    print(json.dumps(answer))  # noqa: T201 - the answer
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
