"""The session of a page together with who it belongs to: one statement for session, person and role grants.

Django asks for a session, then for its person, and we for what their roles allow: three questions on every page, of
which only the first needs an answer before the others can be put. Whose session it is never changes without a new key
(`cycle_key`, `flush`), so the process remembers that much, as a guess: the guess only says which person to fetch
beside the session. What counts is what the statement brings back, and that is fresh for every request: the session
must still be there, must itself name that person, and carry the stamp of their present password; the person must be
active; the grants are those of this moment (security.md, gate 2). Where the guess is missing or wrong, Django's own
way is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends import db
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from quell.kernel.config import sql
from quell.kernel.people.models import Person

from .actor import GRANTS, Actor, actor_for_person, actor_of_row

#: Sessions whose person a process remembers: a hundred bytes each.
MOST_KEPT = 20_000
_whose: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class Standing:
    """A person as they stood when their session was read, and the row their actor is made of."""

    person: Person
    row: tuple[Any, ...]


@cache
def _columns() -> tuple[str, ...]:
    return tuple(str(field.column) for field in Person._meta.concrete_fields)


@cache
def _statement() -> str:
    columns = ", ".join(f"p.{name}" for name in _columns())
    return (
        f"SELECT s.session_data, ({GRANTS}), {columns}"  # noqa: S608 - columns of our own model
        " FROM django_session s LEFT JOIN people_person p ON p.id = %(guess)s"
        " WHERE s.session_key = %(key)s AND s.expire_date > %(now)s"
    )


class SessionStore(db.SessionStore):
    """Django's sessions in the database, read in our statement. `standing` is the guessed person, if any."""

    standing: Standing | None = None

    def load(self) -> dict[str, Any]:
        """What the session holds; empty when there is no such session, or none any more."""
        key = self.session_key or ""
        guess = _whose.get(key)
        found = sql.row(_statement(), {"key": key, "guess": guess, "now": datetime.now(UTC)})
        if found is None:
            _whose.pop(key, None)
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(found[0])
        if guess is not None and found[2] is not None:
            person = Person.from_db(DEFAULT_DB_ALIAS, _columns(), found[2:])
            place = (person.pk, person.email, person.name, person.organisation_id, person.language, person.timezone)
            self.standing = Standing(person, (*place, found[1]))
        return held


def person_of(request: HttpRequest) -> Person | AnonymousUser:
    """Who is signed in, by the rules of `django.contrib.auth.get_user`: an active person whose password is still the
    one the session began with."""
    session = request.session
    held = session.get(auth.SESSION_KEY)
    standing: Standing | None = getattr(session, "standing", None)
    if standing is not None and held == str(standing.person.pk) and _stands(session, standing.person):
        return standing.person
    person: Person | AnonymousUser = auth.get_user(request)
    if isinstance(person, Person) and session.session_key:
        if len(_whose) >= MOST_KEPT:
            _whose.clear()
        _whose[session.session_key] = person.pk
    return person


def _stands(session: Any, person: Person) -> bool:
    return (
        person.is_active
        and session.get(auth.BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(session.get(auth.HASH_SESSION_KEY, ""), person.get_session_auth_hash())
    )


class Authentication(AuthenticationMiddleware):
    """Django's `request.user`, from the statement that has read the session."""

    def process_request(self, request: HttpRequest) -> None:
        """Hang the person on the request; who it is, is found out when somebody asks."""
        super().process_request(request)

        def person() -> Person | AnonymousUser:
            if not hasattr(request, "_cached_user"):
                request._cached_user = person_of(request)  # type: ignore[attr-defined]
            return request._cached_user  # type: ignore[attr-defined,no-any-return]

        request.user = SimpleLazyObject(person)  # type: ignore[assignment]


def actor_of_page(request: HttpRequest) -> Actor | None:
    """The actor behind the session of a request; None for visitors, and when the person is gone or deactivated."""
    person = request.user
    if not person.is_authenticated:
        return None
    request_id = getattr(request, "request_id", "")
    standing: Standing | None = getattr(getattr(request, "session", None), "standing", None)
    if standing is not None and standing.person.pk == person.pk and standing.person.is_active:
        return actor_of_row(standing.row, request_id=request_id)
    return actor_for_person(person.pk, request_id=request_id)
