"""Incidents like this one: the same service or category in the same hour first, then by the rarest words they share.

The words are those search keeps anyway. Of a text only its rarest words are looked up, each of them no further than its
newest hits, so that the question costs the same at any size. Only public words are compared: nobody learns from a
resemblance what a note says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql
from quell.kernel.records.visibility import visible_sql
from quell.kernel.search.words import fold, pairs, without_cjk

#: Words compared, hits looked at for each, characters of a text that count.
WORDS, HITS, LONGEST = 6, 120, 400
#: Parts of the weight of all words that must be shared before two texts count as alike.
ALIKE = 0.4
#: A word in more than this part of all documents says nothing.
COMMON = 0.05
#: Minutes around a report in which others of the same service or category belong together.
CLUSTER_MINUTES = 60

_LEXEMES = """
WITH words AS (
  SELECT DISTINCT w FROM unnest(tsvector_to_array(
    to_tsvector('english', %(text)s) || array_to_tsvector(%(parts)s::text[]))) w
), known AS (
  SELECT e.elem, e.freq FROM pg_stats s,
    unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS e(elem, freq)
  WHERE s.schemaname = current_schema() AND s.tablename = 'search_document' AND s.attname = 'public_words'
    AND e.elem IS NOT NULL
)
SELECT words.w, coalesce(known.freq, 0) FROM words LEFT JOIN known ON known.elem = words.w
WHERE length(words.w) > 1 AND coalesce(known.freq, 0) < %(common)s
ORDER BY 2, length(words.w) DESC, 1 LIMIT %(words)s
"""


@dataclass(frozen=True, slots=True)
class Similar:
    """An incident that resembles another. `share` is the part of the weight of all words they share (0 to 1), `near`
    whether it is of the same service or category and hour."""

    number: str
    title: str
    state: str
    state_category: str
    priority: int
    opened_at: datetime
    requester: str
    share: float
    near: bool


@dataclass(frozen=True, slots=True)
class Like:
    """What is compared: a text, and where known the incident itself, its service, category and time."""

    text: str
    record_id: int = 0
    service_id: int | None = None
    category_id: int | None = None
    at: datetime | None = None
    requester_id: int | None = None
    open_only: bool = False


def similar(actor: Actor, like: Like, *, limit: int = 5) -> list[Similar]:
    """The incidents most like this one that the actor may see, the nearest first."""
    words = _words(like.text)
    if not words and like.at is None:
        return []
    visible, values = visible_sql(actor)
    values |= {
        "self": like.record_id,
        "at": like.at,
        "service": like.service_id,
        "category": like.category_id,
        "requester": like.requester_id or 0,
        "limit": limit,
        "hits": HITS,
        "minutes": CLUSTER_MINUTES,
        "all": sum(weight for _word, weight in words) or 1.0,
        "alike": ALIKE,
    }
    parts = []
    for place, (word, weight) in enumerate(words):
        values |= {f"s{place}": _quoted(word), f"w{place}": weight}
        parts.append(
            f"(SELECT record_id, %(w{place})s::float AS weight FROM search_document"  # noqa: S608 - our own fragments
            f" WHERE public_words @@ %(s{place})s::tsquery ORDER BY record_id DESC LIMIT %(hits)s)"
        )
    if like.at is not None and (like.service_id or like.category_id):
        parts.append(_NEAR)
    if not parts:
        return []
    only_open = "AND r.state_category IN ('new', 'active', 'waiting')" if like.open_only else ""
    found = _FOUND.format(parts=" UNION ALL ".join(parts), visible=visible, only=only_open)
    return [Similar(*row) for row in sql.rows(found, values, prepare=False)]


_NEAR = """(SELECT n.id, -1.0::float FROM records_record n JOIN incidents_incident d ON d.record_id = n.id
  WHERE n.kind = 'incident' AND n.opened_at BETWEEN %(at)s::timestamptz - make_interval(mins => %(minutes)s)
    AND %(at)s::timestamptz + make_interval(mins => %(minutes)s)
    AND (n.service_id = %(service)s OR d.category_id = %(category)s) ORDER BY n.opened_at DESC LIMIT 50)"""
_FOUND = """
WITH hits(record_id, weight) AS ({parts}), scored AS (
  SELECT record_id, sum(greatest(weight, 0)) / %(all)s AS share, bool_or(weight < 0) AS near
  FROM hits WHERE record_id <> %(self)s GROUP BY record_id
)
SELECT r.number, r.title, r.state, r.state_category, r.priority, r.opened_at, p.name, scored.share, scored.near
FROM scored JOIN records_record r ON r.id = scored.record_id JOIN people_person p ON p.id = r.requester_id
WHERE r.kind = 'incident' AND (scored.share >= %(alike)s OR scored.near) AND {visible} {only}
  AND NOT EXISTS (SELECT 1 FROM records_link l
    WHERE l.source_id = r.id AND l.target_id = %(self)s AND l.kind = 'merged_into')
ORDER BY (scored.near AND scored.share >= %(alike)s) DESC, scored.near DESC,
  scored.share + CASE WHEN r.state_category IN ('new', 'active', 'waiting') THEN 0.3 ELSE 0 END
    + CASE WHEN r.requester_id = %(requester)s THEN 0.3 ELSE 0 END DESC, r.id DESC
LIMIT %(limit)s
"""


def _words(text: str) -> list[tuple[str, float]]:
    """The rarest words of a text, each with its weight: the rarer, the heavier."""
    folded = fold(text[:LONGEST])
    values: dict[str, Any] = {
        "text": without_cjk(folded),
        "parts": pairs(folded),
        "common": COMMON,
        "words": WORDS,
    }
    return [(word, math.log(1 / (freq + 0.0005))) for word, freq in sql.rows(_LEXEMES, values)]


def _quoted(word: str) -> str:
    """A word as a tsquery, whatever it contains."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
