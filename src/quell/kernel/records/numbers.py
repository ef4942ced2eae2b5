"""Numbers people can dictate on the phone: a prefix and a running number, unique for ever (domain.md 3.1)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: its code, the prefix of its numbers, and the sequence they come from. An `internal` kind has
    no public part at all: whoever asked for it or opened it sees it only as long as they work where it lies."""

    code: str
    prefix: str
    internal: bool = False

    @property
    def sequence(self) -> str:
        """The PostgreSQL sequence; gaps are allowed, repetition is not."""
        return f"records_number_{self.prefix.lower()}"


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known; a practice does this in its wiring."""
    _kinds[kind.code] = kind
    return kind


def kind_of_prefix(prefix: str) -> Kind | None:
    """The kind whose numbers begin so."""
    return next((kind for kind in _kinds.values() if kind.prefix == prefix.upper()), None)


def kinds() -> tuple[Kind, ...]:
    """All kinds of records."""
    return tuple(_kinds.values())


def internal_kinds() -> list[str]:
    """Codes of the kinds that requesters never see."""
    return sorted(kind.code for kind in _kinds.values() if kind.internal)


def form(prefix: str, running: int) -> str:
    """`INC-000123`; more than six digits are written whole."""
    return f"{prefix}-{running:06d}"


def next_number(kind: Kind) -> str:
    """The next free number of a kind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass)", [kind.sequence])
        return form(kind.prefix, cursor.fetchone()[0])
