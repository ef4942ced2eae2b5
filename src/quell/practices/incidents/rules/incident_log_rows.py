"""Rows of the UCI incident event log (UCI 498, doi 10.24432/C57S4H) turned into typed events, one row each.

The log is an export of one ServiceNow instance: a comma-separated table of 36 columns in which every row
says how one incident stood after one update. `?` means that the value is not known; dates are day first,
without zero padding, without seconds and without a zone (read as UTC, because nothing better is said); a
few labels carry two spaces. A row that cannot be understood is refused with its line and the reason, and
the rows around it still count. Pure: takes cells, gives values back; opening and decoding the file is the
reader's work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

COLUMNS = (
    "number",
    "incident_state",
    "active",
    "reassignment_count",
    "reopen_count",
    "sys_mod_count",
    "made_sla",
    "caller_id",
    "opened_by",
    "opened_at",
    "sys_created_by",
    "sys_created_at",
    "sys_updated_by",
    "sys_updated_at",
    "contact_type",
    "location",
    "category",
    "subcategory",
    "u_symptom",
    "cmdb_ci",
    "impact",
    "urgency",
    "priority",
    "assignment_group",
    "assigned_to",
    "knowledge",
    "u_priority_confirmation",
    "notify",
    "problem_id",
    "rfc",
    "vendor",
    "caused_by",
    "closed_code",
    "resolved_by",
    "resolved_at",
    "closed_at",
)
STATES = frozenset(
    {
        "New",
        "Active",
        "Awaiting User Info",
        "Awaiting Problem",
        "Awaiting Vendor",
        "Awaiting Evidence",
        "Resolved",
        "Closed",
        "-100",
    }
)
MISSING = frozenset({"", "?"})
LONGEST_LABEL = 100
LARGEST_COUNT = 100_000
# So many different cells are kept per kind of column, lest a strange file fill the memory.
MOST_REMEMBERED = 50_000

_NUMBER = re.compile(r"INC[0-9]{1,12}")
_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}) ([0-9]{1,2}):([0-9]{2})")
_LEVEL = re.compile(r"([1-4])(?: - .*)?")
_TWO_SPACES = re.compile(r"\S\s{2,}\S")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class RowFault(ValueError):
    """Why a row cannot be read: `code` is stable, `column` and `value` say where."""

    def __init__(self, code: str, column: str = "", value: str = "") -> None:
        super().__init__(f"{code} {column} {value!r}".strip())
        self.code = code
        self.column = column
        self.value = value


class Refused(NamedTuple):
    """A row left out: the line it starts on, the incident it names (empty when unreadable) and the reason."""

    line: int
    number: str
    code: str
    column: str
    value: str


class Event(NamedTuple):
    """How an incident stood after one update. Labels are as the log writes them, with single spaces."""

    line: int
    number: str
    state: str
    active: bool
    transfers: int
    reopenings: int
    revision: int
    made_sla: bool
    caller: str | None
    opened_by: str | None
    opened_at: datetime
    created_by: str | None
    created_at: datetime | None
    updated_by: str | None
    updated_at: datetime
    contact: str | None
    location: str | None
    category: str | None
    subcategory: str | None
    symptom: str | None
    ci: str | None
    impact: int
    urgency: int
    priority: int
    group: str | None
    resolver: str | None
    knowledge: bool
    priority_confirmed: bool
    notify: str | None
    problem: str | None
    change: str | None
    vendor: str | None
    caused_by: str | None
    closed_code: str | None
    resolved_by: str | None
    resolved_at: datetime | None
    closed_at: datetime | None


class NotTheLog(ValueError):
    """The table lacks columns of the log, or names one twice; `columns` says which."""

    def __init__(self, code: str, columns: Sequence[str]) -> None:
        super().__init__(f"{code}: {', '.join(columns)}")
        self.code = code
        self.columns = tuple(columns)


class Table:
    """Where each column of the log stands in this file, and how to read its rows.

    Further columns are allowed and not looked at. Remembers cells it has seen: the log repeats itself so
    much that reading a cell is nearly always one look-up.
    """

    def __init__(self, header: Sequence[str]) -> None:
        """Raises `NotTheLog` naming missing or doubled columns."""
        names = [name.strip().lower() for name in header]
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            raise NotTheLog("columns-missing", missing)
        doubled = sorted({name for name in COLUMNS if names.count(name) > 1})
        if doubled:
            raise NotTheLog("columns-doubled", doubled)
        self.width = len(names)
        self._readers: list[tuple[int, str, Callable[[str], object], dict[str, object]]] = []
        remembered: dict[object, dict[str, object]] = {}
        for name in COLUMNS:
            reader = _READERS.get(name, label)
            self._readers.append((names.index(name), name, reader, remembered.setdefault(reader, {})))
        self._number_at = names.index("number")

    def number_of(self, cells: Sequence[str]) -> str:
        """The incident a row belongs to, or an empty string when it names none."""
        if len(cells) <= self._number_at:
            return ""
        number = cells[self._number_at].strip().upper()
        return number if _NUMBER.fullmatch(number) else ""

    def event(self, cells: Sequence[str], line: int) -> Event:
        """The event of a row. Raises `RowFault`."""
        if len(cells) != self.width:
            raise RowFault("row-width", "", str(len(cells)))
        values: list[object] = [line]
        for position, name, reader, remembered in self._readers:
            cell = cells[position]
            try:
                values.append(remembered[cell])
            except KeyError:
                try:
                    value = reader(cell)
                except RowFault as fault:
                    raise RowFault(fault.code, name, cell[:LONGEST_LABEL]) from None
                if len(remembered) >= MOST_REMEMBERED:
                    remembered.clear()
                remembered[cell] = value
                values.append(value)
        return Event(*values)  # type: ignore[arg-type]  # each reader gives what the field of its column says


def label(cell: str) -> str | None:
    """A name as the log gives it, single-spaced; None for `?` and for nothing."""
    words = " ".join(cell.split())
    if words in MISSING:
        return None
    if len(words) > LONGEST_LABEL:
        raise RowFault("label-too-long")
    if _CONTROL.search(words):
        raise RowFault("label-unprintable")
    return words


def spaced_twice(cell: str) -> bool:
    """Whether a label carries more than one space between two words (`Opened by  8`)."""
    return _TWO_SPACES.search(cell) is not None


def moment(cell: str) -> datetime | None:
    """`29/2/2016 01:16` as UTC: day first; the log names no zone. None for `?`."""
    text = cell.strip()
    if text in MISSING:
        return None
    found = _DATE.fullmatch(text)
    if found is None:
        raise RowFault("date-unreadable")
    day, month, year, hour, minute = (int(part) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        raise RowFault("date-impossible") from None


def _moment_wanted(cell: str) -> datetime:
    found = moment(cell)
    if found is None:
        raise RowFault("value-missing")
    return found


def _number(cell: str) -> str:
    number = cell.strip().upper()
    if not _NUMBER.fullmatch(number):
        raise RowFault("number-unreadable")
    return number


def _state(cell: str) -> str:
    state = " ".join(cell.split())
    if state not in STATES:
        raise RowFault("state-unknown")
    return state


def _flag(cell: str) -> bool:
    word = cell.strip().lower()
    if word not in {"true", "false"}:
        raise RowFault("flag-unreadable")
    return word == "true"


def _count(cell: str) -> int:
    text = cell.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 6 or int(text) > LARGEST_COUNT:
        raise RowFault("count-unreadable")
    return int(text)


def _level(highest: int) -> Callable[[str], int]:
    def read(cell: str) -> int:
        found = _LEVEL.fullmatch(" ".join(cell.split()))
        if found is None or int(found[1]) > highest:
            raise RowFault("level-unknown")
        return int(found[1])

    return read


_three_levels = _level(3)

_READERS: Mapping[str, Callable[[str], object]] = {
    "number": _number,
    "incident_state": _state,
    "active": _flag,
    "reassignment_count": _count,
    "reopen_count": _count,
    "sys_mod_count": _count,
    "made_sla": _flag,
    "opened_at": _moment_wanted,
    "sys_created_at": moment,
    "sys_updated_at": _moment_wanted,
    "impact": _three_levels,
    "urgency": _three_levels,
    "priority": _level(4),
    "knowledge": _flag,
    "u_priority_confirmation": _flag,
    "resolved_at": moment,
    "closed_at": moment,
}
