"""The steps of a macro as data: which texts they carry, in which languages, and their values at a moment. Pure.

A step is `{"verb": "hold", "inputs": {"hold_reason": "requester"}}`. Any text among the inputs may be given per
language, `{"en": "…", "da": "…"}`, and may use variables. A time may be given from now on: `+3d`, `+4h`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

Inputs = dict[str, Any]
MOST_STEPS = 20
#: Inputs that are moments, by their names.
MOMENTS = frozenset({"resume_at", "due_at", "send_at"})
_FROM_NOW = re.compile(r"\+(\d{1,3})([hd])")


def texts(inputs: Mapping[str, Any], languages: frozenset[str]) -> Iterator[tuple[str, str]]:
    """(where, text) of every text among a step's inputs, in each of its languages."""
    for name, value in inputs.items():
        if isinstance(value, str):
            yield name, value
        elif is_spoken(value, languages):
            yield from ((f"{name}.{language}", text) for language, text in value.items())


def is_spoken(value: Any, languages: frozenset[str]) -> bool:
    """Is this a text per language?"""
    return (
        isinstance(value, Mapping)
        and bool(value)
        and all(key in languages for key in value)
        and all(isinstance(text, str) for text in value.values())
    )


def resolved(
    inputs: Mapping[str, Any], languages: frozenset[str], speak: Callable[[Mapping[str, str]], str], now: datetime
) -> Inputs:
    """The inputs as a verb takes them: one language chosen by `speak`, times from now on made into moments."""
    found: Inputs = {}
    for name, value in inputs.items():
        if is_spoken(value, languages):
            found[name] = speak(value)
        elif name in MOMENTS and isinstance(value, str) and (moment := from_now(value, now)) is not None:
            found[name] = moment.isoformat()
        else:
            found[name] = value
    return found


def from_now(text: str, now: datetime) -> datetime | None:
    """`+3d` and `+4h` as a moment; None for anything else."""
    match = _FROM_NOW.fullmatch(text.strip())
    if match is None:
        return None
    count = int(match.group(1))
    return now + (timedelta(hours=count) if match.group(2) == "h" else timedelta(days=count))


def is_public_text(verb: str, inputs: Mapping[str, Any]) -> bool:
    """Does this step write to the requester?"""
    return verb == "comment" and inputs.get("visibility") == "public"
