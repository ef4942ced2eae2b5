"""What the health of a service is, from what is known to hurt it (ux.md 3.1). Pure."""

from __future__ import annotations

from collections.abc import Iterable

#: From good to bad; a service is as bad as the worst that is known of it.
HEALTH = ("works", "maintenance", "degraded", "down")
#: What an announcement may do to a service.
EFFECTS = ("degraded", "down")


def worst(found: Iterable[str]) -> str:
    """The worst of several; nothing known means that it works. Raises ValueError for an unknown word."""
    return max(found, key=HEALTH.index, default="works")


def effect_of(severity: str, effect: str) -> str:
    """What an announcement says about its service: "" for plain news."""
    if severity == "outage":
        return effect or "degraded"
    return "maintenance" if severity == "maintenance" else ""
