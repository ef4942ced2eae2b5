"""Lists of incidents for rooms that do not know incidents: views, batches, exports (kernel/records/query_words.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from quell.kernel.access.actor import Actor

from . import asking, filters, listing

PAGE = 200
#: Columns that stand in a row under another name.
_SHOWN = {"requester": "requester_name", "assignee": "assignee_name", "owner": "owner_name", "team": "team_name",
          "service": "service_name"}  # fmt: skip


def check(actor: Actor, query: str) -> object:
    """The whole check of a query with somebody's rights; raises Invalid."""
    return asking.asked(actor, query)


def page(actor: Actor, parameters: Mapping[str, str]) -> tuple[Sequence[Mapping[str, Any]], str | None]:
    """Some rows, and the cursor of the next."""
    wanted = filters.wanted(actor, parameters, default_limit=PAGE)
    found = listing.page(actor, wanted.filter, wanted.order, limit=wanted.limit, cursor=wanted.cursor)
    return found.rows, found.next_cursor


def count(actor: Actor, parameters: Mapping[str, str]) -> int:
    """How many there are, counted up to COUNTED + 1."""
    return listing.count(actor, filters.wanted(actor, parameters).filter)


def numbers(actor: Actor, parameters: Mapping[str, str], limit: int) -> list[str]:
    """Numbers of all that match, at most `limit`."""
    return listing.numbers(actor, filters.wanted(actor, parameters).filter, limit=limit)


def cell(row: Mapping[str, Any], column: str) -> object:
    """What stands in a column."""
    return row.get(_SHOWN.get(column, column))
