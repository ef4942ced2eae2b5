"""Letting go of a public message, and taking it back: it waits a few seconds, or until a time, before it goes out.

What goes out runs the ordinary verbs as its author, with the rights of that moment, in one transaction with the mark
that it has gone: once, or not at all. When somebody else has written meanwhile it is held and its author is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quell.kernel.access.actor import HOUSE, Actor, actor_for_person
from quell.kernel.access.capabilities import RECORDS_LEAD
from quell.kernel.config.options import Option, register
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound, Refusal, WrongState
from quell.kernel.jobs.app import enqueue
from quell.kernel.journal.write import write
from quell.kernel.notify.announce import tell
from quell.kernel.records import drafts, outbox
from quell.kernel.records.models import Enclosure, Outgoing, Record

from .run import run

Step = dict[str, Any]
SUBJECT = "outgoing"
LONGEST = 100_000
#: Further away than this, a time is a slip of the keyboard.
FARTHEST = timedelta(days=366)
#: Gone and undone messages are forgotten after so many days; what was said stands in the history.
KEPT_DAYS = 30

UNDO_SECONDS = register(
    Option(
        "records.undo_send_seconds",
        10,
        gettext_lazy("A reply can be undone for (seconds)"),
        gettext_lazy("A public reply waits this long before it goes out. 0 sends at once."),
        minimum=0,
        maximum=120,
    )
)


Deed = Callable[[Actor, str, Mapping[str, Any]], object]
_deeds: dict[str, Deed] = {}


def also(name: str, deed: Deed) -> None:
    """Let steps name something that is no verb of the record itself, such as adding a task to it. The deed checks the
    actor's rights by itself and raises a Refusal."""
    _deeds[name] = deed


def step(actor: Actor, kind: str, number: str, verb: str, inputs: Mapping[str, Any], now: datetime) -> None:
    """Do one step: a verb of the record, or a deed. Raises a Refusal."""
    if verb in _deeds:
        _deeds[verb](actor, number, inputs)
    else:
        run(f"{kind}s.{verb}", actor, number, inputs, now=now)


class _TakenBack(Exception):
    """Ends a rehearsal: what it did is rolled back."""


def put(
    actor: Actor,
    number: str,
    body: str,
    steps: Sequence[Step],
    *,
    send_at: datetime | None = None,
    last_seen: int | None = None,
    files: Sequence[int] = (),
    now: datetime | None = None,
) -> Outgoing:
    """Let a message go: out after the seconds of the setting, or at `send_at`. `files` are enclosures of the actor's.

    Everything is rehearsed first, so what would be refused is refused now, with the text still in its writer's hands.
    With a setting of 0 seconds and no time it goes out at once. Raises a Refusal.
    """
    now = now or datetime.now(UTC)
    text = checked_body(body, enclosed=bool(files))
    with transaction.atomic():
        record = _visible(actor, number)
        due_at = _due(record, send_at, now)
        if actor.person_id is None:
            raise Forbidden(_("Messages are written by people."))
        message = Outgoing.objects.create(
            record=record,
            author_id=actor.person_id,
            body=text,
            steps=[dict(one) for one in steps],
            channel=actor.channel,
            scheduled=send_at is not None,
            due_at=due_at,
            last_seen=outbox.newest_line(record.pk) if last_seen is None else last_seen,
            created_at=now,
        )
        _enclose(message, files)
        if send_at is None and (found := _newer(message)) is not None:
            raise found  # the writer is still there, and had better read it now than undo later
        if send_at is None and due_at <= now:
            _go(actor, message, now)
            _settle(message, Outgoing.State.SENT, now)
            return message
        rehearse(actor, message, now)
        enqueue("outbox.send", delay_seconds=_wait(due_at, now), message_id=message.pk)
    return message


def checked_body(body: str, *, enclosed: bool = False) -> str:
    """The text as it may be sent; raises Invalid."""
    text = body.strip()
    if not text and not enclosed:
        raise Invalid.field("body", _("Write something first."))
    if len(text) > LONGEST:
        raise Invalid.field("body", _("At most %(count)d characters.") % {"count": LONGEST})
    return text


def _visible(actor: Actor, number: str) -> Record:
    record = Record.objects.visible_to(actor).filter(number=number.upper()).first()
    if record is None:
        raise NotFound(_("There is no %(number)s here, or it is not yours to see.") % {"number": number})
    return record


def _due(record: Record, send_at: datetime | None, now: datetime) -> datetime:
    if send_at is None:
        return now + timedelta(seconds=UNDO_SECONDS.get(record.organisation_id))
    if send_at <= now:
        raise Invalid.field("send_at", _("This time has passed."))
    if send_at > now + FARTHEST:
        raise Invalid.field("send_at", _("This time is too far away."))
    return send_at


def _wait(due_at: datetime, now: datetime) -> int:
    """Whole seconds until it is due, never too few: a job that comes early finds nothing to send."""
    return max(1, ceil((due_at - now).total_seconds()))


def _enclose(message: Outgoing, files: Sequence[int]) -> None:
    if not files:
        return
    mine = Enclosure.objects.filter(
        pk__in=files, person_id=message.author_id, record_id=message.record_id, mode="public", outgoing=None
    )
    if mine.update(outgoing=message) != len(set(files)):
        raise Invalid.field("files", _("One of these files is not there any more. Add it again."))


def rehearse(actor: Actor, message: Outgoing, now: datetime) -> None:
    """Do everything and take it back, to learn what would be refused; raises that Refusal."""
    try:
        with transaction.atomic():
            _go(actor, message, now)
            raise _TakenBack
    except _TakenBack:
        return


def hang(actor: Actor, record: Record, files: Sequence[Enclosure], *, public: bool) -> dict[int, int]:
    """Attach what lay in a composer to its record; attachment ids by enclosure id. Raises a Refusal."""
    made: dict[int, int] = {}
    for file in files:
        given = {"sha256": file.blob_id, "name": file.name, "public": public}
        entry = run(f"{record.kind}s.attach", actor, record.number, given).entry
        if entry is not None:
            made[file.pk] = int(entry.data["attachment"])
    return made


def with_links(text: str, files: Sequence[Enclosure], made: dict[int, int]) -> str:
    """The text with each mark of a file turned into a link to its attachment."""
    for file in files:
        mark = outbox.MARK.format(name=file.name, id=file.pk)
        address = f"{settings.PUBLIC_URL}/attachments/{made[file.pk]}"
        text = text.replace(mark, f"[{file.name}]({address})")
    return text


def _go(actor: Actor, message: Outgoing, now: datetime) -> None:
    record = message.record
    files = list(message.enclosures.order_by("pk"))
    made = hang(actor, record, files, public=True)
    text = with_links(message.body, files, made)
    for one in message.steps:
        inputs = dict(one.get("inputs", {}))
        if one.get("text") and text:
            inputs[one["text"]] = text
        if one["verb"] == "comment" and one.get("text"):
            if not text:
                continue  # files alone: they hang on the record by themselves
            inputs["attachments"] = list(made.values())
        step(actor, record.kind, record.number, one["verb"], inputs, now)


def _newer(message: Outgoing) -> Refusal | None:
    found = outbox.newer(message.record_id, message.author_id, message.last_seen)
    if found is None:
        return None
    sentence = _("%(name)s has written meanwhile. Read it, then send or change yours.") % {"name": found[2]}
    return WrongState(sentence, code="newer_message")


def _settle(message: Outgoing, state: Outgoing.State, now: datetime) -> None:
    message.state, message.settled_at = state, now
    message.save(update_fields=["state", "settled_at"])
    if state == Outgoing.State.SENT:
        message.enclosures.all().delete()  # they are attachments now


def send_due(message_id: int, now: datetime | None = None) -> None:
    """Send one message if its time has come and nobody is sending it already; hold it when it may not go."""
    now = now or datetime.now(UTC)
    with transaction.atomic():
        message = (
            Outgoing.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("record")
            .filter(pk=message_id, state=Outgoing.State.WAITING, due_at__lte=now)
            .first()
        )
        if message is not None:
            _send(message, now)


def _send(message: Outgoing, now: datetime) -> None:
    actor = actor_for_person(message.author_id, channel=message.channel)
    refused: Refusal | None = _newer(message)
    if actor is None:
        refused = Forbidden(_("Its author does not work here any more."))
    if refused is None and actor is not None:
        try:
            with transaction.atomic():
                _go(actor, message, now)
        except Refusal as no:
            refused = no
    if refused is None:
        _settle(message, Outgoing.State.SENT, now)
        return
    message.state, message.held_code, message.held_because = Outgoing.State.HELD, refused.code, refused.sentence[:500]
    message.save(update_fields=["state", "held_code", "held_because"])
    entry = write(
        "held",
        HOUSE,
        now,
        subject=SUBJECT,
        subject_id=message.pk,
        organisation_id=message.record.organisation_id,
        data={"reason": refused.sentence, "number": message.record.number},
    )
    if actor is not None and Record.objects.visible_to(actor).filter(pk=message.record_id).exists():
        tell(message.author_id, message.record_id, entry.pk, "held")


def _locked(actor: Actor, message_id: int, *, author_only: bool) -> Outgoing:
    """The message, locked, when the actor may see and change it; raises NotFound, Forbidden, WrongState."""
    message = (
        Outgoing.objects.select_for_update(of=("self",))
        .select_related("record", "author")
        .filter(pk=message_id)
        .first()
    )
    if message is None or not outbox.may_see(actor, message):
        raise NotFound(_("There is no such message here, or it is not yours to see."))
    record = message.record
    leads = actor.scope(RECORDS_LEAD).covers(record.organisation_id, record.team_id)
    if actor.read_only or (actor.token_scopes and "records.work" not in actor.token_scopes):
        raise Forbidden(_("This token may only read."))
    if message.author_id != actor.person_id and (author_only or not leads):
        raise Forbidden(_("Only its author can do this."))
    if message.state == Outgoing.State.SENT:
        raise WrongState(_("It has gone out already."), code="already_sent")
    if message.state == Outgoing.State.UNDONE:
        raise WrongState(_("It was taken back already."), code="already_undone")
    return message


def take_back(actor: Actor, message_id: int, now: datetime | None = None) -> Outgoing:
    """Undo sending: nothing goes out, text and files lie in their author's composer again, before whatever stands
    there by now. For its author, and for leads. Raises a Refusal."""
    with transaction.atomic():
        message = _locked(actor, message_id, author_only=False)
        there = drafts.read(message.author_id, message.record_id).get("public", ("", None))[0]
        if message.body:
            text = f"{message.body}\n\n{there}" if there.strip() and there.strip() != message.body else message.body
            drafts.keep(message.author_id, message.record_id, "public", text)
        message.enclosures.update(outgoing=None)
        _settle(message, Outgoing.State.UNDONE, now or datetime.now(UTC))
    return message


def change(
    actor: Actor,
    message_id: int,
    *,
    body: str | None = None,
    send_at: datetime | None = None,
    last_seen: int | None = None,
    now: datetime | None = None,
) -> Outgoing:
    """Other words, or another time; what was held waits again. Only for its author. Raises a Refusal."""
    now = now or datetime.now(UTC)
    with transaction.atomic():
        message = _locked(actor, message_id, author_only=True)
        if body is not None:
            message.body = checked_body(body, enclosed=message.enclosures.exists())
        if send_at is not None:
            message.due_at, message.scheduled = _due(message.record, send_at, now), True
        if last_seen is not None:
            message.last_seen = last_seen
        elif message.state == Outgoing.State.HELD:
            message.last_seen = outbox.newest_line(message.record_id)
        message.state, message.held_code, message.held_because = Outgoing.State.WAITING, "", ""
        message.save()
        rehearse(actor, message, now)
        enqueue(
            "outbox.send",
            delay_seconds=_wait(message.due_at, now),
            message_id=message.pk,
        )
    return message


def send_now(actor: Actor, message_id: int, *, anyway: bool = False, now: datetime | None = None) -> Outgoing:
    """Do not wait any longer. `anyway` sends although somebody else has written since. Only for its author. Raises a
    Refusal (`newer_message` when held back), and then it waits as before."""
    now = now or datetime.now(UTC)
    with transaction.atomic():
        message = _locked(actor, message_id, author_only=True)
        if not anyway and (found := _newer(message)) is not None:
            raise found
        _go(actor, message, now)
        _settle(message, Outgoing.State.SENT, now)
    return message


def forget_old(now: datetime) -> int:
    """Remove what went out or was taken back long ago; returns how many."""
    gone, _rows = Outgoing.objects.filter(
        state__in=[Outgoing.State.SENT, Outgoing.State.UNDONE], settled_at__lt=now - timedelta(days=KEPT_DAYS)
    ).delete()
    return gone
