"""The history of an incident as one reads it: messages, notes, and events in plain words.

An event says one thing in a sentence; whatever else changed with it folds away below.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quell.kernel.files.sniff import SHOWN_IN_PLACE
from quell.kernel.ui import marks, moments, quotes
from quell.practices.workforce import facade as workforce

from . import clock_words, story_of_escalation, story_of_work, wording

Entry = dict[str, Any]
SHOWN = ("all", "public", "internal", "events")
#: Followed for the machine's sake; they say nothing to people beyond the sentence.
SILENT = frozenset({"close_due_at", "matrix", "transfer_count", "reopen_count", "escalation_level", "routing_dispute"})
_TIMES = frozenset({"resume_at", "close_due_at"})
_ICONS = {
    "open": "plus",
    "assign": "user-check",
    "transfer": "transfer",
    "accept": "check",
    "return": "arrow-back-up",
    "dispute": "arrows-exchange",
    "alarm": "bell",
    "escalate": "chevrons-up",
    "de_escalate": "chevron-down",
    "start": "player-play",
    "hold": "player-pause",
    "resume": "player-play",
    "resolve": "circle-check",
    "reopen": "rotate-clockwise",
    "close": "check",
    "cancel": "ban",
    "edit": "pencil",
    "link": "link",
    "unlink": "unlink",
    "watch": "eye",
    "unwatch": "eye-off",
    "count_in": "speakerphone",
    "attach": "paperclip",
}
_OTHER_ICONS = {**story_of_work.ICONS, **clock_words.ICONS}


def told(entries: list[Entry], row: dict[str, Any], *, show: str = "all", link: str = "") -> list[dict[str, Any]]:
    """The lines of the timeline, oldest first, with a day line wherever the day changes.

    `link` is the query string that travels with addresses of other incidents.
    """
    lines: list[dict[str, Any]] = []
    for entry in entries:
        for line in _lines(entry, row, link):
            if _wanted(line, show):
                line["entry"] = entry["id"]
                lines.append(line)
    day: date | None = None
    for line in lines:
        local = timezone.localtime(line["at"]).date()
        line["new_day"] = local != day
        day = local
    return lines


def _wanted(line: dict[str, Any], show: str) -> bool:
    if show == "public":
        return line["kind"] == "message"
    if show == "internal":
        return line["kind"] == "note"
    if show == "events":
        return line["kind"] == "event"
    return True


def _lines(entry: Entry, row: dict[str, Any], link: str) -> list[dict[str, Any]]:
    verb = entry["verb"]
    if entry.get("merged_from"):
        return _merged(entry)
    if verb == "open":
        return _opening(entry, row)
    if verb == "attach" and not entry["attachments"]:
        return []  # the file hangs on the message it came with
    if verb in ("reply", "note") and entry["body"] is not None:
        said = _said(entry, "note" if verb == "note" else "message", entry["body"], _about(entry, row))
        others = _others(entry, ())
        if not others:
            return [said]
        return [said, _event(entry, _("What this changed"), others)]
    if verb == "resolve" and "resolution" in entry["changes"]:
        code = wording.value("resolution_code", entry["changes"].get("resolution_code", {}).get("to"))
        about = _("Resolved · %(code)s") % {"code": code}
        said = _said(entry, "message", str(entry["changes"]["resolution"]["to"] or ""), about)
        said["solved"] = True
        return [said]
    sentence, told_fields = _sentence(entry, link)
    event = _event(entry, sentence, _others(entry, told_fields))
    if entry["body"]:  # a note written with the verb, such as why it is on hold
        return [event, _said(entry, "note", entry["body"], "")]
    return [event]


def _merged(entry: Entry) -> list[dict[str, Any]]:
    """What was said in public on an incident that has become a part of this one."""
    if not (entry["body"] or entry["attachments"]):
        return []
    return [_said(entry, "message", entry["body"] or "", _("from %(number)s") % {"number": entry["merged_from"]})]


def _opening(entry: Entry, row: dict[str, Any]) -> list[dict[str, Any]]:
    channel = wording.value("channel", row["channel"])
    about = _("Requester · %(channel)s") % {"channel": channel}
    first = {**_said(entry, "message", row["description"] or row["title"], about), "author": row["requester_name"]}
    by_other = entry["actor_name"] if entry["actor"] and entry["actor"] != row["requester"] else ""
    impact, urgency = entry["data"].get("impact"), entry["data"].get("urgency")
    words = {"who": by_other, "channel": channel}
    sentence = _("Logged by %(who)s · %(channel)s") % words if by_other else _("Reported · %(channel)s") % words
    if impact and urgency:
        sentence += " · " + _("impact “%(impact)s” × urgency “%(urgency)s”") % {
            "impact": wording.value("impact", impact),
            "urgency": wording.value("urgency", urgency),
        }
    event = _event(entry, sentence, [])
    event["icon"] = wording.CHANNEL_ICONS.get(row["channel"], "plus")
    return [first, event]


def _about(entry: Entry, row: dict[str, Any]) -> str:
    if entry["verb"] == "note":
        return ""
    if entry["actor"] == row["requester"]:
        return _("Requester")
    return _("to %(name)s") % {"name": row["requester_name"]}


def _said(entry: Entry, kind: str, body: str, about: str) -> dict[str, Any]:
    files = [
        {**file, "url": f"/attachments/{file['id']}", "picture": file["content_type"] in SHOWN_IN_PLACE}
        for file in entry["attachments"]
    ]
    body, quoted = quotes.split(body)
    return {
        "id": f"entry-{entry['id']}",
        "kind": kind,
        "quoted": quoted,
        "author": entry["actor_name"],
        "called": entry.get("called", ()),
        "about": about,
        "at": entry["at"],
        "body": body,
        "files": files,
    }


def _event(entry: Entry, sentence: str, changes: list[dict[str, str]]) -> dict[str, Any]:
    files = [{**file, "url": f"/attachments/{file['id']}"} for file in entry["attachments"]]
    return {
        "id": f"event-{entry['id']}",
        "kind": "event",
        "icon": _ICONS.get(entry["verb"]) or _OTHER_ICONS.get(entry["verb"], "point"),
        "text": sentence,
        "at": entry["at"],
        "changes": changes,
        "why": workforce.explain(entry["data"]) if "because" in entry["data"] else [],
        "files": files if not entry["body"] else [],
        "internal": entry["visibility"] == "internal",
    }


def _others(entry: Entry, told_fields: tuple[str, ...]) -> list[dict[str, str]]:
    """The changes that the sentence does not tell."""
    return [
        change for change in changes_of(entry) if change["field"] not in told_fields and change["field"] not in SILENT
    ]


def changes_of(entry: Entry) -> list[dict[str, str]]:
    """Field, before and after in words."""
    return [
        {
            "field": field,
            "label": str(wording.FIELDS.get(field, field)),
            "before": _content(field, pair["from"]),
            "after": _content(field, pair["to"]),
        }
        for field, pair in entry["changes"].items()
    ]


def _content(field: str, content: Any) -> str:
    if field in _TIMES and isinstance(content, str) and content:
        moment = parse_datetime(content)
        return moments.short(moment, with_time=True) if moment else content
    return wording.value(field, content)


def _to(entry: Entry, field: str) -> Any:
    return entry["changes"].get(field, {}).get("to")


_OTHERWISE = gettext_lazy("%(who)s: %(verb)s")
_PLAIN = {
    "start": gettext_lazy("%(who)s began to work"),
    "close": gettext_lazy("Closed by %(who)s"),
    "cancel": gettext_lazy("%(who)s cancelled it"),
    "reopen": gettext_lazy("%(who)s reopened it"),
    "resolve": gettext_lazy("%(who)s resolved it"),
    "attach": gettext_lazy("%(who)s attached a file"),
    "reply": gettext_lazy("%(who)s wrote to the requester"),
    "note": gettext_lazy("%(who)s wrote a note"),
    "accept": gettext_lazy("%(who)s accepted it"),
    "dispute": gettext_lazy("%(who)s called the lead to say where it belongs"),
    "alarm": gettext_lazy("Nobody had taken it: the leads were told"),
}


def _sentence(entry: Entry, link: str) -> tuple[str, tuple[str, ...]]:
    """The sentence, and the fields it tells."""
    verb, who = entry["verb"], entry["actor_name"]
    if verb in ("escalate", "de_escalate"):
        return story_of_escalation.sentence(entry), ("assignee", "team", "state")
    if verb in ("assign", "transfer", "return"):
        return _hands(entry)
    if verb in ("hold", "resume"):
        return _waiting(entry)
    if verb == "count_in":
        return _counted_in(entry), ()
    if verb in ("link", "unlink", "watch", "unwatch"):
        return _ties(entry), ("parent", "state", "resolution", "resolution_code")
    if verb == "edit":
        return _edited(entry)
    if said := clock_words.said(entry):
        return said, ()
    if said := story_of_work.sentence(entry):
        return said, story_of_work.FOLLOWS
    sentence = marks.words(_PLAIN.get(verb, _OTHERWISE)) % {"who": who, "verb": verb}
    return _with_reason(sentence, entry), ("state",)


def _with_reason(sentence: str, entry: Entry) -> str:
    return f"{sentence}: {entry['reason']}" if entry["reason"] else sentence


def _hands(entry: Entry) -> tuple[str, tuple[str, ...]]:
    who, assignee, team = entry["actor_name"], _to(entry, "assignee"), _to(entry, "team")
    words = {"who": who, "assignee": assignee, "team": team}
    told_fields = ("assignee", "team", "state")
    if entry["verb"] == "return":
        to = team or assignee
        sentence = _("%(who)s returned it to %(to)s") if to else _("%(who)s returned it")
        return _with_reason(sentence % {"who": who, "to": to}, entry), told_fields
    if entry["verb"] == "transfer":
        before = entry["changes"].get("team", {}).get("from")
        if before:
            sentence = _("%(who)s handed it over from %(before)s to %(team)s") % {**words, "before": before}
        else:
            sentence = _("%(who)s handed it over to %(to)s") % {**words, "to": team or assignee}
        if entry["data"].get("ping_pong"):
            sentence += " · " + _("it has been there before")
        return _with_reason(sentence, entry), told_fields
    if "because" in entry["data"]:
        by_rule = {**words, "rule": entry["data"].get("rule", "")}
        if assignee and by_rule["rule"]:
            return _("By the rule “%(rule)s”: assigned to %(assignee)s") % by_rule, told_fields
        if assignee:
            return _("Assigned to %(assignee)s, who stands in") % by_rule, told_fields
        return _("By the rule “%(rule)s”: to %(team)s") % by_rule, told_fields
    if assignee and assignee == who:
        return _("%(who)s took it") % words, told_fields
    if assignee and team:
        return _("%(who)s assigned it to %(assignee)s, %(team)s") % words, told_fields
    if assignee:
        return _("%(who)s assigned it to %(assignee)s") % words, told_fields
    if team:
        return _("%(who)s assigned it to %(team)s") % words, told_fields
    return _("%(who)s gave it back to the team") % words, told_fields


def _waiting(entry: Entry) -> tuple[str, tuple[str, ...]]:
    told_fields = ("state", "hold_reason", "resume_at")
    if entry["verb"] == "resume":
        by_person = entry["actor"] is not None
        sentence = _("%(who)s went on with it") if by_person else _("The time on hold is over: work goes on")
        return sentence % {"who": entry["actor_name"]}, told_fields
    reason = wording.value("hold_reason", _to(entry, "hold_reason"))
    until = _to(entry, "resume_at")
    words = {"who": entry["actor_name"], "reason": reason, "until": _content("resume_at", until)}
    if until:
        return _("%(who)s put it on hold: waiting for %(reason)s, until %(until)s") % words, told_fields
    return _("%(who)s put it on hold: waiting for %(reason)s") % words, told_fields


def _counted_in(entry: Entry) -> str:
    count = int(entry["data"].get("followers", 0))
    if not count:
        return _("More people said “me too” to the announcement")
    words = ngettext("%(n)d person said “me too” and follows it", "%(n)d people said “me too” and follow it", count)
    return words % {"n": count}


def _ties(entry: Entry) -> str:
    data, who = entry["data"], entry["actor_name"]
    if entry["verb"] == "watch":
        return _("%(who)s shared it") % {"who": who}
    if entry["verb"] == "unwatch":
        return _("%(who)s stopped sharing it") % {"who": who}
    kind = str(wording.LINKS.get(data.get("kind", ""), data.get("kind", "")))
    words = {"who": who, "kind": kind, "number": data.get("to", "")}
    if entry["verb"] == "unlink":
        return _("%(who)s removed the link “%(kind)s %(number)s”") % words
    return _("%(who)s linked it: %(kind)s %(number)s") % words


def _edited(entry: Entry) -> tuple[str, tuple[str, ...]]:
    changes = [change for change in changes_of(entry) if change["field"] not in SILENT]
    who = entry["actor_name"]
    fields = {change["field"] for change in changes}
    # What follows from impact and urgency is told along with them, not as a change of its own.
    follows = {"priority_source", "priority_note"} | ({"priority"} if fields & {"impact", "urgency"} else set())
    main = [change for change in changes if change["field"] not in follows]
    if len(main) == 1 and main[0]["field"] != "description":
        sentence = _("%(who)s changed %(label)s from %(before)s to %(after)s") % {"who": who, **main[0]}
        if "priority" in follows & fields:
            pair = next(change for change in changes if change["field"] == "priority")
            sentence += " · " + _("priority %(before)s → %(after)s") % pair
        return sentence, (main[0]["field"], *follows)
    sentence = ngettext("%(who)s changed %(count)d fact", "%(who)s changed %(count)d facts", len(changes))
    return sentence % {"who": who, "count": len(changes)}, ()


def history(entries: list[Entry]) -> list[dict[str, Any]]:
    """Every entry with every change, newest first: for those who must know exactly."""
    rows = []
    for entry in reversed(entries):
        if entry["verb"] == "open":
            sentence = _("Opened")
        elif entry["verb"] in ("reply", "note"):
            sentence = _("Reply") if entry["verb"] == "reply" else _("Internal note")
        else:
            sentence = _sentence(entry, "")[0]
        rows.append(
            {
                "at": entry["at"],
                "who": entry["actor_name"],
                "channel": wording.value("channel", entry["channel"]) if entry["channel"] else "",
                "sentence": sentence,
                "changes": changes_of(entry),
            }
        )
    return rows
