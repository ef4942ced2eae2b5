"""Writing search documents, in the transaction of the change they describe."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.db import connection

from .words import fold, pairs, singles, without_cjk

#: SQL that turns (stemmable text, array of CJK parts) into words.
_VECTOR = (
    "(to_tsvector('english', {text}) || to_tsvector('danish', {text})"
    " || to_tsvector('simple', {text}) || array_to_tsvector({parts}))"
)


def vector(prefix: str) -> str:
    """The SQL expression for one text; its parameters come from `parameters(text, prefix)`."""
    return _VECTOR.format(text=f"%({prefix}text)s", parts=f"%({prefix}parts)s::text[]")


def parameters(text: str, prefix: str) -> dict[str, str | list[str]]:
    """Parameters of `vector(prefix)` for a text."""
    folded = fold(text)
    return {
        f"{prefix}text": without_cjk(folded),
        f"{prefix}parts": list(dict.fromkeys(pairs(folded) + singles(folded))),
    }


def put(record_id: int, public_text: str) -> None:
    """Write a record's document anew: its public words; internal words already there stay."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO search_document (record_id, public_words) VALUES (%(id)s, {vector('a_')})"  # noqa: S608
            " ON CONFLICT (record_id) DO UPDATE SET public_words = EXCLUDED.public_words",
            {"id": record_id, **parameters(public_text, "a_")},
        )


def put_many(documents: Iterable[tuple[int, str]]) -> None:
    """Write the documents of many records anew in one statement, for bulk paths: (record id, public text)."""
    ids: list[int] = []
    texts: list[object] = []
    parts: list[str] = []
    for record_id, public_text in documents:
        values = parameters(public_text, "")
        ids.append(record_id)
        texts.append(values["text"])
        parts.append(" ".join(map(str, cast(list[str], values["parts"]))))
    words = _VECTOR.format(text="d.words", parts="string_to_array(d.parts, ' ')")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO search_document (record_id, public_words) SELECT d.id, {words}"  # noqa: S608
            " FROM unnest(%(ids)s::bigint[], %(texts)s::text[], %(parts)s::text[]) AS d(id, words, parts)"
            " ON CONFLICT (record_id) DO UPDATE SET public_words = EXCLUDED.public_words",
            {"ids": ids, "texts": texts, "parts": parts},
        )


def add(record_id: int, text: str, *, internal: bool) -> None:
    """Add the words of a reply or a note to a record's document."""
    column = "internal_words" if internal else "public_words"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE search_document SET {column} = coalesce({column}, ''::tsvector) || {vector('a_')}"  # noqa: S608
            " WHERE record_id = %(id)s",
            {"id": record_id, **parameters(text, "a_")},
        )


def fold_anew(database: Any, batch: int = 2000) -> int:
    """Fold the Chinese words of all documents again, after `fold` has learnt to; returns how many documents changed.

    The words are pairs and single characters without positions, so they are folded as they stand: nobody's text is
    read. Batches go by key, so that memory and each statement stay small.
    """
    changed, last = 0, 0
    with database.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT record_id, tsvector_to_array(public_words), tsvector_to_array(internal_words)"
                " FROM search_document WHERE record_id > %s ORDER BY record_id LIMIT %s",
                [last, batch],
            )
            rows = cursor.fetchall()
            if not rows:
                return changed
            last = rows[-1][0]
            for record_id, *columns in rows:
                renewed = [(words or [], [fold(word) for word in words or []]) for words in columns]
                if all(before == after for before, after in renewed):
                    continue
                gone = [[b for b, a in zip(*pair, strict=True) if a != b] for pair in renewed]
                come = [[a for b, a in zip(*pair, strict=True) if a != b] for pair in renewed]
                cursor.execute(
                    "UPDATE search_document SET"
                    " public_words = ts_delete(public_words, %s::text[]) || array_to_tsvector(%s::text[]),"
                    " internal_words = ts_delete(internal_words, %s::text[]) || array_to_tsvector(%s::text[])"
                    " WHERE record_id = %s",
                    [gone[0], come[0], gone[1], come[1], record_id],
                )
                changed += 1
