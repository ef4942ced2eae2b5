"""The desk's words for codes: states, channels, reasons, fields. One place, so that every page says the same."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quell.kernel.actions.run import STATE_LABELS
from quell.kernel.ui import marks
from quell.practices.incidents import facade

STATES = STATE_LABELS
#: What a list of all of them is called.
EVERYTHING = gettext_lazy("Incidents")
CHANNELS = {**facade.CHANNEL_WORDS, "automatic": gettext_lazy("Automatic")}
CHANNEL_ICONS = {
    "phone": "phone",
    "email": "mail",
    "chat": "message-circle",
    "walk_in": "user",
    "monitoring": "activity",
    "portal": "world",
    "web": "world",
    "api": "plug",
    "scheduled": "calendar-time",
    "import": "download",
}
TRANSFER_REASONS = {
    "wrong_team": gettext_lazy("Wrong team"),
    "needs_skill": gettext_lazy("Needs other skills"),
    "needs_access": gettext_lazy("Needs rights we do not have"),
    "workload": gettext_lazy("Too much work here"),
    "shift_end": gettext_lazy("My shift ends"),
    "absence": gettext_lazy("I am away"),
    "other": gettext_lazy("Another reason"),
}
HOLD_REASONS = {
    "requester": gettext_lazy("the requester"),
    "supplier": gettext_lazy("a supplier"),
    "problem": gettext_lazy("a problem"),
    "change": gettext_lazy("a change"),
    "part": gettext_lazy("a part"),
    "scheduled": gettext_lazy("an agreed time"),
    "task": gettext_lazy("a task"),
    "approval": gettext_lazy("a decision"),
}
RESOLUTIONS = {
    "fixed": gettext_lazy("Fixed"),
    "workaround": gettext_lazy("Workaround"),
    "restart": gettext_lazy("Restarted"),
    "replaced": gettext_lazy("Replaced"),
    "user_instructed": gettext_lazy("User instructed"),
    "no_fault_found": gettext_lazy("No fault found"),
    "supplier_fixed": gettext_lazy("Fixed by the supplier"),
    "caused_by_change": gettext_lazy("Caused by a change"),
    "not_reproducible": gettext_lazy("Not reproducible"),
    "duplicate": gettext_lazy("Duplicate"),
}
CAUSES = {
    "hardware": gettext_lazy("Hardware"),
    "software": gettext_lazy("Software"),
    "configuration": gettext_lazy("Configuration"),
    "change": gettext_lazy("A change"),
    "network": gettext_lazy("Network"),
    "capacity": gettext_lazy("Capacity"),
    "power": gettext_lazy("Power"),
    "human_error": gettext_lazy("A slip"),
    "supplier": gettext_lazy("Supplier"),
    "security": gettext_lazy("Security"),
    "unknown": gettext_lazy("Unknown"),
}
IMPACTS = {
    1: gettext_lazy("Whole organisation"),
    2: gettext_lazy("Site or department"),
    3: gettext_lazy("Team"),
    4: gettext_lazy("One person"),
}
URGENCIES = {
    1: gettext_lazy("Critical"),
    2: gettext_lazy("High"),
    3: gettext_lazy("Medium"),
    4: gettext_lazy("Low"),
}
LINKS = {
    "child_of": gettext_lazy("Child of"),
    "duplicate_of": gettext_lazy("Duplicate of"),
    "related_to": gettext_lazy("Related to"),
    "similar_to": gettext_lazy("Similar to"),
    "recurrence_of": gettext_lazy("Recurrence of"),
    "caused_by": gettext_lazy("Caused by"),
    "resolved_by": gettext_lazy("Resolved by"),
    "depends_on": gettext_lazy("Depends on"),
    "parent_of": gettext_lazy("Parent of"),
    "has_duplicate": gettext_lazy("Has the duplicate"),
    "recurred_as": gettext_lazy("Came back as"),
    "caused": gettext_lazy("Caused"),
    "resolves": gettext_lazy("Resolves"),
    "precedes": gettext_lazy("Comes before"),
    "merged_into": gettext_lazy("Merged into"),
    "merged_from": gettext_lazy("Merged from"),
    "split_from": gettext_lazy("Split from"),
    "split_into": gettext_lazy("Split off"),
}
#: Each link seen from its other end.
INVERSE = {
    "duplicate_of": "has_duplicate",
    "merged_into": "merged_from",
    "split_from": "split_into",
    "related_to": "related_to",
    "similar_to": "similar_to",
    "recurrence_of": "recurred_as",
    "caused_by": "caused",
    "resolved_by": "resolves",
    "depends_on": "precedes",
}
FIELDS = {
    "title": gettext_lazy("Title"),
    "description": gettext_lazy("Description"),
    "state": gettext_lazy("State"),
    "priority": gettext_lazy("Priority"),
    "requester": gettext_lazy("Requester"),
    "owner": gettext_lazy("Owner"),
    "assignee": gettext_lazy("Agent"),
    "team": gettext_lazy("Team"),
    "service": gettext_lazy("Service"),
    "parent": gettext_lazy("Parent"),
    "impact": gettext_lazy("Impact"),
    "urgency": gettext_lazy("Urgency"),
    "category": gettext_lazy("Category"),
    "affected_users": gettext_lazy("Affected"),
    "hold_reason": gettext_lazy("Waiting for"),
    "resume_at": gettext_lazy("Until"),
    "resolution_code": gettext_lazy("Resolution"),
    "resolution": gettext_lazy("What was done"),
    "cause_code": gettext_lazy("Cause"),
    "priority_source": gettext_lazy("Priority decided by"),
    "priority_note": gettext_lazy("Why this priority"),
    "major": gettext_lazy("Major incident"),
    "transfer_count": gettext_lazy("Transfers"),
    "reopen_count": gettext_lazy("Reopened"),
    "escalation_level": gettext_lazy("Escalation"),
    "channel": gettext_lazy("Channel"),
    "q": gettext_lazy("Words"),
    "opened_after": gettext_lazy("Opened after"),
    "opened_before": gettext_lazy("Opened before"),
    "updated_after": gettext_lazy("Changed after"),
    "due_before": gettext_lazy("Due before"),
    "organisation": gettext_lazy("Organisation"),
    "state_category": gettext_lazy("State"),
    "mine": gettext_lazy("Reported by me"),
}
VERBS = {
    "assign": gettext_lazy("Assign…"),
    "transfer": gettext_lazy("Hand over…"),
    "accept": gettext_lazy("Accept"),
    "return": gettext_lazy("Return…"),
    "dispute": gettext_lazy("Call the lead…"),
    "escalate": gettext_lazy("Escalate…"),
    "de_escalate": gettext_lazy("Take the escalation back…"),
    "start": gettext_lazy("Start work"),
    "hold": gettext_lazy("Put on hold…"),
    "resume": gettext_lazy("Go on"),
    "resolve": gettext_lazy("Resolve…"),
    "reopen": gettext_lazy("Reopen…"),
    "close": gettext_lazy("Close"),
    "cancel": gettext_lazy("Cancel…"),
    "link": gettext_lazy("Link…"),
    "watch": gettext_lazy("Share…"),
    "edit": gettext_lazy("Change facts…"),
}
VERB_ICONS = {
    "assign": "user-check",
    "transfer": "transfer",
    "accept": "check",
    "return": "arrow-back-up",
    "dispute": "arrows-exchange",
    "escalate": "chevrons-up",
    "de_escalate": "chevron-down",
    "start": "player-play",
    "hold": "player-pause",
    "resume": "player-play",
    "resolve": "circle-check",
    "reopen": "rotate-clockwise",
    "close": "check",
    "cancel": "ban",
    "link": "link",
    "watch": "eye",
    "edit": "pencil",
}
WHY = {
    "impact": gettext_lazy("How much business is hurt"),
    "urgency": gettext_lazy("How soon the harm grows"),
    "size": gettext_lazy("How many people are affected"),
    "services": gettext_lazy("How many services are hit"),
    "flag": gettext_lazy("A VIP or a business deadline"),
    "age": gettext_lazy("How much of the promised time is used"),
}
REASONS = {
    "requester": gettext_lazy("Yours"),
    "assigned": gettext_lazy("Assigned to you"),
    "team": gettext_lazy("Your team"),
    "owner": gettext_lazy("You own it"),
    "watching": gettext_lazy("Shared with you"),
    "mentioned": gettext_lazy("You were mentioned"),
    "escalated": gettext_lazy("You are called"),
    "queue": gettext_lazy("New in the queue"),
    "unassigned": gettext_lazy("Nobody has taken it"),
    "promise": gettext_lazy("A promise runs out"),
    "breach": gettext_lazy("A promise is broken"),
    "held": gettext_lazy("Your reply is held"),
    "reminder": gettext_lazy("Your reminder"),
}
_OF_FIELD: dict[str, dict[Any, Any]] = {
    "state": STATES,
    "channel": CHANNELS,
    "hold_reason": HOLD_REASONS,
    "resolution_code": RESOLUTIONS,
    "cause_code": CAUSES,
    "impact": IMPACTS,
    "urgency": URGENCIES,
}


def value(field: str, content: Any) -> str:
    """A field's content in words; nothing is a dash."""
    if content is None or content == "":
        return "–"
    if isinstance(content, bool):
        return _("yes") if content else _("no")
    if field == "priority":
        return f"P{content}"
    if field == "priority_source":
        return _("a person") if content == "override" else _("the matrix")
    return marks.words(_OF_FIELD.get(field, {}).get(content, content))


def choices(words: dict[Any, Any], codes: tuple[str, ...] | None = None) -> list[tuple[Any, Any]]:
    """(code, words) for a form, in the order of the practice's own list."""
    return [(code, words.get(code, code)) for code in (codes or tuple(words))]


def hold_choices() -> list[tuple[str, Any]]:
    """What an incident can wait for."""
    return choices(HOLD_REASONS, facade.HOLD_REASONS)


def count(number: int) -> str:
    """A bounded count: beyond the limit "1,000+"."""
    return _("1,000+") if number > facade.COUNTED else str(number)


#: Fields that only queries know, and the times they can ask for.
QUERY_FIELDS = {
    "opened": gettext_lazy("Opened"),
    "updated": gettext_lazy("Changed"),
    "responded": gettext_lazy("First answer"),
    "due": gettext_lazy("Due"),
    "resolved": gettext_lazy("Resolved"),
    "closed": gettext_lazy("Closed"),
    "resume": gettext_lazy("Until"),
    "opened_by": gettext_lazy("Opened by"),
    "is": gettext_lazy("Is"),
    "number": gettext_lazy("Number"),
    "title": gettext_lazy("Subject"),
    "opened_at": gettext_lazy("Opened"),
    "updated_at": gettext_lazy("Changed"),
    "responded_at": gettext_lazy("First answer"),
    "due_at": gettext_lazy("Time left"),
    "resolved_at": gettext_lazy("Resolved"),
}
MOMENTS = ("opened", "updated", "responded", "resolved", "closed", "resume", "due")
QUALITIES = {
    "open": gettext_lazy("open"),
    "assigned": gettext_lazy("assigned"),
    "unassigned": gettext_lazy("unassigned"),
    "waiting": gettext_lazy("on hold"),
    "unanswered": gettext_lazy("not answered yet"),
    "mine": gettext_lazy("mine"),
    "involved": gettext_lazy("reported by me or shared with me"),
    "watched": gettext_lazy("watched by me"),
    "major": gettext_lazy("a major incident"),
    "owned_elsewhere": gettext_lazy("mine to answer for, in other hands"),
    "handed_to_me": gettext_lazy("handed to me, not answered yet"),
    "disputed": gettext_lazy("for the lead to say where it belongs"),
}


def field(name: str) -> str:
    """What a field or a column is called."""
    known: dict[str, Any] = {**FIELDS, **QUERY_FIELDS}
    return marks.words(known.get(name, name))


def states() -> list[tuple[str, Any]]:
    """The states of an incident for a form; other kinds of records have states of their own."""
    return choices(STATES, facade.STATES)
