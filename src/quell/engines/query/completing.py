"""What may stand at a caret: names of fields, fixed words, or something to be looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .fields import FLAGS, Fields, Kind
from .moments import WORDS

MOST = 12
#: So many characters before the caret are looked at.
NEAR = 300
_VALUE_AT = re.compile(
    r"(?:^|[\s(-])([A-Za-z_]+)(<=|>=|!=|:|=|<|>)((?:[^\s()\",]+,|\"[^\"]*\",)*)(\"[^\"]*|[^\s()\",]*)$"
)
_WORD_AT = re.compile(r"[A-Za-z_]*$")


@dataclass(frozen=True, slots=True)
class Completion:
    """Texts that may replace what stands between `start` and `end`, best first. With `field` given, values of that
    field beginning with `begun` are wanted, and the caller may know more of them than are listed."""

    start: int
    end: int
    choices: tuple[str, ...]
    field: str = ""
    begun: str = ""


def complete(text: str, caret: int, fields: Fields) -> Completion:
    """What may stand at `caret` of `text`; never fails, however unfinished the text is."""
    here = max(0, min(caret, len(text), 4000))
    before = text[:here]
    near = before[-NEAR:]
    if _inside_quote(before) and not _VALUE_AT.search(near):
        return Completion(here, here, ())
    if found := _VALUE_AT.search(near):
        field = fields.find(found.group(1))
        begun = found.group(4)
        words = begun.removeprefix('"')
        if found.group(1).lower() == "sort":
            orders = tuple(order for one in fields.sorts for order in (one, f"-{one}"))
            return Completion(here - len(begun), here, _beginning(words, orders), "sort", words)
        if field is None:
            return Completion(here, here, ())
        known = field.choices
        if field.kind is Kind.FLAG:
            known = FLAGS
        elif field.kind is Kind.MOMENT:
            known = WORDS
        elif field.kind is Kind.NUMBER and field.high - field.low < MOST:
            known = tuple(str(number) for number in range(field.low, field.high + 1))
        return Completion(here - len(begun), here, _beginning(words, known), field.name, words)
    word = _WORD_AT.search(near)
    begun = word.group() if word else ""
    names = (*(f"{one.name}:" for one in fields.known), "sort:")
    keywords = ("and", "or", "not") if begun else ()
    return Completion(here - len(begun), here, _beginning(begun, (*names, *keywords)))


def _beginning(begun: str, known: tuple[str, ...]) -> tuple[str, ...]:
    wanted = begun.lower()
    first = [one for one in known if one.lower().startswith(wanted)]
    later = [one for one in known if wanted and wanted in one.lower() and one not in first]
    return tuple([*first, *later][:MOST])


def _inside_quote(before: str) -> bool:
    return before.replace('\\"', "").count('"') % 2 == 1
