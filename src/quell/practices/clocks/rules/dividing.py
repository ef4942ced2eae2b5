"""The time of a clock divided among those who had the record meanwhile (capability SL09). Pure; amounts and moments are
whole microseconds.

A record's course is cut into stretches in which nothing changed that matters here. A clock's time is what the calendar
was open in those it lived through: counted, or stood still where the record waited for something its terms pause on.
Whether that is so the stored row tells: what does not come out as it says is counted anew from the whole history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .happenings import ELSEWHERE

PERSON, TEAM, STATE, SUPPLIER = "person", "team", "state", "supplier"
HOLDERS = (TEAM, PERSON, STATE, SUPPLIER)
#: Nobody has it, or it is with no supplier.
NOBODY = ""
_WAITING, _DONE = "waiting", frozenset({"resolved", "closed"})

#: How much of [begin, end) a calendar was open.
Open = Callable[[int, int], int]


class Stretch(NamedTuple):
    """From `begin` until the next one: who had it, and what it waited for (until when, if that was said)."""

    begin: int
    holder: str
    team: str
    waits: str
    until: int | None
    done: bool


#: A change of the record: its moment (0: when it was opened), then team, person and state as [before, after], and the
#: reason to wait and the end of the wait as they are from then on ("" and 0: no more); None for what stays.
Change = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Lived:
    """One clock: when it lived, what it counted and how long it stood still in that time, and what it pauses on.
    `whose`: the team it is kept for."""

    begin: int
    end: int
    spent: int
    paused: int
    pauses_on: frozenset[str]
    whose: str = ""


def stretches(
    by: str, opened_at: int, now: Sequence[Any], changes: Sequence[Change], categories: Mapping[str, str]
) -> list[Stretch]:
    """The course of a record by one kind of holder, from its opening on. `now` is its team, person and state after the
    last change: what has never changed it had from the start."""
    found: list[Stretch] = []
    team, person, state = (_at_first(changes, place, value) for place, value in enumerate(now, 1))
    reason, resumes = "", 0
    for at, to_team, to_person, to_state, to_reason, to_resume in (_BEGUN, *changes):
        team = team if to_team is None else str(to_team[1] or "")
        person = person if to_person is None else str(to_person[1] or "")
        state = state if to_state is None else str(to_state[1] or "")
        reason = reason if to_reason is None else to_reason
        resumes = resumes if to_resume is None else to_resume
        category = categories.get(state, "")
        done, waits = category in _DONE, reason if category == _WAITING else ""
        if by == SUPPLIER:
            holder = SUPPLIER if waits == SUPPLIER else NOBODY
        elif done:
            holder = NOBODY
        else:
            holder = team if by == TEAM else person if by == PERSON else state
        one = Stretch(max(at, opened_at), holder, team, waits, (resumes or None) if waits else None, done)
        if found and found[-1][1:] == one[1:]:
            continue
        if found and found[-1].begin == one.begin:
            found.pop()
        found.append(one)
    return found


#: A record begins as it was at first, unless the line of its opening says more.
_BEGUN: Change = (0, None, None, None, None, None)


def _at_first(changes: Sequence[Change], place: int, value: Any) -> str:
    for change in changes:
        if change[place] is not None:
            return str(change[place][0] or "")
    return str(value or "")


#: Holder → what was counted, and how long it stood still.
Divided = dict[str, list[int]]


def divided(clock: Lived, course: Sequence[Stretch], opened: Open) -> Divided | None:
    """The time of a clock by holder; None where it does not come out as its row says."""
    shares: Divided = {}
    spent = paused = 0
    for begin, end, one in pieces(clock.begin, clock.end, course):
        if one is not None and one.done:
            continue
        stands = 0
        if one is not None:
            if clock.whose and one.team != clock.whose and ELSEWHERE in clock.pauses_on:
                stands = opened(begin, end)
            elif one.waits in clock.pauses_on:
                # A wait with a date ends on that date.
                stands = opened(begin, end if one.until is None else min(max(one.until, begin), end))
        counted = opened(begin, end) - stands
        _add(shares, one.holder if one is not None else NOBODY, counted, stands)
        spent += counted
        paused += stands
    return shares if (spent, paused) == (clock.spent, clock.paused) else None


def told(segments: Iterable[tuple[int, int, bool]], spent: int, course: Sequence[Stretch], opened: Open) -> Divided:
    """The same from the stretches of its explanation: (begin, end, did it count). What was taken over from before and
    lies in none of them is nobody's."""
    shares: Divided = {}
    for first, last, counts in segments:
        for begin, end, one in pieces(first, last, course):
            amount = opened(begin, end)
            _add(shares, one.holder if one is not None else NOBODY, amount if counts else 0, 0 if counts else amount)
    rest = spent - sum(one[0] for one in shares.values())
    if rest:
        _add(shares, NOBODY, rest, 0)
    return shares


def pieces(begin: int, end: int, course: Sequence[Stretch]) -> Iterable[tuple[int, int, Stretch | None]]:
    """[begin, end) cut where the course changes; None for the time before it was written down."""
    if begin < course[0].begin:
        yield begin, min(end, course[0].begin), None
    for place, one in enumerate(course):
        first = max(begin, one.begin)
        last = min(end, course[place + 1].begin) if place + 1 < len(course) else end
        if first < last:
            yield first, last, one


def _add(shares: Divided, holder: str, counted: int, stands: int) -> None:
    found = shares.get(holder)
    if found is None:
        shares[holder] = [counted, stands]
    else:
        found[0] += counted
        found[1] += stands
