"""The history of administration: who changed which person, place or setting, when, from what to what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quell.kernel.access.capabilities import AUDIT_VIEW, PEOPLE_MANAGE, SETTINGS_MANAGE
from quell.kernel.config import sql
from quell.kernel.ui.signed_in import actor_of
from quell.practices.agreements.facade import spoken_changes
from quell.practices.calendars.facade import day_name

from .doors import LARGEST_ID, Reach, door, page, reach
from .listing import asked

PAGE = 50
SUBJECTS = (
    "person", "team", "organisation", "role", "token", "device", "category", "matrix", "item", "option", "job",
    "announcement", "canned_reply", "macro", "view", "task_template", "intake", "assignment_rules", "skill", "absence",
    "notification_defaults", "agreement", "metric", "sign_in", "calendar", "holiday_set", "escalation_step",
)  # fmt: skip
#: What people do with such a thing for themselves is nobody's upkeep.
PRIVATE = ("me_too", "not_me", "dismiss", "follow", "unfollow", "rate")


@dataclass(frozen=True, slots=True)
class Line:
    """One change as it is told. `changes` are (field, before, after)."""

    id: int
    at: datetime
    actor: str
    channel: str
    done: str
    subject: str
    name: str
    subject_id: int
    changes: list[tuple[str, str, str]]
    said: str


_LINES = """
SELECT e.id, e.at, coalesce(a.name, '') AS actor, e.channel, e.verb, e.subject, e.subject_id, e.changes, e.data,
  CASE e.subject
    WHEN 'person' THEN (SELECT p.name FROM people_person p WHERE p.id = e.subject_id)
    WHEN 'team' THEN (SELECT t.name FROM people_team t WHERE t.id = e.subject_id)
    WHEN 'notification_defaults' THEN (SELECT o.name FROM people_organisation o WHERE o.id = e.subject_id)
    WHEN 'organisation' THEN (SELECT o.name FROM people_organisation o WHERE o.id = e.subject_id)
    WHEN 'role' THEN (SELECT r.name FROM people_role r WHERE r.id = e.subject_id)
    WHEN 'token' THEN (SELECT k.name FROM people_apitoken k WHERE k.id = e.subject_id)
    WHEN 'item' THEN (SELECT i.name FROM items_item i WHERE i.id = e.subject_id)
    ELSE coalesce(e.data->>'name', e.data->>'task', e.data->>'key', '')
  END AS name
FROM journal_entry e LEFT JOIN people_person a ON a.id = e.actor_id
WHERE e.subject = ANY(%(subjects)s) AND e.verb <> ALL(%(private)s) AND (%(all)s OR e.organisation_id = ANY(%(orgs)s))
  AND (CASE WHEN %(subject)s = 'sign_in' THEN e.verb = 'sign_in'
       ELSE e.verb <> 'sign_in' AND (%(subject)s = '' OR e.subject = %(subject)s) END)
  AND (%(id)s::bigint IS NULL OR e.subject_id = %(id)s)
  AND (%(before)s::bigint IS NULL OR e.id < %(before)s)
ORDER BY e.id DESC LIMIT %(limit)s
"""


def of_subject(far: Reach, subject: str, subject_id: int, *, limit: int) -> list[Line]:
    """The latest changes of one thing."""
    return _lines(far, subject, subject_id, None, limit)


def latest(far: Reach, limit: int) -> list[Line]:
    """The latest changes of anything."""
    return _lines(far, "", None, None, limit)


def _lines(far: Reach, subject: str, subject_id: int | None, before: int | None, limit: int) -> list[Line]:
    values = {**far.values, "subject": subject, "id": subject_id, "before": before, "limit": limit}
    values |= {"subjects": list(SUBJECTS), "private": list(PRIVATE)}
    return [_line(row) for row in sql.dicts(_LINES, values)]


def _line(row: dict[str, Any]) -> Line:
    changed = spoken_changes(row["changes"]) if row["subject"] == "agreement" else row["changes"]
    changes = [
        told
        for field, pair in changed.items()
        if isinstance(pair, list) and len(pair) == 2
        for told in by_name(field, pair[0], pair[1])
    ]
    data = row["data"]
    said = str(data.get("reason") or data.get("number", ""))
    if row["subject"] == "agreement" and data.get("number"):
        said = " · ".join(filter(None, [_("Version %(number)s") % {"number": data["number"]}, data.get("reason", "")]))
    if data.get("password"):
        said = _("A new password was set.")
    return Line(
        row["id"], row["at"], row["actor"], row["channel"], done_word(row["verb"]), subject_word(row["subject"]),
        row["name"] or "", row["subject_id"] or 0, changes, said,
    )  # fmt: skip


def by_name(field: str, before: Any, after: Any) -> list[tuple[str, str, str]]:
    """(what, before, after) of one change. A list of things with names, such as rules, is told thing by thing, and of
    each only what differs; where nothing but their order does, the names in their order."""
    if not (_named(before) and _named(after)) or not (before or after):
        return [(field_word(field), shown(before), shown(after))]
    old, new = ({one["name"]: one for one in things or ()} for things in (before, after))
    told = []
    for name in dict.fromkeys([*old, *new]):
        was, now = old.get(name), new.get(name)
        if was == now:
            continue
        if was and now:
            keys = [key for key in {**was, **now} if was.get(key) != now.get(key)]
        else:
            keys = [key for key, value in {**(was or {}), **(now or {})}.items() if value and key != "name"]
        said = [shown({key: one.get(key) for key in keys}) if one else "–" for one in (was, now)]
        told.append((name, said[0], said[1]))
    return told or [(field_word(field), ", ".join(old), ", ".join(new))]


def _named(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(one, dict) and "name" in one for one in value))


def shown(value: Any) -> str:
    """A value of the journal as words."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{key}: {shown(one)}" for key, one in value.items()) or "–"
    if isinstance(value, list):
        return (
            ", ".join(shown(one[0]) + (" ★" if one[1] is True else "") if _pair(one) else shown(one) for one in value)
            or "–"
        )
    return str(value)


def _pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[1], bool)


def subject_word(subject: str) -> str:
    """What kind of thing was changed."""
    words = {
        "person": _("Person"),
        "team": _("Team"),
        "organisation": _("Organisation"),
        "role": _("Role"),
        "token": _("Token"),
        "device": _("Device"),
        "category": _("Category"),
        "matrix": _("Priority matrix"),
        "item": _("Service"),
        "option": _("Setting"),
        "job": _("Background job"),
        "announcement": _("Announcement"),
        "canned_reply": _("Canned reply"),
        "macro": _("Macro"),
        "view": _("View"),
        "task_template": _("Task template"),
        "intake": _("Questions of the form"),
        "assignment_rules": _("Rules of assignment"),
        "escalation_step": _("Escalation step"),
        "skill": _("Skill"),
        "absence": _("Absence"),
        "notification_defaults": _("Notifications"),
        "agreement": _("Agreement"),
        "metric": _("Metric"),
        "sign_in": _("Sign-ins"),
        "calendar": _("Calendar"),
        "holiday_set": _("Holiday set"),
    }
    return words.get(subject, subject)


def done_word(verb: str) -> str:
    """What was done, in one word."""
    words = {
        "create": _("created"),
        "edit": _("changed"),
        "activate": _("activated"),
        "deactivate": _("deactivated"),
        "revoke": _("revoked"),
        "remove": _("removed"),
        "retry": _("tried again"),
        "discard": _("discarded"),
        "publish": _("published"),
        "end": _("ended"),
        "ask": _("decided"),
        "trash": _("put into the trash"),
        "restore": _("took out of the trash"),
        "call_off": _("called off"),
        "put": _("put in force"),
        "sign_in": _("signed in"),
        "password": _("set a new password"),
        "explain_access": _("looked at the access of"),
        "view_as_begin": _("began to view as"),
        "view_as_end": _("ended the view as"),
        "draft": _("began the next version of"),
        "write": _("wrote in"),
        "propose": _("proposed"),
        "revise": _("took back"),
        "sign": _("signed"),
        "agree": _("settled"),
        "review": _("put under review"),
        "renew": _("replaced"),
        "expire": _("let expire"),
        "terminate": _("ended early"),
    }
    return words.get(verb, verb)


def field_word(field: str) -> str:
    """A field's name as people read it."""
    words = {
        "name": _("Name"),
        "email": _("E-mail"),
        "organisation": _("Organisation"),
        "language": _("Language"),
        "timezone": _("Time zone"),
        "phone": _("Phone"),
        "job_title": _("Job title"),
        "manager": _("Manager"),
        "approval_limit": _("Decides on up to"),
        "approval_currency": _("Currency"),
        "vip": _("VIP"),
        "active": _("Active"),
        "roles": _("Roles"),
        "teams": _("Teams"),
        "members": _("Members"),
        "parent": _("Belongs to"),
        "capabilities": _("May"),
        "description": _("Description"),
        "criticality": _("Criticality"),
        "owner": _("Owner"),
        "revoked_at": _("Revoked"),
        "cells": _("Priorities"),
        "reasons": _("Channels"),
        "state": _("State"),
        "targets": _("Targets"),
        "services": _("Services"),
        "valid_from": _("Holds from"),
        "valid_until": _("Holds until"),
        "review_on": _("Review"),
        "review_lead_days": _("Tell the owner (days before)"),
        "apply_to_open": _("Applies to open records too"),
        "summary": _("What it is about"),
        "exclusions": _("What does not count"),
        "reporting": _("Reports"),
        "penalties": _("If it is not kept"),
        "tiers": _("Credits"),
        "routes": _("Who works on it one after the other"),
        "customer": _("For whom"),
        "provider_team": _("Team that promises it"),
        "supplier": _("Supplier"),
        "start": _("Starts when"),
        "stop": _("Stops when"),
        "cancel": _("Counts for nothing when"),
        "reset": _("Begins anew when"),
        "pauses": _("Pauses while"),
        "kinds": _("Kinds of records"),
        "zone": _("Time zone"),
        "holiday_sets": _("Holiday sets"),
        "dates": _("Single dates"),
        "days": _("Dates"),
        "make_up": _("Make-up working days"),
        "parts": _("Made of"),
        **{day: day_name(day) for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
    }
    return words.get(field, field)


@require_safe
@door(AUDIT_VIEW, PEOPLE_MANAGE, SETTINGS_MANAGE)
def history(request: HttpRequest) -> HttpResponse:
    """All changes within reach, newest first, of one kind of thing or of all."""
    far = reach(actor_of(request), AUDIT_VIEW, PEOPLE_MANAGE, SETTINGS_MANAGE)
    subject = asked(request, "subject", ("", *SUBJECTS))
    cursor = asked(request, "cursor")
    before = int(cursor) if cursor.isdecimal() and cursor.isascii() and len(cursor) < 19 else None
    lines = _lines(far, subject, None, before, PAGE + 1)
    context = {
        "lines": lines[:PAGE],
        "next": lines[PAGE - 1].id if len(lines) > PAGE else "",
        "first": before is None or before > LARGEST_ID,
        "subject": subject,
        "subjects": [(code, subject_word(code)) for code in SUBJECTS],
        "trail": [{"label": _("Changes"), "url": ""}],
    }
    return page(request, "history", context)
