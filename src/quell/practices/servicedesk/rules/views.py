"""What a view may look like."""

from __future__ import annotations

LAYOUTS = ("table", "split", "board")
DENSITIES = ("", "compact", "normal", "relaxed")
#: The columns of a list nobody has arranged.
USUAL_COLUMNS = ("priority", "number", "title", "state", "requester", "team", "assignee", "due_at", "updated_at")


def sound_columns(columns: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """Are they columns of this list, each once, the title among them?"""
    return "title" in columns and len(set(columns)) == len(columns) and set(columns) <= set(known)
