"""What tasks, time, merging and splitting say in the history of an incident."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

_SENTENCES = {
    "add_task": gettext_lazy("%(who)s added the task %(number)s: %(title)s"),
    "complete_task": gettext_lazy("%(who)s finished the task %(number)s: %(title)s"),
    "skip_task": gettext_lazy("%(who)s skipped the task %(number)s: %(title)s"),
    "reopen_task": gettext_lazy("%(who)s opened the task %(number)s again: %(title)s"),
    "add_line": gettext_lazy("%(who)s added to the checklist: %(title)s"),
    "edit_line": gettext_lazy("%(who)s changed the checklist: %(title)s"),
    "remove_line": gettext_lazy("%(who)s took off the checklist: %(title)s"),
    "tick": gettext_lazy("%(who)s ticked: %(title)s"),
    "untick": gettext_lazy("%(who)s took back the tick: %(title)s"),
    "log_time": gettext_lazy("%(who)s wrote down time"),
    "correct_time": gettext_lazy("%(who)s corrected time"),
    "remove_time": gettext_lazy("%(who)s took out time"),
    "merge": gettext_lazy("%(who)s merged it into %(number)s"),
    "unmerge": gettext_lazy("%(who)s took it out of %(number)s again"),
    "merged": gettext_lazy("%(who)s merged %(number)s into this"),
    "unmerged": gettext_lazy("%(who)s took %(number)s out again"),
    "split": gettext_lazy("%(who)s made %(number)s from messages of this"),
    "skip": gettext_lazy("%(who)s skipped it: %(title)s"),
}
#: What follows from the verb itself and needs no telling beside it.
FOLLOWS = ("state", "resolution", "resolution_code", "hold_reason", "resume_at", "skip_reason")
ICONS = {
    "add_task": "plus", "complete_task": "circle-check", "skip_task": "ban", "reopen_task": "rotate-clockwise",
    "tick": "check", "untick": "x", "log_time": "clock", "correct_time": "clock", "remove_time": "clock",
    "merge": "link", "merged": "link", "unmerge": "unlink", "unmerged": "unlink", "split": "transfer",
}  # fmt: skip


def sentence(entry: dict[str, Any]) -> str | None:
    """One line in words; None for what is not of this kind."""
    known = _SENTENCES.get(entry["verb"])
    if known is None:
        return None
    data = entry["data"]
    number = data.get("task") or data.get("into") or data.get("from") or data.get("to") or ""
    title = data.get("title") or data.get("text") or entry["reason"] or ""
    return str(known) % {"who": entry["actor_name"], "number": number, "title": title}
