"""Search over all records, newest first, only what the reader may see.

Rare words are fetched through the index over words and sorted; for common words that would fetch half the table, so
the documents are walked from the newest back until enough have matched. The planner's own estimate decides, and a walk
that finds too little among the newest is given up for the index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.config.sql import rows
from quell.kernel.search.query import as_number, condition

from .numbers import form, kinds
from .visibility import internal_sql, visible_sql

#: Beyond this many estimated hits a word counts as common.
COMMON = 3000
#: So many of the newest documents are walked for a common word: a few milliseconds.
NEWEST = 20_000
#: Marks around matching words in a snippet; private-use characters that no text contains.
MARK_START, MARK_END = "\ue000", "\ue001"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. `snippet` carries marks around the words that matched."""

    kind: str
    number: str
    title: str
    snippet: str
    state: str
    state_category: str
    priority: int


def plain(snippet: str) -> str:
    """A snippet without its marks."""
    return snippet.replace(MARK_START, "").replace(MARK_END, "")


def find(actor: Actor, text: str, *, kind: str = "", limit: int = 20) -> list[Hit]:
    """Records that match, exact numbers and external references first, then by words, newest first."""
    found: dict[int, None] = dict.fromkeys(_exact(actor, text, kind))
    if len(found) < limit:
        found.update(dict.fromkeys(_by_words(actor, text, kind, limit)))
    return _hits(list(found)[:limit], text)


def _exact(actor: Actor, text: str, kind: str) -> list[int]:
    """Ids of records whose number or external reference is just this; a reference matches as it is written, so it
    comes before a number that is merely read into it (`INC0000045` is another system's before it is INC-000045)."""
    numbers = []
    if running := as_number(text):
        prefixes = [running[0]] if running[0] else [known.prefix for known in kinds()]
        numbers = [form(prefix, running[1]) for prefix in prefixes]
    visible, values = visible_sql(actor)
    found = rows(
        f"""WITH meant AS (
          SELECT id, FALSE AS literal FROM records_record WHERE number = ANY(%(numbers)s)
          UNION ALL SELECT record_id, TRUE FROM records_externalreference WHERE lower(reference) = %(reference)s)
        SELECT r.id FROM meant JOIN records_record r ON r.id = meant.id
        WHERE {visible} AND (%(kind)s = '' OR r.kind = %(kind)s)
        GROUP BY r.id ORDER BY bool_or(meant.literal) DESC, r.id DESC LIMIT 20""",  # noqa: S608
        {**values, "kind": kind, "numbers": numbers, "reference": text.strip().lower()},
    )
    return [row[0] for row in found]


def _by_words(actor: Actor, text: str, kind: str, limit: int) -> list[int]:
    public, values = condition(text, "sd.public_words")
    if not public:
        return []
    hidden, _same = condition(text, "sd.internal_words")
    internal, more = internal_sql(actor)
    visible, seen = visible_sql(actor)
    values = {**values, **more, **seen, "kind": kind, "limit": limit, "newest": NEWEST}
    if internal == "FALSE":
        # Theirs are few: from their records to the words, however common these are.
        return _ids(
            f"""SELECT r.id FROM records_record r JOIN search_document sd ON sd.record_id = r.id
            WHERE {public} AND {visible} AND (%(kind)s = '' OR r.kind = %(kind)s)
            ORDER BY r.id DESC LIMIT %(limit)s""",  # noqa: S608
            values,
        )
    rule = f"(sd.in_public OR {internal}) AND {visible} AND (%(kind)s = '' OR r.kind = %(kind)s)"
    matching = f"SELECT sd.record_id, ({public}) AS in_public FROM search_document sd WHERE {public} OR {hidden}"  # noqa: S608
    # OFFSET 0 keeps it a walk: one look at a record for each document, until there are enough.
    seek = f"""SELECT r.id FROM (SELECT * FROM words ORDER BY record_id DESC) sd,
        LATERAL (SELECT * FROM records_record one WHERE one.id = sd.record_id OFFSET 0) r
      WHERE {rule} ORDER BY sd.record_id DESC LIMIT %(limit)s"""  # noqa: S608
    if estimate(public, values) > COMMON:
        newest = "(SELECT * FROM search_document ORDER BY record_id DESC LIMIT %(newest)s) sd"
        walk = matching.replace("search_document sd", newest)
        found = _ids(f"WITH words AS NOT MATERIALIZED ({walk}) {seek}", values)
        if len(found) == limit:
            return found
    return _ids(f"WITH words AS MATERIALIZED ({matching}) {seek}", values)


def _ids(sql: str, values: dict[str, Any]) -> list[int]:
    return [row[0] for row in rows(sql, values, prepare=False)]


def estimate(matches: str, values: dict[str, Any]) -> float:
    """How many documents the planner expects to match."""
    used = {name: value for name, value in values.items() if f"%({name})s" in matches}
    plan = rows(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM search_document sd WHERE {matches}", used, prepare=False)  # noqa: S608
    return float(plan[0][0][0]["Plan"]["Plan Rows"])


def _hits(ids: list[int], text: str) -> list[Hit]:
    if not ids:
        return []
    found = rows(
        f"""SELECT r.id, r.kind, r.number, r.title, r.state, r.state_category, r.priority,
          ts_headline('simple', left(r.description, 4000), websearch_to_tsquery('simple', %(text)s),
            'MaxWords=24, MinWords=12, ShortWord=2, StartSel={MARK_START}, StopSel={MARK_END}')
        FROM records_record r WHERE r.id = ANY(%(ids)s)""",  # noqa: S608
        {"ids": ids, "text": text},
    )
    by_id = {row[0]: Hit(row[1], row[2], row[3], row[7], row[4], row[5], row[6]) for row in found}
    return [by_id[record_id] for record_id in ids if record_id in by_id]
