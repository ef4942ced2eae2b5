"""Lists narrowed to words: internal words count only for those who may read notes.

A condition that asks two tables at once can use the index of neither. Rare words are therefore fetched by their index
first; common words, and words in the few records of somebody without a role, are looked up record by record while
the list is walked in its order (the scheme of kernel/records/find.py).
"""

from __future__ import annotations

from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.records.find import COMMON, estimate
from quell.kernel.records.visibility import internal_sql
from quell.kernel.search.query import as_number, condition

Fragment = tuple[str, dict[str, Any]]


def matching(actor: Actor, text: str, prefix: str = "q_", *, weigh: bool = True) -> Fragment:
    """A condition on `records_record r` with named parameters: the words of `text`, or the number it is. `weigh` asks
    the planner how common the words are; without it they count as rare."""
    public, values = condition(text, "sd.public_words", prefix)
    running = as_number(text)
    if running is not None:
        values = {**values, f"{prefix}number": f"{running[0] or 'INC'}-{running[1]:06d}"}
    number = f"r.number = %({prefix}number)s" if running else "FALSE"
    if not public:
        return number, values
    hidden, _same = condition(text, "sd.internal_words", prefix)
    internal, more = internal_sql(actor)
    values = {**values, **more}
    if internal == "FALSE" or (weigh and estimate(public, values) > COMMON):
        rule = public if internal == "FALSE" else f"({public} OR ({hidden} AND {internal}))"
        # OFFSET 0 keeps it a look at one document for each record of the list.
        one = f"EXISTS (SELECT 1 FROM search_document sd WHERE sd.record_id = r.id AND {rule} OFFSET 0)"  # noqa: S608
        return (f"({one} OR {number})" if running else one), values
    numbered = f" UNION SELECT id FROM records_record r WHERE {number}" if running else ""  # noqa: S608
    seen = f"SELECT sd.record_id FROM search_document sd WHERE {public}"  # noqa: S608
    # An array is fetched before anything else. Asked with IN, the planner may walk the whole list in its order and look
    # each record up among the few that match; where nothing matches, that is every record there is.
    sql = f"r.id = ANY(ARRAY({seen} OR {hidden}{numbered}))"
    return (sql if internal == "TRUE" else f"({sql} AND ({internal} OR r.id = ANY(ARRAY({seen}{numbered}))))"), values
