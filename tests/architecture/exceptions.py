"""Reads `exceptions.toml` and holds it to its promise: with a reason each, and only ever shrinking."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("exceptions.toml")
LONG_ENOUGH_TO_BE_A_REASON = 20


@cache
def listed(section: str) -> tuple[dict[str, Any], ...]:
    """The entries of one section (`lint` or `budget`), each checked to carry a reason."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8")).get(section, [])
    for entry in entries:
        if len(entry.get("reason", "")) < LONG_ENOUGH_TO_BE_A_REASON:
            raise AssertionError(f"exceptions.toml: {entry} has no reason")
    return tuple(entries)


def judge(found: Mapping[tuple[str, ...], int], allowed: Mapping[tuple[str, ...], int], unit: str) -> list[str]:
    """What is wrong between what was found and what is allowed, as sentences; empty when all is well.

    Both map the name of a spot to a number: more than allowed is a fault, and so is allowing more than is
    needed.
    """
    faults = []
    for spot in sorted({*found, *allowed}):
        have, may = found.get(spot, 0), allowed.get(spot, 0)
        if have > may:
            faults.append(f"{' · '.join(spot)}: {have} {unit}" + (f", {may} allowed" if may else ""))
        elif have == 0:
            faults.append(f"{' · '.join(spot)}: the exception is no longer needed; take it out of exceptions.toml")
        elif have < may:
            faults.append(f"{' · '.join(spot)}: has shrunk to {have}; write {have} for {may} in exceptions.toml")
    return faults
