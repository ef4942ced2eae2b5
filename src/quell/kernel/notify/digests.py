"""What other rooms have for somebody's daily mail, beside the lines of the inbox.

The kernel knows no announcement; a room registers in its wiring:

    @in_the_daily_mail
    def news(person_id: int) -> list[Told]: ...

It is called in the transaction that sends the mail, and marks what it hands out as told: a mail server's failure takes
both back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """One thing in the mail, in the language in force, and the address where it stands."""

    sentence: str
    address: str


Source = Callable[[int], list[Told]]
_sources: list[Source] = []


def in_the_daily_mail(source: Source) -> Source:
    """Register a function that hands out what waits for a person's daily mail."""
    _sources.append(source)
    return source


def handed_out(person_id: int) -> list[Told]:
    """Everything that other rooms have for this person's daily mail."""
    return [told for source in _sources for told in source(person_id)]
