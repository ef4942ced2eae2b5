"""Who held the clocks of a report: their time added up by team, person, state or supplier (capability SL09).

Three statements for any number of clocks: the clocks, the courses of their records, and the names. What waits or went
through more than a row tells by itself is counted anew from its history, all of it with one statement more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from math import ceil
from operator import itemgetter
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from quell.engines.businesstime.faults import CalendarFault
from quell.engines.businesstime.local import to_micros
from quell.engines.businesstime.timetable import Timetable
from quell.engines.clock.faults import ClockFault
from quell.engines.clock.state import PAUSED, RAN, RESTED, Clock
from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import AGREEMENTS_MANAGE, RECORDS_LEAD
from quell.kernel.config import sql
from quell.kernel.config.refusal import Invalid
from quell.practices.agreements import facade as agreements
from quell.practices.calendars import facade as calendars

from ..rules.counting import shown
from ..rules.dividing import (
    HOLDERS,
    NOBODY,
    PERSON,
    SUPPLIER,
    TEAM,
    Divided,
    Lived,
    Stretch,
    divided,
    stretches,
    told,
)
from ..rules.happenings import ELSEWHERE
from ..rules.lines import moments
from .asking import NONE, Asked, reader, source
from .behind import Sought, chosen_of
from .material import categories, material
from .planning import as_stored, plans

#: Clocks that are divided while somebody waits, and how many of them may have to be counted anew for it.
MOST, MOST_ANEW = 60_000, 6_000
#: Who is meant by a line of several people, for readers who do not lead them (domain.md 8.4).
OTHERS = "others"
_SECOND, MICROSECOND = 1_000_000, timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Share:
    """What one held of the clocks: `counted` and `paused` are seconds of their open time, `median` seconds counted of
    a ticket (nearest rank), `share` its part of everything counted, in percent."""

    key: str
    name: str
    code: str
    tickets: int
    counted: int
    paused: int
    share: float | None
    median: int


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one held of the clocks of one ticket, in seconds."""

    number: str
    title: str
    record_kind: str
    state: str
    counted: int
    paused: int


@dataclass(frozen=True, slots=True)
class HeldReport:
    """Who held the clocks behind a figure, line by line; `total` is all of it, each ticket once."""

    by: str
    rows: tuple[Share, ...]
    total: Share
    clocks: int
    now: datetime


def known_holder(by: str) -> str:
    """A kind of holder; raises Invalid."""
    if by not in HOLDERS:
        raise Invalid.field("by", _("Choose one of: %(choices)s.") % {"choices": ", ".join(HOLDERS)})
    return by


def held(actor: Actor, asked: Asked, sought: Sought, by: str, now: datetime) -> HeldReport:
    """The time of the clocks behind a figure, divided; raises Forbidden, Invalid (too many to be divided at once)."""
    clocks, found = _divided(actor, asked, sought, by, now)
    lines: dict[str, dict[int, tuple[int, int]]] = {}
    whole: dict[int, tuple[int, int]] = {}
    for record, shares in found.items():
        for holder, (counted, paused) in shares.items():
            if counted or paused:
                lines.setdefault(holder, {})[record] = (counted, paused)
        whole[record] = (sum(one[0] for one in shares.values()), sum(one[1] for one in shares.values()))
    known = _names(by, lines)
    all_counted = sum(counted for counted, _paused in whole.values())
    rows = [_share(known[holder], parts, all_counted) for holder, parts in lines.items()]
    # People stand by name: this is no ranking of them.
    rows.sort(key=(lambda row: (row.key == NONE, row.name)) if by == PERSON else (lambda row: (-row.counted, row.name)))
    return HeldReport(by, tuple(rows), _share(("", "", ""), whole, all_counted), clocks, now)


def held_tickets(
    actor: Actor, asked: Asked, sought: Sought, by: str, holder: str, now: datetime, *, limit: int, after: int = 0
) -> tuple[int, list[Ticket]]:
    """How many tickets one held ("" for all), and a page of them, who held most first, from the place `after` on."""
    _clocks, found = _divided(actor, asked, sought, by, now)
    wanted: list[tuple[int, int, int]] = []
    for record, shares in found.items():
        parts = list(shares.values()) if not holder else [shares[one] for one in shares if _key(one) == holder]
        counted, paused = sum(one[0] for one in parts), sum(one[1] for one in parts)
        if counted or paused or not holder:
            wanted.append((record, counted, paused))
    wanted.sort(key=lambda one: (-one[1], -one[2], one[0]))
    shown_here = wanted[after : after + limit]
    rows = {row["id"]: row for row in sql.dicts(_TICKETS, [[record for record, _counted, _paused in shown_here]])}
    names = ("number", "title", "record_kind", "state")
    return len(wanted), [
        Ticket(**{name: rows[record][name] for name in names}, counted=counted // _SECOND, paused=paused // _SECOND)
        for record, counted, paused in shown_here
    ]


def _key(holder: str) -> str:
    return holder or NONE


def _share(named: tuple[str, str, str], parts: Mapping[int, tuple[int, int]], whole: int) -> Share:
    key, name, code = named
    each = sorted(counted for counted, _paused in parts.values())
    counted = sum(each)
    return Share(
        key=key,
        name=name,
        code=code,
        tickets=len(parts),
        counted=counted // _SECOND,
        paused=sum(paused for _counted, paused in parts.values()) // _SECOND,
        share=round(100 * counted / whole, 2) if whole else None,
        median=each[ceil(len(each) / 2) - 1] // _SECOND if each else 0,
    )


_TICKETS = "SELECT id, number, title, kind AS record_kind, state FROM records_record WHERE id = ANY(%s)"
_MICROS = "(extract(epoch FROM {})*1000000)::bigint"
_CLOCKS = f"""
SELECT c.record_id, c.kind, c.metric, c.holder, c.number, c.target_id, c.calendars_as_of, c.state,
  {_MICROS.format("c.started_at")} AS begin, {_MICROS.format("c.stopped_at")} AS stop,
  {_MICROS.format("c.spent")} AS spent, {_MICROS.format("c.spent_at")} AS spent_at,
  {_MICROS.format("c.paused")} AS paused, {_MICROS.format("c.paused_until")} AS until
"""
_WATCHED = ("team", "assignee", "state", "hold_reason", "resume_at")
_CHANGE = ", ".join(f"e.changes->'{name}'" for name in _WATCHED[:3])
_REASON = "CASE WHEN e.changes ? 'hold_reason' THEN coalesce(e.changes->'hold_reason'->>1, '') END"
_RESUME = _MICROS.format("(e.changes->'resume_at'->>1)::timestamptz")
# What was handed on, and when; the first line is the report itself, however late it was written down.
_COURSES = f"""
SELECT r.id, r.kind, {_MICROS.format("r.opened_at")}, r.team_id, r.assignee_id, r.state, x.changes,
  CASE WHEN %(suppliers)s THEN (SELECT a.supplier FROM clocks_clock u JOIN agreements_target t ON t.id = u.target_id
    JOIN agreements_version v ON v.id = t.version_id JOIN agreements_agreement a ON a.id = v.agreement_id
    WHERE u.record_id = r.id AND u.kind = 'uc' ORDER BY u.id DESC LIMIT 1) END
FROM records_record r LEFT JOIN (
  SELECT e.record_id, jsonb_agg(jsonb_build_array(
      CASE WHEN e.verb = 'open' THEN 0 ELSE {_MICROS.format("e.at")} END, {_CHANGE}, {_REASON},
      CASE WHEN e.changes ? 'resume_at' THEN coalesce({_RESUME}, 0) END) ORDER BY e.at, e.id) AS changes
  FROM journal_entry e WHERE e.record_id = ANY(%(ids)s) AND e.changes ?| %(watched)s
  GROUP BY e.record_id) x ON x.record_id = r.id
WHERE r.id = ANY(%(ids)s)
"""  # noqa: S608 - expressions of our own


@dataclass(frozen=True, slots=True)
class _Course:
    """A record's course by one kind of holder, and what its supplier is called."""

    stretches: list[Stretch]
    supplier: str


_Found = dict[int, Divided]


def _divided(actor: Actor, asked: Asked, sought: Sought, by: str, now: datetime) -> tuple[int, _Found]:
    """By record, what each held of its clocks, in microseconds; and how many clocks that were."""
    known_holder(by)
    reader(actor)
    rows = source(actor, asked, now)
    chosen, values = chosen_of(rows, sought)
    statement = f"{_CLOCKS} {rows.body} AND {chosen} ORDER BY c.record_id LIMIT {MOST + 1}"
    clocks = sql.dicts(statement, {**rows.values, **values}, prepare=False)
    if len(clocks) > MOST:
        raise _too_many(MOST)
    ids = sorted({row["record_id"] for row in clocks})
    given = {"ids": ids, "watched": list(_WATCHED), "suppliers": by == SUPPLIER}
    courses = {row[0]: _course(by, row) for row in sql.rows(_COURSES, given)}
    at, moment = _Timetables(), to_micros(now)
    found: _Found = {}
    anew: list[Mapping[str, Any]] = []
    for row in clocks:
        shares = _at_once(row, courses[row["record_id"]], at, moment)
        if shares is None:
            anew.append(row)
        else:
            _put(found, row["record_id"], shares)
    if len(anew) > MOST_ANEW:
        raise _too_many(MOST_ANEW)
    for record, shares in _anew(anew, courses, now):
        _put(found, record, shares)
    named = {record: _named(by, shares, courses[record], actor) for record, shares in found.items()}
    return len(clocks), named


def _too_many(most: int) -> Invalid:
    said = {"most": number_format(most, force_grouping=True)}
    return Invalid.field(
        "period",
        _("Who held them is added up for %(most)s clocks at once. Choose a shorter period, or one service or team.")
        % said,
    )


def _course(by: str, row: Sequence[Any]) -> _Course:
    _record, kind, opened_at, team, person, state, changes, supplier = row
    course = stretches(by, opened_at, (team, person, state), changes or (), categories(kind))
    return _Course(course, supplier or "")


class _Timetables:
    """The calendar and the terms of clocks, each looked up once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], tuple[Timetable, frozenset[str]] | None] = {}

    def __call__(self, row: Mapping[str, Any]) -> tuple[Timetable, frozenset[str]] | None:
        """The timetable of a row and what it pauses on; None for one that cannot be meant any more."""
        key = (row["target_id"], row["calendars_as_of"])
        if key not in self._known:
            self._known[key] = self._found(*key)
        return self._known[key]

    @staticmethod
    def _found(target_id: int, as_of: int) -> tuple[Timetable, frozenset[str]] | None:
        promised = agreements.promised(target_id)
        if promised is None:
            return None
        try:
            return calendars.timetables(as_of)[promised.terms.calendar], promised.terms.pauses_on
        except (KeyError, CalendarFault):
            return None


def _at_once(row: Mapping[str, Any], course: _Course, at: _Timetables, now: int) -> Divided | None:
    """A clock divided by what its row says; None where that does not come out."""
    known = at(row)
    if known is None:
        # Nothing can be counted by its calendar any more: what had been counted is nobody's.
        return {NOBODY: [row["spent"], row["paused"]]}
    timetable, pauses_on = known
    opened = timetable.elapsed_micros
    spent, paused, end = row["spent"], row["paused"], row["stop"]
    if end is None:
        end, since = max(now, row["begin"]), max(now, row["spent_at"])
        on = row["spent_at"]
        if row["state"] == PAUSED:
            on = since if row["until"] is None else max(min(row["until"], since), row["spent_at"])
            paused += opened(row["spent_at"], on)
        spent += opened(on, since)
    if row["holder"]:
        pauses_on |= {ELSEWHERE}
    return divided(Lived(row["begin"], end, spent, paused, pauses_on, row["holder"]), course.stretches, opened)


def _anew(
    rows: Sequence[Mapping[str, Any]], courses: Mapping[int, _Course], now: datetime
) -> Iterator[tuple[int, Divided]]:
    """Clocks divided by the whole of their history."""
    if not rows:
        return
    wanted = {record: list(group) for record, group in groupby(rows, key=itemgetter("record_id"))}
    found, revisions = material(list(wanted))
    for one in found:
        record = one.subject.record_id
        course = list(moments(one.subject))
        by = as_stored(one.stored, revisions.calendars)
        clocks: dict[tuple[str, str, str], Clock] = {}
        for plan in plans(one.choices):
            key = (plan.identity.kind, plan.identity.metric, plan.identity.holder)
            if any(key == (row["kind"], row["metric"], row["holder"]) for row in wanted[record]):
                try:
                    clocks[key] = shown(one.subject, course, plan, calendars.timetables(by(plan.identity)), now)
                except (ClockFault, CalendarFault):
                    continue
        for row in wanted[record]:
            clock = clocks.get((row["kind"], row["metric"], row["holder"]))
            if clock is None or row["number"] > len(clock.instances):
                yield record, {NOBODY: [row["spent"], row["paused"]]}
            else:
                opened = calendars.timetables(row["calendars_as_of"])[_calendar(clock, row)].elapsed_micros
                yield record, _explained(clock, row["number"] - 1, courses[record].stretches, opened)


def _calendar(clock: Clock, row: Mapping[str, Any]) -> str:
    return clock.instances[row["number"] - 1].terms.calendar


def _explained(clock: Clock, place: int, course: Sequence[Stretch], opened: Callable[[int, int], int]) -> Divided:
    """An instance by its stretches, with those of the ones before it whose time it took over whole."""
    instance = clock.instances[place]
    segments = [one for one in instance.segments if one.kind != RESTED]
    shares = told(
        ((to_micros(one.begin), to_micros(one.end), one.kind == RAN) for one in segments),
        (instance.elapsed - instance.carried) // MICROSECOND,
        course,
        opened,
    )
    if instance.carried:
        before = clock.instances[place - 1] if place else None
        whole = before is not None and before.elapsed == instance.carried
        taken = (
            _explained(clock, place - 1, course, opened) if whole else {NOBODY: [instance.carried // MICROSECOND, 0]}
        )
        for holder, (counted, _paused) in taken.items():
            part = shares.setdefault(holder, [0, 0])
            part[0] += counted
    return shares


def _named(by: str, shares: Divided, course: _Course, actor: Actor) -> Divided:
    """The same under the keys a reader is told: a supplier by its name, and people by theirs where the reader leads
    people at all; else one's own time, and that of all others together."""
    if by == SUPPLIER and SUPPLIER in shares:
        return {(course.supplier or SUPPLIER) if holder else NOBODY: amounts for holder, amounts in shares.items()}
    if by != PERSON or _leads(actor):
        return shares
    found: Divided = {}
    for holder, (counted, paused) in shares.items():
        told_as = holder if holder in (NOBODY, str(actor.person_id)) else OTHERS
        amounts = found.setdefault(told_as, [0, 0])
        amounts[0] += counted
        amounts[1] += paused
    return found


def _leads(actor: Actor) -> bool:
    scopes = [actor.scope(capability) for capability in (RECORDS_LEAD, AGREEMENTS_MANAGE)]
    return any(one.everywhere or one.organisations or one.teams for one in scopes)


def _put(found: _Found, record: int, shares: Divided) -> None:
    there = found.setdefault(record, {})
    for holder, (counted, paused) in shares.items():
        amounts = there.get(holder)
        if amounts is None:
            there[holder] = [counted, paused]
        else:
            amounts[0] += counted
            amounts[1] += paused


_NAMES = {
    PERSON: "SELECT id::text, name, email FROM people_person WHERE id = ANY(%s::bigint[])",
    TEAM: "SELECT id::text, name, code FROM people_team WHERE id = ANY(%s::bigint[])",
}


def _names(by: str, holders: Iterable[str]) -> dict[str, tuple[str, str, str]]:
    """Key, name and code of each holder; states are told by their codes, which whoever shows them puts into words."""
    ids = [one for one in holders if one.isdecimal()] if by in _NAMES else []
    found = {row[0]: row for row in sql.rows(_NAMES[by], [ids])} if ids else {}
    said: dict[str, tuple[str, str, str]] = {
        one: (one, *(found[one][1:] if one in found else (one, one))) for one in holders
    }
    said[NOBODY] = (NONE, _("Not with a supplier") if by == SUPPLIER else _("Nobody"), "")
    said[OTHERS] = (OTHERS, _("Other people"), "")
    said[SUPPLIER] = (SUPPLIER, _("A supplier without a contract"), "")
    return said
