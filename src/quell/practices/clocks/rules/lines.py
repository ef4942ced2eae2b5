"""The journal of a record as clocks read it: who did what when, and what the record was after each line. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from quell.engines.conditions import BY_DESK, BY_REQUESTER, FIELDS, NOTE


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the journal. `by` is the id of whoever did it, empty for the house."""

    entry: int
    at: datetime
    verb: str
    by: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subject:
    """A record with its history, oldest line first. `facts` are what it is now (after the last line), by the names
    the journal gives them; `categories` gives a state its category."""

    record_id: int
    kind: str
    opened_at: datetime
    responded_at: datetime | None
    requester: str
    facts: Mapping[str, Any]
    lines: Sequence[Line]
    categories: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Moment:
    """A line with the facts as they were once it had happened."""

    line: Line
    facts: Mapping[str, Any]


#: Everything that can be asked about, for records of which not everything is known.
_UNKNOWN: Mapping[str, Any] = dict.fromkeys((*(one.name for one in FIELDS.known), "resume_at"))


def moments(subject: Subject) -> Iterator[Moment]:
    """The course of a record, line by line.

    What a record was at first is what it is now with every change taken back. The first human response is a stamp on
    the record; where no line tells of it, it is put between the lines as one of its own.
    """
    facts: dict[str, Any] = {**_UNKNOWN, **subject.facts}
    for line in reversed(subject.lines):
        for name, pair in line.changes.items():
            facts[name] = pair[0]
    facts |= {"kind": subject.kind, "responded": False, "major": bool(facts.get("major"))}
    for line in _with_response(subject):
        for name, pair in line.changes.items():
            facts[name] = pair[1]
        facts["state_category"] = subject.categories.get(str(facts.get("state")), "")
        facts["responded"] = subject.responded_at is not None and line.at >= subject.responded_at
        momentary = {"verb": _verb(line), "said": _said(line, subject.requester)}
        yield Moment(line, {**facts, **momentary})


def _with_response(subject: Subject) -> Iterator[Line]:
    """The lines; between them the response, if it happened at a moment of which none of them tells."""
    moment = subject.responded_at
    told = moment is None or any(line.at == moment for line in subject.lines)
    last = 0
    for line in subject.lines:
        if not told and moment is not None and line.at > moment:
            yield Line(last, moment, "")
            told = True
        yield line
        last = line.entry
    if not told and moment is not None:
        yield Line(last, moment, "")


def _verb(line: Line) -> str:
    """What was done. A call for more authority hands nothing over, so nobody has to accept it: "call"."""
    return "call" if line.verb == "escalate" and not {"team", "assignee"} & set(line.changes) else line.verb


def _said(line: Line, requester: str) -> str:
    if line.verb == "reply" and line.by:
        return BY_REQUESTER if line.by == requester else BY_DESK
    return NOTE if line.verb == "note" else ""


def reported(line: Line, rule: str) -> datetime | None:
    """When the contact of a first line was really made, or seen, if the line says so (domain.md 5.6)."""
    names = ("detected_at", "reported_at") if rule == "detected" else ("reported_at",)
    for name in names:
        if found := line.data.get(name):
            return datetime.fromisoformat(str(found))
    return None


def hold(facts: Mapping[str, Any]) -> tuple[str, datetime | None]:
    """What a record waits for, and until when; ("", None) when it does not wait."""
    if facts.get("state_category") != "waiting":
        return "", None
    until = facts.get("resume_at")
    if isinstance(until, str):
        until = datetime.fromisoformat(until)
    return str(facts.get("hold_reason") or ""), until
