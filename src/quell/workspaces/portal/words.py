"""How the portal speaks of a request: the four stages, who works on it, and its history in plain words (ux.md 3.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quell.kernel.files.sniff import SHOWN_IN_PLACE
from quell.kernel.ui import moments
from quell.practices.incidents import facade as incidents

Row = Mapping[str, Any]

STAGES = {
    "received": gettext_lazy("Received"),
    "in_progress": gettext_lazy("In progress"),
    "checking": gettext_lazy("Checking"),
    "done": gettext_lazy("Done"),
}
AFFECTED = {
    "me": gettext_lazy("Only me"),
    "team": gettext_lazy("My team"),
    "site": gettext_lazy("A whole site or department"),
    "company": gettext_lazy("The whole company"),
}
SEVERITY = {
    "annoying": gettext_lazy("It is annoying"),
    "slow": gettext_lazy("It slows me down"),
    "stopped": gettext_lazy("I cannot work"),
    "standstill": gettext_lazy("Work stands still for everyone"),
}
CHANNELS = {
    "phone": gettext_lazy("by phone"),
    "email": gettext_lazy("by e-mail"),
    "chat": gettext_lazy("by chat"),
    "walk_in": gettext_lazy("in person"),
}


#: Files that follow a message of the same person within this time belong to it.
TOGETHER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four stages as the stepper draws it: status "done", "now", "wait" or ""."""

    label: str
    status: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A request in a list."""

    number: str
    title: str
    url: str
    steps: list[Step]
    status: str
    waiting: bool
    changed: datetime
    #: What was promised about it; "" when nothing was.
    promise: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the conversation: what somebody said or did (`author` as the reader calls them, and their `name`),
    or what happened (`text`)."""

    at: datetime
    author: str = ""
    name: str = ""
    about: str = ""
    body: str = ""
    icon: str = "point"
    text: str = ""
    files: list[dict[str, Any]] = field(default_factory=list)
    pictures: list[dict[str, Any]] = field(default_factory=list)


def steps(row: Row) -> list[Step]:
    """Received → In progress → Checking → Done, with the present one marked; withdrawn requests have none."""
    stage = incidents.stage(dict(row))
    if stage.withdrawn:
        return []
    here = list(STAGES).index(stage.reached)
    return [Step(_label(code, at == here, row), _status(at, here, stage)) for at, code in enumerate(STAGES)]


def _label(code: str, here: bool, row: Row) -> str:
    if here and row["state"] == "on_hold" and row["hold_reason"] == "requester":
        return _("Waiting for you")
    return str(STAGES[code])


def _status(at: int, here: int, stage: incidents.Stage) -> str:
    if at < here or stage.reached == "done":
        return "done"
    if at > here:
        return ""
    return "wait" if stage.waiting else "now"


def status(row: Row) -> str:
    """One short sentence: whose turn it is, and who works on it."""
    state = row["state"]
    if state == "cancelled":
        return _("Withdrawn")
    if state == "closed":
        return _("Done")
    if state == "resolved":
        return _("Tell us whether it works again")
    if state == "on_hold":
        return _on_hold(row)
    if row["assignee_name"]:
        name = {"name": first_name(row["assignee_name"])}
        return _("%(name)s is working on it") % name if state == "in_progress" else _("%(name)s has it") % name
    if row["team_name"]:
        return _("%(team)s has it") % {"team": row["team_name"]}
    return _("We have it and will pick it up")


def next_step(row: Row) -> str:
    """What happens next, and who does it; "" when nothing does."""
    state = row["state"]
    if state in ("new", "assigned"):
        return _("Next, somebody of the desk begins and writes to you.")
    if state == "in_progress":
        return _("Next, you hear what was found, or that it works again.")
    if state == "on_hold":
        if row["hold_reason"] == "requester":
            return _("Next, you answer; then we go on at once.")
        return _("Next, we go on by ourselves. You need not do anything.")
    if state == "resolved":
        if row["close_due_at"]:
            day = {"day": moments.short(row["close_due_at"])}
            return _("Next, you try it. If we hear nothing, we close it %(day)s.") % day
        return _("Next, you try it and tell us.")
    return ""


def _on_hold(row: Row) -> str:
    if row["hold_reason"] == "requester":
        return _("We asked you something")
    if row["resume_at"]:
        return _("We go on %(day)s") % {"day": moments.short(row["resume_at"])}
    return _("We go on as soon as we can")


def first_name(name: str) -> str:
    """The name to say in a sentence: the first word, or the whole name where words do not part it."""
    words = name.split()
    return words[0] if words else name


def summary(row: Row, promise: str = "") -> Summary:
    """A row of the list, with the sentence about what was promised."""
    return Summary(
        number=row["number"],
        title=row["title"],
        url=reverse("portal:request", args=[row["number"]]),
        steps=steps(row),
        status=status(row),
        waiting=incidents.stage(dict(row)).waiting,
        changed=row["updated_at"],
        promise=promise,
    )


def conversation(row: Row, entries: Iterable[Mapping[str, Any]], me: str) -> list[Line]:
    """The public history as a conversation, oldest first. `me` is the reader's e-mail.

    Files sent along with a message stand below it, not as lines of their own.
    """
    lines: list[Line] = []
    for entry in entries:
        line = _line(row, entry, me)
        if line is None:
            continue
        before = lines[-1] if lines else None
        if entry["verb"] == "attach" and before and before.author == line.author and line.at - before.at < TOGETHER:
            before.files.extend(line.files)
            before.pictures.extend(line.pictures)
        else:
            lines.append(line)
    return lines


def _line(row: Row, entry: Mapping[str, Any], me: str) -> Line | None:
    mine, name = entry["actor"] == me, str(entry["actor_name"])
    who = _("You") if mine else name
    hanging = entry["attachments"]
    shown: dict[str, Any] = {
        "files": [shown_file(file) for file in hanging if file["content_type"] not in SHOWN_IN_PLACE],
        "pictures": [shown_file(file) for file in hanging if file["content_type"] in SHOWN_IN_PLACE],
    }
    verb, at = entry["verb"], entry["at"]
    if verb == "open" and entry["merged_from"]:
        return Line(at, name, name, _("reported the same"), body=entry["body"] or "")
    if verb == "open":
        how = CHANNELS.get(row["channel"])
        about = _("reported this %(how)s") % {"how": how} if how else _("reported this")
        return Line(at, who, name, about, body=row["description"])
    if verb == "reply":
        return Line(at, who, name, body=entry["body"] or "", **shown)
    if verb == "attach":
        return Line(at, who, name, _("added a file"), **shown) if hanging else None
    if verb == "resolve":
        solution = entry["changes"].get("resolution", {}).get("to") or ""
        return Line(at, who, name, _("says it works again"), body=solution)
    if verb == "reopen":
        return Line(at, who, name, _("said it is still broken"), body=entry["reason"] or "")
    if verb == "cancel":
        return Line(at, who, name, _("withdrew this"), body=entry["reason"] or "")
    return _event(entry, who, mine)


def _event(entry: Mapping[str, Any], who: str, mine: bool) -> Line | None:
    at = entry["at"]
    if entry["verb"] == "hold":
        until = parse_datetime(str(entry["changes"].get("resume_at", {}).get("to") or ""))
        if until is None:
            return Line(at, icon="player-pause", text=_("This is waiting"))
        words = _("This is waiting; we look again %(day)s") % {"day": moments.short(until)}
        return Line(at, icon="player-pause", text=words)
    if entry["verb"] == "resume":
        return Line(at, icon="player-play", text=_("Work goes on"))
    if entry["verb"] == "close":
        if mine:
            return Line(at, icon="check", text=_("You confirmed that it works"))
        if entry["actor"] is None:
            return Line(at, icon="check", text=_("Closed, as nobody said it is still broken"))
        return Line(at, icon="check", text=_("%(name)s closed this") % {"name": who})
    return None


def shown_file(file: Mapping[str, Any]) -> dict[str, Any]:
    """A file as the page links it."""
    return {"name": file["name"], "size": file["size"], "url": f"/attachments/{file['id']}"}
