"""The word that something has happened, passed between processes after the commit and never inside it.

A hint carries no facts about records: it says "look at the journal", and who looks reads what was committed. So a
hint that is lost delays and loses nothing, and one too many costs a short query.

A web process hands its hints to its messenger (`quell.project.live`), which sends them together and beside the
request. Other processes (background worker, command line) send each one themselves, after their commit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

import orjson
from django.db import Error, transaction

from quell.kernel.config import sql

from .presence import Presence, board

logger = logging.getLogger("quell.live")

CHANNEL = "quell_live"
#: PostgreSQL carries up to 8,000 bytes in one notice.
LONGEST = 7800


class Hint:
    """What one process tells the others: look at the journal, look at the rights, whose inbox has news, who looks at
    what, and that somebody listens here. Hints add up (`add`), so that many go out as one."""

    __slots__ = ("inboxes", "journal", "listening", "presences", "rights")

    def __init__(
        self,
        *,
        journal: bool = False,
        listening: bool = False,
        rights: bool = False,
        inboxes: Iterable[int] = (),
        presences: Iterable[Presence] = (),
    ) -> None:
        self.journal = journal
        self.listening = listening
        self.rights = rights
        self.inboxes = set(inboxes)
        self.presences = list(presences)

    def __bool__(self) -> bool:
        return bool(self.journal or self.listening or self.beyond_journal)

    @property
    def beyond_journal(self) -> bool:
        """Does it say more than whoever looks at the journal finds out by looking?"""
        return bool(self.rights or self.inboxes or self.presences)

    def add(self, other: Hint) -> None:
        """Say the other's as well."""
        self.journal |= other.journal
        self.listening |= other.listening
        self.rights |= other.rights
        self.inboxes |= other.inboxes
        self.presences += other.presences

    def texts(self) -> list[str]:
        """As notices of the database, each within its limit."""
        first: dict[str, Any] = {}
        if self.journal:
            first["j"] = 1
        if self.listening:
            first["l"] = 1
        if self.rights:
            first["r"] = 1
        found = [first] if first else []
        people = sorted(self.inboxes)
        found += [{"i": people[at : at + 500]} for at in range(0, len(people), 500)]
        pages = [one.plain() for one in self.presences]
        found += [{"p": pages[at : at + 10]} for at in range(0, len(pages), 10)]
        return [orjson.dumps(one).decode() for one in found]

    @classmethod
    def read(cls, text: str) -> Hint:
        """From a notice; one that cannot be read says nothing."""
        try:
            told = orjson.loads(text)
            return cls(
                journal="j" in told,
                listening="l" in told,
                rights="r" in told,
                inboxes=told.get("i", ()),
                presences=[Presence.read(one) for one in told.get("p", ())],
            )
        except (ValueError, TypeError, AttributeError):
            return cls()


Messenger = Callable[[Hint], None]
_messenger: Messenger | None = None


def use(messenger: Messenger | None) -> None:
    """Hand all hints of this process to `messenger`, which must come back at once."""
    global _messenger
    _messenger = messenger


def changed() -> None:
    """The journal has a new entry as soon as this transaction commits."""
    transaction.on_commit(_say_journal)


def news_for(people: Iterable[int]) -> None:
    """Inboxes of these people have a new line as soon as this transaction commits."""
    known = frozenset(people)
    if known:
        transaction.on_commit(lambda: say(Hint(inboxes=known)))


def on_sign_out(**_told: object) -> None:
    """Somebody signed out: their streams end now, not at the next look."""
    transaction.on_commit(lambda: say(Hint(rights=True)))


def say(hint: Hint) -> None:
    """Tell everybody, now. Never raises for a database that is away: a hint is only a hint."""
    if _messenger is not None:
        _messenger(hint)
        return
    for presence in hint.presences:
        board.put(presence)
    try:
        for text in hint.texts():
            sql.execute("SELECT pg_notify(%s, %s)", [CHANNEL, text])
    except Error as fault:
        logger.info("a live hint was not sent: %s", fault)


def _say_journal() -> None:
    say(Hint(journal=True))
