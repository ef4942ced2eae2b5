"""Every sentence of code and templates is in every catalogue, translated whole, with its values and tags in place."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import to_locale

from quell.project import catalogues

from .said import LANGUAGES, PLACEHOLDERS, Catalogue, catalogue

#: How many plural forms a language has.
FORMS = {"da": 2, "zh-hans": 1, "zh-hant": 1}
HANS, HANT = re.compile("[们这来时说过还对发应]"), re.compile("[們這來時說過還對發應]")


@pytest.fixture(scope="module")
def gathered() -> Catalog:
    found = catalogues.gathered()
    assert isinstance(found, Catalog)
    return found


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Catalogue:
    return catalogue(request.param)


def strings(message: Message) -> Iterator[tuple[str, str]]:
    """(English, translation) of each form."""
    if isinstance(message.id, str):
        yield message.id, str(message.string or "")
        return
    given = message.string if isinstance(message.string, tuple | list) else (message.string,)
    for at, words in enumerate(given):
        # One form stands for every number, so it has the values of the plural.
        yield message.id[at if len(given) > 1 else 1], str(words or "")


def test_the_languages_of_the_settings_all_have_a_catalogue() -> None:
    spoken = {code for code, _name in settings.LANGUAGES} - {settings.LANGUAGE_CODE}
    assert spoken == set(LANGUAGES)
    assert {text.parent.parent.name for text in catalogues.texts()} == {to_locale(code) for code in spoken}


def test_every_sentence_is_translated_and_none_is_left_over(language: Catalogue, gathered: Catalog) -> None:
    said = {(message.context, message.id) for message in gathered if message.id}
    kept = {(message.context, message.id) for message in language.messages}
    assert not said - kept, "run make messages and translate what is new"
    assert not kept - said, "run make messages: these are said nowhere"
    assert not [message.id for message in language.messages if not catalogues.translated(message.string)]
    assert not [message.id for message in language.messages if message.fuzzy]


def test_every_form_is_there_with_the_same_values_and_tags(language: Catalogue) -> None:
    wrong = []
    for message in language.messages:
        pairs = list(strings(message))
        if not isinstance(message.id, str) and len(pairs) != FORMS[language.language]:
            wrong.append((message.id, "forms"))
        wrong += [
            (english, words)
            for english, words in pairs
            if sorted(PLACEHOLDERS.findall(english)) != sorted(PLACEHOLDERS.findall(words))
        ]
    assert not wrong


def test_sentences_end_as_they_do_in_english(language: Catalogue) -> None:
    wrong = [
        (english, words)
        for message in language.messages
        if not message.context  # formats of dates
        for english, words in strings(message)
        if english.endswith((".", "?")) != words.removesuffix(" kl.").endswith((".", "?", "。", "？"))
        or english.endswith("…") != words.endswith("…")
    ]
    assert not wrong


def test_chinese_is_written_in_its_own_characters_and_without_spaces_between_words() -> None:
    for code, foreign in (("zh-hans", HANT), ("zh-hant", HANS)):
        said = [words for message in catalogue(code).messages for _english, words in strings(message)]
        assert not [words for words in said if foreign.search(words)]
        assert not [words for words in said if re.search("[\u4e00-\u9fff] [\u4e00-\u9fff]", words)]
        assert not [words for words in said if re.search("[\u4e00-\u9fff][,;?!]", words)]


def test_catalogues_are_compiled_when_missing_or_older(tmp_path: Path) -> None:
    text = tmp_path / "locale" / "da" / catalogues.NAME
    text.parent.mkdir(parents=True)
    shutil.copy(catalogues.LOCALE / "da" / catalogues.NAME, text)
    spare = tmp_path / "state"
    assert catalogues.compiled(tmp_path / "locale", spare) == tmp_path / "locale"
    made = text.with_suffix(".mo")
    with made.open("rb") as given:
        assert read_mo(given).get("Sign in").string == "Log ind"
    first = made.stat().st_mtime_ns
    assert catalogues.compiled(tmp_path / "locale", spare) == tmp_path / "locale"
    assert made.stat().st_mtime_ns == first
    made.unlink()
    made.mkdir()  # no file can be put there, not even by root
    os.utime(made, (0, 0))
    assert catalogues.compiled(tmp_path / "locale", spare) == spare
    with (spare / "da" / catalogues.NAME).with_suffix(".mo").open("rb") as given:
        assert read_mo(given).get("Sign in").string == "Log ind"


def test_renewing_keeps_translations_drops_what_is_gone_and_names_no_machine(tmp_path: Path, gathered: Catalog) -> None:
    text = tmp_path / "da" / catalogues.NAME
    text.parent.mkdir(parents=True)
    before = (catalogues.LOCALE / "da" / catalogues.NAME).read_text(encoding="utf-8")
    text.write_text(before + '\n#: gone.py\nmsgid "Said nowhere"\nmsgstr "Siges ingen steder"\n', encoding="utf-8")
    _count, missing = catalogues.renew(text, gathered)
    after = text.read_text(encoding="utf-8")
    assert missing == 0
    assert "Siges ingen steder" not in after
    assert "POT-Creation-Date" not in after
    assert "/home/" not in after
    assert "/work/" not in after
    with text.open("rb") as given:
        assert read_po(given).get("Sign in").string == "Log ind"
    catalogues.renew(text, gathered)
    assert text.read_text(encoding="utf-8") == after
