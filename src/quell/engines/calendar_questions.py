"""The questions of `quell calendar eval` (contract.md): one JSON document in, one out. Pure.

    {"calendar": {…}, "op": "due", "start": "2026-03-02T08:00:00Z", "seconds": 14400}   →  {"due": "…Z"}
    {"calendar": {…}, "op": "elapsed", "start": "…Z", "end": "…Z"}                      →  {"elapsed_seconds": n}

What cannot be answered raises CalendarFault or ClockFault, each with a code and facts; the sentence is the asker's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from .businesstime.faults import CalendarFault
from .businesstime.local import utc
from .businesstime.reading import parsed
from .businesstime.timetable import Timetable
from .clock.terms import DURATION, Target

DUE, ELAPSED = "due", "elapsed"
_FIELDS = {DUE: {"calendar", "op", "start", "seconds"}, ELAPSED: {"calendar", "op", "start", "end"}}


def compiled(document: object) -> Timetable:
    """The timetable of a document; raises CalendarFault."""
    return Timetable(parsed(document))


def answer(question: object, timetable_of: Callable[[object], Timetable] = compiled) -> dict[str, str | int]:
    """The answer to one question; whoever asks many gives a `timetable_of` that remembers. How much is asked for is a
    promise like any other: nothing at all and more than five years are refused. Elapsed time is told in whole seconds,
    what is less than one left out."""
    if not isinstance(question, Mapping):
        raise CalendarFault("not_a_question", found=type(question).__name__)
    op = question.get("op")
    if op not in (DUE, ELAPSED):
        raise CalendarFault("unknown_op", op=str(op)[:40])
    for name in question:
        if name not in _FIELDS[op]:
            raise CalendarFault("unknown_field", field=str(name)[:40])
    return answered(timetable_of(question.get("calendar")), question)


def answered(timetable: Timetable, question: Mapping[str, object]) -> dict[str, str | int]:
    """The same of a calendar that is compiled already; `op` is known to be one of the two."""
    op = question["op"]
    start = _moment(question, "start")
    if op == ELAPSED:
        return {"elapsed_seconds": int(timetable.elapsed(start, _moment(question, "end")) / timedelta(seconds=1))}
    seconds = question.get("seconds")
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        raise CalendarFault("not_an_amount", found=str(seconds)[:40])
    due = timetable.add(start, timedelta(seconds=Target(DURATION, seconds).amount))
    if due is None:
        raise CalendarFault("never_due", seconds=seconds)
    return {"due": due.isoformat().replace("+00:00", "Z")}


def _moment(question: Mapping[str, object], name: str) -> datetime:
    found = question.get(name)
    if isinstance(found, str):
        try:
            return utc(datetime.fromisoformat(found))
        except (ValueError, TypeError, OverflowError):
            pass  # no moment, one without a zone, or one that in UTC lies outside all years
    raise CalendarFault("not_a_moment", field=name, found=str(found)[:40])
