"""Reading how people write a duration: `1:30`, `1h 30m`, `90`, `1.5h`. Pure; minutes where nothing else is said."""

from __future__ import annotations

import re

_CLOCK = re.compile(r"^(\d{1,3}):([0-5]\d)$")
_PARTS = re.compile(r"^(?:(\d{1,3}(?:[.,]\d{1,2})?)\s*h)?\s*(?:(\d{1,4})\s*m(?:in)?)?$")


def seconds(text: str) -> int:
    """Whole seconds; raises ValueError when it is no duration or nothing at all."""
    given = text.strip().lower()
    if match := _CLOCK.match(given):
        found = int(match.group(1)) * 3600 + int(match.group(2)) * 60
    elif given.isascii() and given.isdigit() and len(given) <= 4:
        found = int(given) * 60
    elif given and (match := _PARTS.match(given)):
        hours = float((match.group(1) or "0").replace(",", "."))
        found = round(hours * 3600) + int(match.group(2) or 0) * 60
    else:
        raise ValueError(f"no duration: {text}")
    if found == 0:
        raise ValueError(f"no duration: {text}")
    return found


def written(total: int) -> str:
    """`1:30` for 5,400 seconds; seconds are rounded to the minute, and something is never nothing."""
    minutes = max(1, round(total / 60)) if total else 0
    return f"{minutes // 60}:{minutes % 60:02d}"
