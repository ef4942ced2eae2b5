"""The timetables of all calendars at a revision, kept by each process.

What a revision says never changes, so what was read of one is never read again: a warm look costs the question which
revision is the newest, and none at all when the asker names it. Documents are read and compiled only for the codes
that are asked for, and a compiled timetable is shared by all revisions in which nothing changed for it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from quell.engines.businesstime.calendar import WorkCalendar
from quell.engines.businesstime.combining import Named, Source, resolve
from quell.engines.businesstime.faults import CalendarFault
from quell.engines.businesstime.reading import parsed
from quell.engines.businesstime.timetable import Timetable
from quell.kernel.config import sql

#: Revisions and timetables a process keeps. A timetable of ten years is some hundred kilobytes.
REVISIONS, TIMETABLES = 16, 128

LATEST = "(SELECT coalesce(max(id), 0) FROM calendars_calendarversion)"
_HEADS = """
SELECT c.code, v.id, v.kind, v.parts FROM calendars_calendar c CROSS JOIN LATERAL (
  SELECT id, kind, parts FROM calendars_calendarversion x
  WHERE x.calendar_id = c.id AND x.id <= %s ORDER BY x.id DESC LIMIT 1) v
"""
_DOCUMENTS = "SELECT id, document FROM calendars_calendarversion WHERE id = ANY(%s)"

K = TypeVar("K")
V = TypeVar("V")


class _Kept(Generic[K, V]):
    """The values used last, at most so many; safe among threads."""

    def __init__(self, most: int) -> None:
        self._most, self._values, self._lock = most, OrderedDict[K, V](), threading.Lock()

    def get(self, key: K) -> V | None:
        """The value, now the one used last; None when it is not kept (any more)."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: K, value: V) -> V:
        """Keep it, and let go of what was used longest ago. Returns what is kept: the first of two at once."""
        with self._lock:
            kept = self._values.setdefault(key, value)
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)
            return kept

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()


@dataclass(frozen=True, slots=True)
class Head:
    """The version of a calendar at a revision: its number in the row of all, how it is made, and of what."""

    version_id: int
    kind: str
    parts: tuple[str, ...]


class Timetables(Mapping[str, Timetable]):
    """All timetables at one revision by code, each built when it is asked for. A calendar that cannot be meant any
    more (a part that is gone) raises CalendarFault when asked for, and harms no other."""

    def __init__(self, revision: int, heads: Mapping[str, Head]) -> None:
        self.revision = revision
        self.heads = heads
        #: By code, what its timetable depends on: worked out once.
        self.keys_of: dict[str, tuple[str, ...]] = {}

    def __getitem__(self, code: str) -> Timetable:
        return timetable(self, code)

    def __contains__(self, code: object) -> bool:
        return code in self.heads

    def __iter__(self) -> Iterator[str]:
        return iter(self.heads)

    def __len__(self) -> int:
        return len(self.heads)


_revisions: _Kept[int, Timetables] = _Kept(REVISIONS)
_timetables: _Kept[tuple[str, ...], Timetable] = _Kept(TIMETABLES)
_calendars: _Kept[int, WorkCalendar] = _Kept(4 * TIMETABLES)


def latest() -> int:
    """The newest revision of all calendars, 0 when there is none."""
    found = sql.row(f"SELECT {LATEST}")
    return found[0] if found else 0


def timetables(as_of: int | None = None) -> Timetables:
    """The timetables at a revision, the newest by default. One small statement; none when `as_of` is known."""
    revision = latest() if as_of is None else as_of
    kept = _revisions.get(revision)
    if kept is not None:
        return kept
    heads = {code: Head(number, kind, tuple(parts)) for code, number, kind, parts in sql.rows(_HEADS, [revision])}
    return _revisions.put(revision, Timetables(revision, heads))


def timetable(book: Timetables, code: str) -> Timetable:
    """One of them; raises KeyError for an unknown code, CalendarFault for one that cannot be meant."""
    if code not in book.heads:
        raise KeyError(code)
    key = book.keys_of.get(code)
    if key is None:
        key = book.keys_of[code] = _key(book.heads, code)
    kept = _timetables.get(key)
    if kept is None:
        kept = _timetables.put(key, Timetable(_source(book.heads, code, leaves(book.heads, code), {})))
    return kept


def leaves(heads: Mapping[str, Head], code: str) -> list[str]:
    """The codes that one stands on, itself included; raises CalendarFault for a circle or a missing part."""
    found: list[str] = []

    def walk(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise CalendarFault("circular", path=" → ".join((*above[above.index(name) :], name)))
        if name not in heads:
            raise CalendarFault("unknown_calendar", calendar=name)
        if name not in found:
            found.append(name)
        for part in heads[name].parts:
            walk(part, (*above, name))

    walk(code, ())
    return found


def standing_on(heads: Mapping[str, Head], codes: set[str]) -> list[str]:
    """These codes and every combination that has one of them below it, in the order of codes."""
    found = set(codes)
    grown = True
    while grown:
        more = {code for code, head in heads.items() if code not in found and found & set(head.parts)}
        found |= more
        grown = bool(more)
    return sorted(found)


def _key(heads: Mapping[str, Head], code: str) -> tuple[str, ...]:
    """What a timetable depends on: the versions of all it stands on."""
    return tuple(f"{name}:{heads[name].version_id}" for name in leaves(heads, code))


def _source(heads: Mapping[str, Head], code: str, below: list[str], drafts: Mapping[str, Source]) -> Source:
    weekly = {name: heads[name].version_id for name in below if not heads[name].parts and name not in drafts}
    read = _read(set(weekly.values()))
    book: dict[str, WorkCalendar | Named] = {name: read[version] for name, version in weekly.items()}
    book |= {name: draft for name, draft in drafts.items() if isinstance(draft, WorkCalendar)}
    book |= {name: Named(heads[name].kind, heads[name].parts) for name in below if heads[name].parts}
    return resolve(code, book)


def _read(wanted: set[int]) -> dict[int, WorkCalendar]:
    found = {version: kept for version in wanted if (kept := _calendars.get(version)) is not None}
    missing = sorted(wanted - set(found))
    for version, document in sql.rows(_DOCUMENTS, [missing]) if missing else ():
        source = parsed(document)
        assert isinstance(source, WorkCalendar)  # a combination keeps the codes of its parts, never their documents
        found[version] = _calendars.put(version, source)
    return found


@dataclass(frozen=True, slots=True)
class Draft:
    """A version of a calendar that is not kept yet."""

    code: str
    kind: str
    document: Mapping[str, object]
    parts: tuple[str, ...] = ()


class Overlaid(Mapping[str, Timetable]):
    """Timetables as they would be with some drafts in force; what does not stand on a draft is as it was."""

    def __init__(self, base: Timetables, drafts: Iterable[Draft]) -> None:
        self._base = base
        self._drafts = {draft.code: draft for draft in drafts}
        self.heads = {**base.heads, **{code: Head(0, d.kind, d.parts) for code, d in self._drafts.items()}}
        #: The drafts' codes and those of all combinations built on them.
        self.affected = tuple(standing_on(self.heads, set(self._drafts)))
        self._built: dict[str, Timetable] = {}

    def __getitem__(self, code: str) -> Timetable:
        if code not in self.affected:
            return self._base[code]
        if code not in self._built:
            self._built[code] = Timetable(self.source(code))
        return self._built[code]

    def source(self, code: str) -> Source:
        """What a calendar would say; raises CalendarFault when it cannot be meant."""
        below = leaves(self.heads, code)
        drafts = {name: parsed(self._drafts[name].document) for name in below if self._is_weekly_draft(name)}
        return _source(self.heads, code, below, drafts)

    def _is_weekly_draft(self, name: str) -> bool:
        return name in self._drafts and not self._drafts[name].parts

    def __contains__(self, code: object) -> bool:
        return code in self.heads

    def __iter__(self) -> Iterator[str]:
        return iter(self.heads)

    def __len__(self) -> int:
        return len(self.heads)


def forget() -> None:
    """Let go of everything kept; for tests that take back what they wrote."""
    for kept in (_revisions, _timetables, _calendars):
        kept.clear()
