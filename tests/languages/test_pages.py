"""No English is left on any page of a language: what a page says is compared with the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation

from quell.kernel.testing.cast import Cast, cast
from quell.kernel.ui import moments
from tests.journey import places

from .said import LANGUAGES, Catalogue, catalogue

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SPOKEN = ("aria-label", "title", "placeholder", "alt", "value", "label")
SILENT = {"script", "style", "code", "pre", "kbd", "textarea"}
# The same in every language, or data that happens to read like a word of the product.
NAMES = {"Quell", "English", "Excel", "API", "VIP", "Mail", "Web", "Portal", "Import", "System"}
# Teams of the house, and a word that somebody wrote: data, shown as it is.
NAMES |= {"Network", "Applications", "Service desk", "Monday"}
# Written for programmers, in English (docs/reference/languages.md).
FOR_PROGRAMMERS = ("styleguide", places.API_DOCS)


class Said(HTMLParser):
    """Everything a page says to people, in its own language."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._quiet: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if (self._quiet or tag in SILENT) and tag not in {"input", "br", "img", "hr", "meta", "link"}:
            self._quiet.append(tag)
            return
        if tag == "input" and given.get("type") != "submit":
            given.pop("value", None)
        if tag in {"option", "button", "data"}:
            given.pop("value", None)
        self.words += [value for name, value in given.items() if value and name in SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        if self._quiet and self._quiet[-1] == tag:
            self._quiet.pop()

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.words.append(data)


def english(answer: HttpResponse, known: Catalogue) -> Iterator[str]:
    """What stands on a page as the programmers wrote it, although the language has words of its own for it."""
    reader = Said()
    reader.feed(answer.content.decode())
    for words in reader.words:
        plain = re.sub(r"\s+", " ", words).strip(" ·:–")
        if plain and plain not in NAMES and known.left_in_english(plain):
            yield plain


@pytest.fixture
def house(db: None) -> tuple[Cast, dict[str, list[str]]]:
    people = cast()
    return people, places.known(people)


def _addresses(route: str, known: dict[str, list[str]]) -> list[str]:
    """Its examples; that every page has some is for tests/journey to say."""
    try:
        return places.addresses(route, known)
    except LookupError:
        return []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_english_left(house: tuple[Cast, dict[str, list[str]]], language: str) -> None:
    people, known = house
    words = catalogue(language)
    left: dict[str, set[str]] = {}
    seen = 0
    for route in places.routes():
        if route.startswith(FOR_PROGRAMMERS):
            continue
        for who in places.visitors(route):
            client = Client(headers={"Accept-Language": language})
            if who:
                client.force_login(getattr(people, who))
            # One language goes everywhere, the others to every page once.
            for address in _addresses(route, known)[: None if language == LANGUAGES[0] else 1]:
                answer = client.get(address)
                if not answer.get("Content-Type", "").startswith("text/html"):
                    continue
                seen += 1
                assert answer["Content-Language"] == language
                for sentence in english(answer, words):
                    left.setdefault(sentence, set()).add(address)
    assert seen > 80
    assert not left, "\n".join(f"{words!r} on {sorted(where)[0]} (+{len(where) - 1})" for words, where in left.items())


@pytest.mark.parametrize(
    ("language", "month", "day"),
    [
        ("da", "24.11.2025", "man 24. nov"),
        ("zh-hans", "2025年11月24日", "11月24日星期一"),
        ("zh-hant", "2025年11月24日", "11月24日星期一"),
    ],
)
def test_days_are_written_as_the_language_does(language: str, month: str, day: str) -> None:
    when = date(2025, 11, 24)
    with translation.override(language):
        assert moments.day(when, date(2026, 11, 24)) == month
        assert moments.day(when, date(2025, 12, 24)) == day


@pytest.mark.parametrize(
    ("language", "size", "lasting"),
    [
        ("en", "1.5 MB", "2 d 4 h"),
        ("da", "1,5 MB", "2 d 4 t"),
        ("zh-hans", "1.5 MB", "2天4小时"),
        ("zh-hant", "1.5 MB", "2天4小時"),
    ],
)
def test_numbers_and_spans_are_written_as_the_language_does(language: str, size: str, lasting: str) -> None:
    with translation.override(language), timezone.override("UTC"):
        assert moments.size(1_572_864) == size
        assert moments.duration(2 * 86400 + 4 * 3600) == lasting


@pytest.mark.parametrize(
    ("language", "one", "several"),
    [
        ("en", "1 row", "3 rows"),
        ("da", "1 række", "3 rækker"),
        ("zh-hans", "1行", "3行"),
        ("zh-hant", "1列", "3列"),
    ],
)
def test_one_and_several_are_told_apart_where_the_language_does(language: str, one: str, several: str) -> None:
    with translation.override(language):
        said = [translation.ngettext("%(num)s row", "%(num)s rows", number) % {"num": number} for number in (1, 3)]
    assert said == [one, several]
