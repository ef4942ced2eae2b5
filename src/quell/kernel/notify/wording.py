"""What a notice says, in the language of the one who reads it."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from quell.kernel.journal.said import text_of

from .models import Notification

Naming = Callable[[str], str]
_naming: list[Naming] = []


def name_metrics(words: Naming) -> None:
    """Whoever knows what is measured says what it is called, by its code, in the language in force."""
    _naming[:] = [words]


def _metric(code: str) -> str:
    return _naming[0](code) if _naming and code else code


def sentence(notice: Notification) -> str:
    """One line: who did what."""
    entry = notice.entry
    values = {
        "who": entry.actor.name if entry.actor else "Quell",
        "number": notice.record.number,
        "title": notice.record.title,
        "percent": entry.data.get("percent", ""),
        "metric": _metric(str(entry.data.get("metric", ""))),
    }
    for_requester = {
        "open": _("We have received your report %(number)s: %(title)s."),
        "reply": _("%(who)s wrote to you about %(number)s: %(title)s."),
        "hold": _("%(number)s is waiting: %(title)s."),
        "resume": _("Work on %(number)s goes on: %(title)s."),
        "resolve": _("%(who)s has resolved %(number)s: %(title)s."),
        "reopen": _("%(number)s is open again: %(title)s."),
        "close": _("%(number)s is closed: %(title)s."),
        "cancel": _("%(number)s was cancelled: %(title)s."),
        "merge": _("%(number)s goes on together with another report of the same thing: %(title)s."),
        "unmerge": _("%(number)s is on its own again: %(title)s."),
    }
    for_desk = {
        "open": _("%(number)s was reported: %(title)s."),
        "assign": _("%(who)s assigned %(number)s: %(title)s."),
        "transfer": _("%(who)s handed over %(number)s: %(title)s."),
        "accept": _("%(who)s accepted %(number)s: %(title)s."),
        "return": _("%(who)s returned %(number)s: %(title)s."),
        "dispute": _("%(who)s asks you to say where %(number)s belongs: %(title)s."),
        "alarm": _("Nobody has taken %(number)s: %(title)s."),
        "escalate": _("%(who)s escalated %(number)s: %(title)s."),
        "de_escalate": _("%(who)s took the escalation of %(number)s back: %(title)s."),
        "reply": _("%(who)s replied on %(number)s: %(title)s."),
        "note": _("%(who)s noted something on %(number)s: %(title)s."),
        "hold": _("%(who)s put %(number)s on hold: %(title)s."),
        "resume": _("%(number)s has resumed: %(title)s."),
        "resolve": _("%(who)s resolved %(number)s: %(title)s."),
        "reopen": _("%(who)s reopened %(number)s: %(title)s."),
        "close": _("%(number)s is closed: %(title)s."),
        "cancel": _("%(who)s cancelled %(number)s: %(title)s."),
        "merge": _("%(who)s merged %(number)s into another: %(title)s."),
        "unmerge": _("%(who)s took %(number)s out of another again: %(title)s."),
        "complete": _("%(who)s finished %(number)s: %(title)s."),
        "skip": _("%(who)s skipped %(number)s: %(title)s."),
        "held": _("Your reply on %(number)s was not sent: %(title)s."),
        "clock_warning": _("%(percent)s %% of the time for “%(metric)s” is used up on %(number)s: %(title)s."),
        "clock_breach": _("The promise “%(metric)s” is broken on %(number)s: %(title)s."),
        "propose_exclusion": _("%(who)s proposes to leave “%(metric)s” of %(number)s out of the figures: %(title)s."),
        "decide_exclusion": _("%(who)s decided about leaving “%(metric)s” of %(number)s out: %(title)s."),
        "remind": _("Reminder about %(number)s: %(title)s."),
    }
    outside = notice.reason in (Notification.Reason.REQUESTER, Notification.Reason.WATCHING)
    if notice.reason == Notification.Reason.MENTIONED:
        return _("%(who)s mentioned you on %(number)s: %(title)s.") % values
    texts = for_requester if outside else for_desk
    # What speaks after the breach says how far it has gone: the breach was told before.
    over = entry.verb == "clock_breach" and (entry.data.get("percent") or 0) > 100
    return texts.get("clock_warning" if over else entry.verb, _("%(who)s changed %(number)s: %(title)s.")) % values


def words_said(notice: Notification) -> str:
    """The reply, resolution or reason that came with it; a note's text stays inside and is not mailed."""
    own = notice.reason in (Notification.Reason.HELD, Notification.Reason.REMINDER)
    return text_of(notice.entry) if notice.entry.public or own else ""
