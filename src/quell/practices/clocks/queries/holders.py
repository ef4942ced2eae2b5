"""Who held a record, for how long: by person, team, state and supplier (capability SL09; domain.md 5.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from quell.engines.businesstime.faults import CalendarFault
from quell.engines.businesstime.timetable import Timetable
from quell.engines.clock.holding import holdings, totals
from quell.kernel.config import sql
from quell.practices.agreements import facade as agreements
from quell.practices.calendars import facade as calendars

from ..rules.lines import Moment, moments
from .material import Material, material

PERSON, TEAM, STATE, SUPPLIER = "person", "team", "state", "supplier"
_DONE = frozenset({"resolved", "closed"})
_NAMES = {
    PERSON: "SELECT id, email, name FROM people_person WHERE id = ANY(%s)",
    TEAM: "SELECT id, code, name FROM people_team WHERE id = ANY(%s)",
}


@dataclass(frozen=True, slots=True)
class Held:
    """How long one had it. `key` is an e-mail address, the code of a team or of a state; it is empty for the time in
    which nobody did. A supplier is named as its contract names it, if it has one. `open` is the open time of the
    calendar the customer's promise is counted by; None without one."""

    kind: str
    key: str
    name: str
    time: timedelta
    open: timedelta | None
    current: bool


def holders(record_id: int, now: datetime) -> list[Held]:
    """From the report until it was resolved, or now: who had it, each kind in the order they first did. Time in which
    it was resolved already is nobody's."""
    found, _revisions = material([record_id])
    if not found:
        return []
    one = found[0]
    course = list(moments(one.subject))
    timetable = _timetable(one)
    out: list[Held] = []
    for kind, handed in _handed(one.subject.opened_at, course).items():
        held = holdings(handed, now)
        names = _names(kind, {each.holder for each in held if each.holder not in (None, "")})
        opened = totals(held, timetable) if timetable is not None else {}
        last = held[-1].holder if held else None
        for holder in dict.fromkeys(each.holder for each in held):
            if holder is None or (kind == SUPPLIER and holder == ""):
                continue
            whole = sum((each.end - each.begin for each in held if each.holder == holder), timedelta())
            key, name = names.get(holder, (holder, ""))
            if kind == SUPPLIER:
                name = _supplier(one)
            current = holder == last and held[-1].end >= now
            out.append(Held(kind, key, name, whole, opened.get(holder) if timetable else None, current))
    return out


def _handed(opened_at: datetime, course: Iterable[Moment]) -> dict[str, list[tuple[datetime, str | None]]]:
    """Then it went to …: ids as text, "" for nobody, None once it is resolved."""
    found: dict[str, list[tuple[datetime, str | None]]] = {PERSON: [], TEAM: [], STATE: [], SUPPLIER: []}
    for place, moment in enumerate(course):
        facts = moment.facts
        at = opened_at if place == 0 else moment.line.at
        done = facts["state_category"] in _DONE
        with_supplier = facts["state_category"] == "waiting" and facts.get("hold_reason") == "supplier"
        for kind, holder in (
            (PERSON, facts.get("assignee")),
            (TEAM, facts.get("team")),
            (STATE, facts.get("state")),
            (SUPPLIER, "supplier" if with_supplier else ""),
        ):
            found[kind].append((at, None if done else str(holder or "")))
    return found


def _supplier(one: Material) -> str:
    """What the contract that was chosen last calls the supplier."""
    for chosen in reversed(one.choices):
        if chosen.identity.kind == "uc" and chosen.target_id is not None:
            promised = agreements.promised(chosen.target_id)
            if promised is not None and promised.supplier:
                return promised.supplier
    return ""


def _timetable(one: Material) -> Timetable | None:
    """The calendar of the promise to the customer that was chosen last."""
    for chosen in reversed(one.choices):
        if chosen.identity.kind == "sla" and chosen.target_id is not None:
            promised = agreements.promised(chosen.target_id)
            if promised is not None:
                try:
                    return calendars.timetables()[promised.terms.calendar]
                except (KeyError, CalendarFault):
                    return None
    return None


def _names(kind: str, ids: set[Any]) -> Mapping[str, tuple[str, str]]:
    if kind not in _NAMES or not ids:
        return {}
    return {str(row[0]): (row[1], row[2]) for row in sql.rows(_NAMES[kind], [[int(one) for one in ids]])}
