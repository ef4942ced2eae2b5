"""`quell calendar eval`: the tester for operators (contract.md). Needs no database and no instance."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO

import click
import orjson

from quell.engines import calendar_questions
from quell.engines.businesstime.faults import CalendarFault
from quell.engines.businesstime.timetable import Timetable
from quell.engines.clock.faults import ClockFault

#: Bytes of a line. A calendar with the holidays of a century has some ten thousand.
LONGEST = 1_000_000
#: Calendars that are kept compiled: who asks much asks the same ones.
KEPT = 256


@click.group("calendar")
def command() -> None:
    """Try a working calendar."""


@command.command("eval")
def evaluate() -> int:
    """Answer questions about working time.

    Reads one JSON question a line from standard input and writes one JSON answer a line:

    \b
    {"calendar": {"zone": "Europe/Copenhagen", "weekly": {"mon": [["08:00", "16:00"]]}},
     "op": "due", "start": "2026-03-02T08:00:00Z", "seconds": 14400}     →  {"due": "…Z"}
    {"calendar": …, "op": "elapsed", "start": …, "end": …}               →  {"elapsed_seconds": n}

    A question that cannot be answered gives {"error": "…"} and the next one is read.
    """
    _speak_english()
    asked = False
    out = sys.stdout.buffer
    for line in lines(sys.stdin.buffer):
        asked = True
        out.write(reply(line) + b"\n")
        out.flush()  # whoever asks one by one waits for each answer
    if not asked:
        raise click.ClickException("Nothing was asked. Give one JSON question a line on standard input.")
    return 0


def reply(line: bytes) -> bytes:
    """The answer to one line, as JSON."""
    from quell.practices.calendars.queries.sentences import sentence

    try:
        return orjson.dumps(calendar_questions.answer(_read(line), _remembered))
    except (CalendarFault, ClockFault) as fault:
        told = sentence(fault)
    except ValueError:
        told = "This line is not JSON. Give one JSON question a line, in UTF-8."
    except RecursionError:
        told = "This line is nested too deeply to be a question."
    return json.dumps({"error": told}, ensure_ascii=False).encode("utf-8", "replace")


def lines(source: BinaryIO) -> Iterator[bytes]:
    """The lines that are not empty, each as soon as it is there. Of one that is too long only a beginning, which is no
    JSON and is answered as such."""
    while line := source.readline(LONGEST):
        whole = line.endswith(b"\n")
        while not whole and (rest := source.readline(LONGEST)):
            line, whole = line[:100], rest.endswith(b"\n")
        if line.strip():
            yield line


def _read(line: bytes) -> object:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return json.loads(line.decode())  # it reads whole numbers of any size, which are refused with their own words


def _remembered(document: object) -> Timetable:
    try:
        return _compiled(orjson.dumps(document))
    except TypeError:  # a number too large to be written down again
        return calendar_questions.compiled(document)


@lru_cache(maxsize=KEPT)
def _compiled(document: bytes) -> Timetable:
    return calendar_questions.compiled(orjson.loads(document))


def _speak_english() -> None:
    """Sentences without an instance: the command line speaks English, and nothing else is set up."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)
