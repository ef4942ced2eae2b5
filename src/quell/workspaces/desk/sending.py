"""Letting a reply or a note go from the composer: with files, with what follows, at once or at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.actions.once import already, fingerprint, once
from quell.kernel.actions.outbox import UNDO_SECONDS
from quell.kernel.config.refusal import Forbidden, Invalid
from quell.kernel.files import store
from quell.kernel.files.sniff import safe_name
from quell.kernel.records import drafts, outbox
from quell.kernel.ui import moments
from quell.practices.incidents import facade
from quell.practices.servicedesk import facade as prepared

Row = dict[str, Any]
#: The hour at which scheduled replies go out when only a day is chosen.
MORNING = 8


@dataclass(frozen=True, slots=True)
class Sent:
    """What to tell the writer, where a press on Undo goes ("" when there is nothing to undo), and for how long."""

    sentence: str
    undo_url: str = ""
    seconds: int = 0


def enclose(request: HttpRequest, actor: Actor, row: Row, mode: drafts.Mode) -> list[int]:
    """Put the uploaded files into the composer, where they stay until they are sent or removed; their ids. Raises a
    Refusal."""
    uploads = request.FILES.getlist("files")
    if not uploads:
        return []
    if actor.person_id is None or not may_write(actor, row):
        raise Forbidden(_("You can read this incident, but not write to it."))
    for upload in uploads:
        store.check_size(upload.name or "", upload.size or 0)
    now = datetime.now(UTC)
    return [
        outbox.put_in(actor.person_id, row["id"], mode, store.keep(upload).sha256, safe_name(upload.name or ""), now)
        for upload in uploads
    ]


def may_write(actor: Actor, row: Row) -> bool:
    """May the actor say something on this incident?"""
    return any(verb.verb == "comment" and verb.allowed for verb in facade.verbs_on(actor, row))


def speak_once(request: HttpRequest, actor: Actor, row: Row, mode: drafts.Mode, text: str, then: str) -> Sent:
    """`speak` with the files that came along, at most once for the mark that a page's script sends with a reply: a
    connection may break after it was taken and before the page hears so, and what waited on the device is then sent
    again. Raises a Refusal."""
    token = request.headers.get("X-Once", "")[:100]
    marks = [f"{one.name} {one.size}" for one in request.FILES.getlist("files")]
    content = fingerprint(row["number"], mode, text, then, request.POST.get("send_at", ""), *marks)
    person_id = actor.person_id or 0
    if (done := already(person_id, token, content)) is not None:
        return Sent(*orjson.loads(done))
    enclose(request, actor, row, mode)  # kept in the composer whatever becomes of the rest

    def work() -> str:
        sent = speak(request, actor, row, mode, text, then)
        if actor.person_id is not None:
            drafts.drop(actor.person_id, row["id"], mode)
        return orjson.dumps([sent.sentence[:200], sent.undo_url, sent.seconds]).decode()

    return Sent(*orjson.loads(once(person_id, token, content, work)))


def speak(request: HttpRequest, actor: Actor, row: Row, mode: drafts.Mode, text: str, then: str) -> Sent:
    """Write a note at once, or let a reply go through the outbox. Raises a Refusal."""
    files = [file["id"] for file in outbox.enclosures(actor.person_id or 0, row["id"], mode)]
    if gaps := prepared.gaps(text):
        raise Invalid(_("Fill in what is missing first: %(names)s.") % {"names": ", ".join(gaps)}, code="gap")
    if mode == "internal":
        facade.note(actor, row["number"], text, files)
        return Sent(_("Note added.") if text else _("Attached."))
    given: dict[str, Any] = {"body": text, **_after(then, request.POST.get("send_at", ""))}
    if given.get("then", {}).get("verb") == "resolve" and not text:
        raise Invalid(_("Tell the requester what was done."))
    if (seen := request.POST.get("seen", "")).isascii() and seen.isdigit():
        given["if_last_seen"] = int(seen[:18])
    return _told(facade.send(actor, row["number"], given, files), row)


def _after(then: str, chosen: str) -> Row:
    """What a button of the send menu asks for: `hold`, `resolve:CODE`, `at` (the time beside it) or `at:TIME`."""
    verb, _colon, rest = then.partition(":")
    if verb == "hold":
        return {"then": {"verb": "hold", "inputs": {"hold_reason": "requester"}}}
    if verb == "resolve":
        return {"then": {"verb": "resolve", "inputs": {"resolution_code": rest}}}
    if verb == "at":
        return {"send_at": moment(rest or chosen)}
    return {}


def moment(text: str) -> datetime:
    """A time as a control of the page gives it, in the writer's own zone; raises Invalid."""
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        found = None
    if found is None:
        raise Invalid.field("send_at", _("Give a day and a time, such as 2026-11-24 09:00"))
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def mornings() -> list[Row]:
    """Times offered for sending later, in the reader's own zone: tomorrow morning, and the next Monday's."""
    today = timezone.localtime().replace(hour=MORNING, minute=0, second=0, microsecond=0)
    tomorrow, monday = today + timedelta(days=1), today + timedelta(days=7 - today.weekday())
    found = [{"at": tomorrow, "value": f"at:{tomorrow.isoformat()}", "label": _("Tomorrow morning")}]
    if monday != tomorrow:
        found.append({"at": monday, "value": f"at:{monday.isoformat()}", "label": _("Monday morning")})
    return found


def _told(message: outbox.Message, row: Row) -> Sent:
    names = {"name": row["requester_name"], "number": row["number"]}
    if message.state == "sent":
        if message.then == "resolve":
            return Sent(_("%(number)s is resolved.") % names)
        if message.then == "hold":
            return Sent(_("Sent. %(number)s waits for the requester.") % names)
        return Sent(_("Reply sent to %(name)s.") % names if message.body else _("Attached."))
    undo = f"/outbox/{message.id}/undo"
    if message.scheduled:
        return Sent(_("Your reply goes out %(when)s.") % {"when": moments.short(message.due_at, with_time=True)}, undo)
    seconds = UNDO_SECONDS.get(row["organisation_id"])
    if message.then == "resolve":
        return Sent(_("Sent to %(name)s; %(number)s is resolved with it.") % names, undo, seconds)
    if message.then == "hold":
        return Sent(_("Sent to %(name)s; %(number)s then waits for them.") % names, undo, seconds)
    return Sent(_("Sent to %(name)s.") % names, undo, seconds)
