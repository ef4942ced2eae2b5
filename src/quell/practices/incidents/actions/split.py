"""Splitting: messages that are about something else become an incident of their own (ux.md 2.8).

They are copied, each with its writer, its time and its files; here they stay where they were, and this incident's
history says which went where. The requester is told once, in their language.
"""

from __future__ import annotations

from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.actions.open import Opened
from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config.refusal import Invalid
from quell.kernel.items.models import Item
from quell.kernel.journal.models import Entry
from quell.kernel.journal.write import write
from quell.kernel.people.models import Organisation, Person, Team
from quell.kernel.people.speaking import speaking_to
from quell.kernel.records.links import SPLIT
from quell.kernel.records.models import Attachment, Link, Message, Note, Record, Reply
from quell.kernel.search import index

from ..models import Category
from ..permissions import can_work
from .frame import incident_action, touch
from .report import Report, report


class Split(Inputs):
    """Which messages (ids of the timeline), and what the new incident is about. Without a title it begins with the
    first message. `inform` tells the requester."""

    entries: list[Annotated[int, Field(ge=1, le=2**62, strict=True)]] = Field(min_length=1, max_length=100)
    title: str | None = Field(None, min_length=1, max_length=250)
    inform: Annotated[bool, Field(strict=True)] = True


@incident_action("split", allowed=can_work, inputs=Split, moves=False)
def split(context: Context) -> None:
    """Make an incident of its own from messages that are about something else."""
    entries = _chosen(context)
    title = context.inputs.title or _title(entries)
    made = _report(context, title)
    new = Record.objects.select_for_update(of=("self",)).get(pk=made.record_id)
    for entry in entries:
        _copy(entry, new)
    Link.objects.create(
        source=new, target=context.record, kind=SPLIT, created_by_id=context.actor.person_id, created_at=context.now
    )
    if context.inputs.inform:
        _inform(context, new)
    context.data |= {"to": new.number, "entries": [entry.pk for entry in entries]}
    touch(context)


def _chosen(context: Context) -> list[Entry]:
    wanted = sorted(set(context.inputs.entries))
    found = Entry.objects.filter(pk__in=wanted, record=context.record, verb__in=("reply", "note")).order_by("at", "id")
    entries = [entry for entry in found if "reply" in entry.data or "note" in entry.data]
    if len(entries) != len(wanted):
        raise Invalid.field("entries", _("One of these is no message of this incident."))
    return entries


def _message(entry: Entry) -> Message:
    if "reply" in entry.data:
        return Reply.objects.get(pk=entry.data["reply"])
    return Note.objects.get(pk=entry.data["note"])


def _title(entries: list[Entry]) -> str:
    """The beginning of the first public message. A note's words never become a title, which the requester reads."""
    first = next((entry for entry in entries if "reply" in entry.data), None)
    if first is None:
        raise Invalid.field("title", _("Say what the new incident is about."))
    body = _message(first).body
    line = next((line.strip() for line in body.splitlines() if line.strip()), "")
    return line if len(line) <= 120 else line[:119].rstrip() + "…"


def _report(context: Context, title: str) -> Opened:
    """The same requester, place, service, category and team; who works on it is decided anew."""
    record, detail = context.record, context.detail
    given: dict[str, Any] = {
        "title": title,
        "impact": detail.impact,
        "urgency": detail.urgency,
        "requester": Person.objects.values_list("email", flat=True).get(pk=record.requester_id),
        "organisation": Organisation.objects.values_list("code", flat=True).get(pk=record.organisation_id),
        "channel": record.channel,
    }
    if record.service_id is not None and Item.objects.filter(pk=record.service_id, active=True).exists():
        given["service"] = Item.objects.values_list("code", flat=True).get(pk=record.service_id)
    if record.team_id is not None and Team.objects.filter(pk=record.team_id, active=True).exists():
        given["team"] = Team.objects.values_list("code", flat=True).get(pk=record.team_id)
    if detail.category_id is not None and Category.objects.filter(pk=detail.category_id, active=True).exists():
        given["category"] = Category.objects.values_list("path", flat=True).get(pk=detail.category_id)
    return report(context.actor, Report(**given), now=context.now)


def _copy(entry: Entry, new: Record) -> None:
    """One message with its files, at its own time, as said by whoever said it."""
    old = _message(entry)
    public = isinstance(old, Reply)
    kind: type[Reply] | type[Note] = Reply if public else Note
    made = kind.objects.create(
        record=new, author_id=old.author_id, body=old.body, channel=old.channel, created_at=old.created_at
    )
    name = "reply" if public else "note"
    for file in Attachment.objects.filter(**{name: old}):
        file.pk, file.record = None, new
        setattr(file, name, made)
        file.save(force_insert=True)
    Entry.objects.create(
        record=new,
        organisation_id=new.organisation_id,
        verb=entry.verb,
        actor_id=entry.actor_id,
        channel=entry.channel,
        at=entry.at,
        public=entry.public,
        data={name: made.pk, "split_from": entry.pk},
        request_id=entry.request_id,
        version=new.version,
    )
    index.add(new.pk, old.body, internal=not public)


def _inform(context: Context, new: Record) -> None:
    """One public message on the new incident. It is no answer yet, so it stops no clock; and the notice that the
    incident exists goes out anyway, so this one sends none."""
    with speaking_to(Person.objects.only("language", "timezone", "organisation").get(pk=new.requester_id)):
        body = _("You asked about two things in %(old)s. This is now %(new)s: %(title)s. We go on with both.") % {
            "old": context.record.number,
            "new": new.number,
            "title": new.title,
        }
    reply = Reply.objects.create(
        record=new,
        author_id=context.actor.person_id,
        body=body,
        channel=context.actor.channel,
        created_at=context.now,
    )
    write(
        "reply",
        context.actor,
        context.now,
        record_id=new.pk,
        organisation_id=new.organisation_id,
        public=True,
        data={"reply": reply.pk},
        version=new.version,
    )
    index.add(new.pk, body, internal=False)
