"""The catalogues of the languages: kept as text, compiled when a process needs them, gathered anew by `make messages`.

Only the texts (`locale/<language>/LC_MESSAGES/django.po`) are kept in the repository: a compiled file says nothing to
a reader and differs with every word. Whoever starts first after a change compiles; that takes a second, once. Where
the product lies on a disk that nobody may write to, the compiled files go into the state directory.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent
LOCALE = SOURCE / "locale"
MAPPING = SOURCE / "babel.cfg"
NAME = Path("LC_MESSAGES") / "django.po"
#: Beside Babel's own: the names under which Django's functions are called, and where their words stand.
KEYWORDS = {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "pgettext_noop": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# They change with the day and the tool, and would make a difference where no word differs.
_PASSING = re.compile(
    rb'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|Report-Msgid-Bugs-To)'
    rb': [^"]*"\n',
    re.MULTILINE,
)


def texts(locale: Path = LOCALE) -> list[Path]:
    """The catalogues that are there, by language."""
    return sorted(locale.glob(f"*/{NAME.as_posix()}"))


def compiled(locale: Path, spare: Path) -> Path:
    """The directory of compiled catalogues, for LOCALE_PATHS; whatever is missing or older than its text is compiled.

    That directory is `locale` itself, or `spare` where `locale` cannot be written.
    """
    stale = [text for text in texts(locale) if not _fresh(text, text.with_suffix(".mo"))]
    if not stale:
        return locale
    try:
        for text in stale:
            _compile(text, text.with_suffix(".mo"))
    except OSError:
        for text in texts(locale):
            into = spare / text.relative_to(locale).with_suffix(".mo")
            if not _fresh(text, into):
                _compile(text, into)
        return spare
    return locale


def _fresh(text: Path, into: Path) -> bool:
    try:
        return into.stat().st_mtime_ns >= text.stat().st_mtime_ns
    except FileNotFoundError:
        return False


def _compile(text: Path, into: Path) -> None:
    """Several processes may do this at once: each writes a file of its own and puts it into place whole."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with text.open("rb") as given:
        catalogue = read_po(given, locale=text.parent.parent.name)
    into.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=into.parent, prefix=".django-", suffix=".mo")
    try:
        with os.fdopen(handle, "wb") as made:
            write_mo(made, catalogue)
        Path(name).chmod(0o644)
        Path(name).replace(into)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def gathered() -> object:
    """A catalogue of every sentence in code and templates, without translations (babel.messages.catalog.Catalog)."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
    from babel.messages.frontend import parse_mapping_cfg

    with MAPPING.open(encoding="utf-8") as given:
        methods, options = parse_mapping_cfg(given)
    found = Catalog(project="Quell", charset="utf-8")
    for file, _line, words, comments, context in extract_from_dir(
        str(SOURCE), methods, options, keywords={**DEFAULT_KEYWORDS, **KEYWORDS}
    ):
        found.add(words, None, [(Path(file).as_posix(), 0)], auto_comments=comments, context=context)
    return found


def renew(text: Path, found: object) -> tuple[int, int]:
    """Write a catalogue anew: what is translated stays, what is new waits, what nobody says any more goes.

    Sorted by file, without line numbers, so that a difference shows words and nothing else. Returns how many messages
    there are, and how many wait for a translation.
    """
    from io import BytesIO

    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    assert isinstance(found, Catalog)
    with text.open("rb") as given:
        catalogue = read_po(given, locale=text.parent.parent.name)
    catalogue.update(found, no_fuzzy_matching=True)
    catalogue.project, catalogue.version, catalogue.header_comment = "Quell", "", ""
    catalogue.fuzzy = False
    for message in catalogue:
        message.locations = sorted({(file, 0) for file, _line in message.locations})
    into = BytesIO()
    write_po(into, catalogue, width=0, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    text.write_bytes(_PASSING.sub(b"", into.getvalue().lstrip(b"\n#")))
    said = [message for message in catalogue if message.id]
    return len(said), sum(not translated(message.string) for message in said)


def translated(words: object) -> bool:
    """Whether a translation is whole: every plural form of it, where it has several."""
    return bool(words) and (isinstance(words, str) or (isinstance(words, list | tuple) and all(words)))


def main() -> int:
    """`make messages`: gather the sentences, renew every catalogue, compile it. 1 while translations are missing."""
    found = gathered()
    waiting = 0
    for text in texts():
        count, missing = renew(text, found)
        waiting += missing
        sys.stderr.write(f"quell: {text.parent.parent.name}: {count} messages, {missing} without a translation\n")
        _compile(text, text.with_suffix(".mo"))
    return 1 if waiting else 0


if __name__ == "__main__":
    sys.exit(main())
