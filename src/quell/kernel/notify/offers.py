"""What a notice offers to do from the mail itself: links that a workspace makes, each with its words.

The kernel knows no page; a workspace registers in its `AppConfig.ready`:

    @offer
    def works_or_not(notice: Notification) -> list[tuple[str, str]]: ...
"""

from __future__ import annotations

from collections.abc import Callable

from .models import Notification

#: (words, address) of each link, in the language in force.
Offer = Callable[[Notification], list[tuple[str, str]]]
_offers: list[Offer] = []


def offer(made: Offer) -> Offer:
    """Register a function that is asked for links whenever a notice is mailed."""
    _offers.append(made)
    return made


def links(notice: Notification) -> list[tuple[str, str]]:
    """Every link for this notice."""
    return [link for made in _offers for link in made(notice)]
