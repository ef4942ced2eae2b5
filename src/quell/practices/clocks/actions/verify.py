"""Every clock counted again from the journal and compared with its row (architecture.md 5). A row is a cache: one that
differs is named, and mended unless the asker only wants to know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from quell.kernel.config import sql

from ..queries.material import Material, material
from .recount import COUNTED, Kept, counted, keep

BATCH = 500
_MICRO = timedelta(microseconds=1)
_NAMED = ("kind", "metric", "holder", "number")

#: Called with how many records are done, of how many.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what its history says. `column` is empty for a row that is missing or too many; `stored` and
    `replayed` are written as the API writes values."""

    number: str
    clock: str
    column: str
    stored: str
    replayed: str
    mended: bool


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was looked at, and what differed."""

    records: int
    clocks: int
    differences: Sequence[Difference]


#: From the look at one batch and the batches to what came of each, in order: one after the other, or several at once.
Spread = Callable[[Callable[[list[int]], Verified], list[list[int]]], Iterable[Verified]]

_IDS = "SELECT DISTINCT record_id FROM clocks_choice ORDER BY record_id"


def verify(*, mend: bool = True, progress: Progress | None = None, spread: Spread = map) -> Verified:
    """Replay everything, record by record in batches, each under the lock that its changes take."""
    ids = [row[0] for row in sql.rows(_IDS)]
    batches = [ids[at : at + BATCH] for at in range(0, len(ids), BATCH)]
    records = clocks = 0
    differences: list[Difference] = []
    for part in spread(partial(_batch, mend=mend), batches):
        records, clocks = records + part.records, clocks + part.clocks
        differences += part.differences
        if progress:
            progress(records, len(ids))
    return Verified(records, clocks, differences)


def _batch(ids: list[int], *, mend: bool) -> Verified:
    """These records, in a transaction of their own."""
    clocks = 0
    differences: list[Difference] = []
    with transaction.atomic():
        sql.execute("SELECT id FROM records_record WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [ids])
        found, revisions = material(ids)
        stored = _stored(ids)
        wrong: list[Kept] = []
        for one in found:
            kept = counted(one, revisions)
            clocks += len(kept.rows)
            seen = _compare(one, kept, stored.get(one.subject.record_id, {}), mend)
            if seen:
                differences += seen
                wrong.append(kept)
        if mend and wrong:
            keep(wrong)
    return Verified(len(found), clocks, differences)


_Rows = dict[tuple[Any, ...], dict[str, Any]]


def _stored(ids: Sequence[int]) -> dict[int, _Rows]:
    columns = ", ".join(("record_id", *_NAMED, *COUNTED))
    found: dict[int, _Rows] = {}
    for row in sql.dicts(f"SELECT {columns} FROM clocks_clock WHERE record_id = ANY(%s)", [list(ids)]):  # noqa: S608
        found.setdefault(row["record_id"], {})[tuple(row[name] for name in _NAMED)] = row
    return found


def _compare(one: Material, kept: Kept, stored: _Rows, mended: bool) -> list[Difference]:
    found: list[Difference] = []
    replayed = {tuple(row[name] for name in _NAMED): row for row in kept.rows}

    def differ(key: tuple[Any, ...], column: str, was: object, should: object) -> None:
        clock = "/".join(str(part) for part in key if part != "")
        found.append(Difference(one.number, clock, column, said(was), said(should), mended))

    for key, row in replayed.items():
        if key not in stored:
            differ(key, "", "", "there")
            continue
        for column in COUNTED:
            was, should = stored[key][column], row[column]
            # Most are equal as they are; only what is written otherwise has to be written out to be compared.
            if was != should and not _alike(column, was, should) and said(was) != said(should):
                differ(key, column, was, should)
    for key in stored.keys() - replayed.keys():
        differ(key, "", "there", "")
    if one.due_at != kept.due_at:
        differ(("record",), "due_at", one.due_at, kept.due_at)
    return found


def _alike(column: str, was: Any, should: Any) -> bool:
    """Amounts and warnings as they are usually kept: asked first, for it is cheaper than writing everything out."""
    if column == "warnings":
        return bool(was == [[percent, at and at.isoformat()] for percent, at in should])
    return isinstance(was, timedelta) and f"{was // _MICRO} microseconds" == should


def said(value: object) -> str:
    """A value as text, the same for what was read and what was counted: amounts in microseconds, times in UTC."""
    if isinstance(value, timedelta):
        return f"{value // _MICRO} microseconds"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(said(part) for part in value) + "]"
    if isinstance(value, str) and value.endswith("+00:00"):
        return value.replace("+00:00", "Z")
    return str(value)


def as_json(found: Verified) -> Mapping[str, Any]:
    """The result as one JSON document (contract.md)."""
    return {
        "records": found.records,
        "clocks": found.clocks,
        "differences": [
            {
                "record": one.number,
                "clock": one.clock,
                "column": one.column,
                "stored": one.stored,
                "replayed": one.replayed,
                "mended": one.mended,
            }
            for one in found.differences
        ],
        "differences_count": len(found.differences),
        "mended": sum(one.mended for one in found.differences),
    }
