"""Events as they travel (docs/reference/live-updates.md): ids and codes, never a name or a text."""

from __future__ import annotations

from typing import Any

import orjson

from .changes import Change
from .marks import mark
from .presence import Seen

#: Milliseconds after which a browser comes back when its stream broke off.
RETRY_MS = 3000
OPENING = f"retry: {RETRY_MS}\n\n".encode()
HEARTBEAT = b":\n\n"


def event(name: str, data: Any, at: str = "") -> bytes:
    """One event of a stream (text/event-stream); `at` is where a page goes on that comes back."""
    place = b"id: %s\n" % at.encode() if at else b""
    return b"%sevent: %s\ndata: %s\n\n" % (place, name.encode(), orjson.dumps(data))


def change(told: Change, *, inside: bool) -> bytes:
    """A record changed. Those outside the desk are not told the version, which counts what happens inside as well."""
    data = plain(told, inside=inside)
    return event("change", data, data["id"])


def plain(told: Change, *, inside: bool) -> dict[str, Any]:
    """The same as data, for pages that ask instead of listening."""
    data: dict[str, Any] = {"id": mark(told.id), "record": told.number, "kind": told.kind, "verb": told.verb}
    if inside:
        data |= {"version": told.version, "public": told.public, "by": told.actor_id}
    return data


def presence(number: str, seen: tuple[Seen, ...]) -> bytes:
    """Who is on a record now, all of them; nobody: an empty list."""
    people = [{"id": one.person_id, "doing": one.doing, "field": one.field} for one in seen]
    return event("presence", {"record": number, "people": people})


def counters() -> bytes:
    """A number in the navigation or in the inbox may be another one now."""
    return event("counters", {})


def reload() -> bytes:
    """More happened than can be told: load what is shown anew."""
    return event("reload", {})


def bye(reason: str) -> bytes:
    """The stream ends: `again` (come back), `over` (the session is)."""
    return event("bye", {"reason": reason})
