"""A long conversation made readable: the newest lines first in view, what happened in a row told as one, the place
where one left off."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

Line = dict[str, Any]
#: Lines of a conversation that are drawn at first, and how many more each press on "earlier" brings. A ticket of any
#: length stays below 1,500 nodes (ux.md 3.9).
WINDOW = 30
#: This many events in a row become one line to unfold.
IN_A_ROW = 3


def arranged(lines: list[Line], *, shown: int = WINDOW, unread: int = 0) -> dict[str, Any]:
    """The lines to draw, how many earlier ones are left out, and the id of the first unread line ("" when all are
    read, or nothing stands above it). `unread` is the entry from which on the reader has seen nothing."""
    first = next((at for at, line in enumerate(lines) if unread and line["entry"] >= unread), None)
    start = max(0, len(lines) - shown)
    if first is not None:
        start = min(start, max(0, first - 2))
        start = max(start, len(lines) - 3 * WINDOW)
    kept = lines[start:]
    mark = ""
    if first is not None and start <= first and first > 0:
        kept[first - start]["first_unread"] = True
        mark = str(kept[first - start]["id"])
    if kept:
        kept[0]["new_day"] = True
    return {"lines": grouped(kept), "earlier": start, "first_unread": mark}


def grouped(lines: list[Line]) -> list[Line]:
    """Three events and more in a row become one line that holds them; a new day or an unread mark ends a row."""
    found: list[Line] = []
    row: list[Line] = []

    def end() -> None:
        if len(row) >= IN_A_ROW:
            words = ngettext("%(count)d event", "%(count)d events", len(row)) % {"count": len(row)}
            head = row[0]
            found.append(
                {
                    "kind": "group",
                    "id": f"group-{head['id']}",
                    "at": row[-1]["at"],
                    "text": words,
                    "lines": list(row),
                    "new_day": head.get("new_day", False),
                    "first_unread": head.get("first_unread", False),
                }
            )
        else:
            found.extend(row)
        row.clear()

    for line in lines:
        event = line["kind"] == "event" and not line.get("files")
        if row and (not event or line.get("new_day") or line.get("first_unread")):
            end()
        if event:
            row.append(line)
        else:
            found.append(line)
    end()
    return found
