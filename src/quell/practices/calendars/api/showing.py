"""Rows of calendars and holiday sets as the API shows them."""

from __future__ import annotations

from typing import Any

from quell.kernel.api.answers import address

from .. import facade

CALENDARS, SETS = "calendars", "holiday-sets"


def calendar(row: facade.Row) -> dict[str, Any]:
    """A calendar."""
    facts = {name: row[name] for name in ("id", "code", "name", "organisation", "active", "revision", "version")}
    times = {name: row[name] for name in ("created_at", "updated_at")}
    return {**facts, **row["spec"], **times, "url": address(CALENDARS, row["code"])}


def version(row: facade.Row) -> dict[str, Any]:
    """One of its versions."""
    names = ("revision", "number", "kind", "document", "reason", "by", "at", "closed_too")
    return {**{name: row[name] for name in names}, "parts": row["spec"]["parts"]}


def consequences(preview: facade.Preview) -> dict[str, Any]:
    """What a change would do."""
    told = preview.consequences
    counts = {name: getattr(told, name) for name in ("looked_at", "moved", "would_breach", "healed")}
    names = ("number", "title", "metric", "agreement", "due_before", "due_after", "moved_seconds", "outcome")
    examples = [{name: getattr(one, name) for name in names} for one in told.examples]
    return {"calendars": list(preview.proposal.codes), **counts, "examples": examples}


def holiday_set(row: facade.Row) -> dict[str, Any]:
    """A holiday set."""
    names = ("id", "code", "name", "organisation", "source", "days", "make_up", "active", "version", "updated_at")
    told = {**{name: row[name] for name in names}, "looked_at": row["looked_at"]}
    code, _space, detail = row["trouble"].partition(" ")
    trouble = facade.feed_trouble(code, detail) if code else ""
    return {**told, "trouble": trouble, "url": address(SETS, row["code"])}
