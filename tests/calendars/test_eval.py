"""`quell calendar eval` (contract.md), and the sentences of everything that can be wrong with a calendar."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from quell.engines.businesstime.faults import CODES, CalendarFault
from quell.engines.clock.faults import CODES as CLOCK_CODES
from quell.engines.clock.faults import ClockFault
from quell.practices.calendars import facade
from quell.practices.calendars.rules.feeds import TROUBLES
from quell.project.commands.calendar import lines, reply
from tests.engines.test_businesstime_vectors import VECTORS, vectors

WEEK = {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
CALENDAR = {"zone": "Europe/Copenhagen", "weekly": WEEK, "closed": ["2026-04-02", "2026-04-03", "2026-04-06"]}
DUE = {"calendar": CALENDAR, "op": "due", "start": "2026-04-01T12:00:00Z", "seconds": 28800}
ELAPSED = {"calendar": CALENDAR, "op": "elapsed", "start": "2026-04-01T12:00:00Z", "end": "2026-04-07T12:00:00Z"}


def run(given: bytes) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own, where nothing of an instance is there."""
    words = [sys.executable, "-m", "quell.project.main", "calendar", "eval"]
    source = str(Path(__file__).parents[2] / "src")
    return subprocess.run(words, input=given, capture_output=True, timeout=120, env={"PYTHONPATH": source})


def test_lines_in_lines_out_without_an_instance() -> None:
    asked = [
        json.dumps(DUE),
        "",
        "not json",
        json.dumps(ELAPSED),
        json.dumps({**DUE, "seconds": 0}),
        "[]",
        '{"op":"due"',
    ]
    done = run("\n".join(asked).encode())
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, b"")
    assert told[0] == {"due": "2026-04-07T12:00:00Z"} and told[2] == {"elapsed_seconds": 28800}
    assert [list(one) for one in told] == [["due"], ["error"], ["elapsed_seconds"], ["error"], ["error"], ["error"]]
    assert told[3]["error"] == "A promise of 0 cannot be kept or broken. Give an amount above zero."
    nothing = run(b"\n \n")
    assert (nothing.returncode, nothing.stdout) == (1, b"")
    assert nothing.stderr.startswith(b"quell: Nothing was asked.")


def test_each_answer_comes_before_the_next_question() -> None:
    words = [sys.executable, "-m", "quell.project.main", "calendar", "eval"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin and running.stdout
        for _ in range(2):
            running.stdin.write(json.dumps(DUE).encode() + b"\n")
            running.stdin.flush()
            assert json.loads(running.stdout.readline()) == {"due": "2026-04-07T12:00:00Z"}
        running.stdin.close()


def test_strange_lines_stop_nothing() -> None:
    for line in (b"[" * 200_000, b"\xff\xfe", b'{"op": "\\ud800"}', b"1" * 5_000, b"NaN", b'{"op":"due","op":"due"}'):
        assert set(json.loads(reply(line))) == {"error"}

    class Long:
        """A source whose first line has no end for long."""

        def __init__(self) -> None:
            self.left = [b"x" * 1_000_000, b"x" * 1_000_000, b"x\n", b"{}\n"]

        def readline(self, most: int) -> bytes:
            return self.left.pop(0) if self.left else b""

    source: Any = Long()
    assert [len(line) for line in lines(source)] == [100, 3]


def test_many_questions_are_quick() -> None:
    begun = time.process_time()
    asked = json.dumps(DUE).encode()
    for _ in range(10_000):
        reply(asked)
    assert time.process_time() - begun < 2


@pytest.mark.skipif(not VECTORS.exists(), reason=f"{VECTORS} is not there")
def test_other_libraries_sums() -> None:
    """What moment-business-time adds in hours and minutes, asked as a line."""
    looked_at = 0
    for vector in vectors("moment_business_time"):
        args = vector["args"]
        if vector["op"] != "addWorkingTime" or len(args) != 2 or args[1] not in ("hours", "minutes", "hour", "minute"):
            continue
        if not isinstance(vector["expected"], str) or args[0] <= 0 or vector["calendar"]["days"] != "Mon-Fri":
            continue
        week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), vector["calendar"]["hours"])
        document = {
            "zone": "UTC",
            "weekly": week,
            "closed": [day for day in vector["calendar"]["holidays"] if day[:1] == "2"],
        }
        seconds = args[0] * (3600 if args[1].startswith("hour") else 60)
        asked = {"calendar": document, "op": "due", "start": vector["start"] + "Z", "seconds": seconds}
        told = json.loads(reply(json.dumps(asked).encode()))
        assert told["due"][:19] == vector["expected"].replace(" ", "T")[:19], vector
        looked_at += 1
    assert looked_at > 5


FACTS: dict[str, str | int] = {
    "zone": "Mars", "day": "mon", "found": "8", "at": "08:00", "first": "08:00–10:00", "second": "09:00–11:00",
    "since": "2027-01-01", "until": "2026-01-01", "calendar": "office", "path": "a → b → a", "field": "colour",
    "op": "guess", "seconds": 5, "amount": 0, "longest": 7, "kind": "odd", "policy": "odd", "percents": "0",
}  # fmt: skip


@pytest.mark.parametrize("code", CODES, ids=str)
def test_every_fault_of_a_calendar_has_its_sentence(code: str) -> None:
    told = facade.sentence(CalendarFault(code, **FACTS))
    assert told.endswith(".") and "%" not in told and len(told) < 130
    assert facade.sentence(CalendarFault(code)), "a fact that is not told breaks no sentence"


@pytest.mark.parametrize("code", CLOCK_CODES, ids=str)
def test_every_fault_of_a_clock_has_its_sentence(code: str) -> None:
    told = facade.sentence(ClockFault(code, **FACTS))
    assert told.endswith(".") and "%" not in told and len(told) < 130


def test_every_trouble_of_a_feed_has_its_sentence() -> None:
    told = {facade.feed_trouble(code, "404") for code in TROUBLES}
    assert len(told) == len(TROUBLES)
