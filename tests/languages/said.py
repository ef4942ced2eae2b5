"""The catalogues as the tests ask them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.utils.translation import to_locale

from quell.project import catalogues

#: The languages that are translated, as settings name them.
LANGUAGES = ("da", "zh-hans", "zh-hant")
PLACEHOLDERS = re.compile(r"%\(\w+\)\d*[sd]|%%|\{\w+\}|<[^>]+>")


@dataclass(frozen=True)
class Catalogue:
    """Every message of a language, and which English sentences it says otherwise."""

    language: str
    messages: tuple[Message, ...]
    said_otherwise: frozenset[str]

    def left_in_english(self, words: str) -> bool:
        """Whether these words are a sentence of the product in English, and this language says it in its own words."""
        return words in self.said_otherwise


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of one language, as it stands in the repository."""
    with (catalogues.LOCALE / to_locale(language) / catalogues.NAME).open("rb") as given:
        messages = tuple(message for message in read_po(given) if message.id)
    otherwise = {
        message.id
        for message in messages
        if isinstance(message.id, str) and message.string and message.string != message.id
    }
    return Catalogue(language, messages, frozenset(otherwise))
