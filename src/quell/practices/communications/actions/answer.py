"""What readers do with an announcement: say “me too”, take it back, put it away; and follow a service's news."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places
from quell.kernel.config.refusal import WrongState
from quell.kernel.items.models import Item
from quell.kernel.jobs.app import enqueue
from quell.kernel.journal.write import write

from ..models import Announcement, Dismissal, MeToo, Subscription
from ..queries import announcements
from .frame import SUBJECT, home_of, must_answer, service_of


def me_too(actor: Actor, announcement_id: int) -> None:
    """Count this person in, once, and tell them of every update from now on. Said again it changes nothing. Raises
    NotFound, Forbidden, WrongState (it is over, or plain news)."""
    with transaction.atomic():
        me, made = must_answer(actor), _readable(actor, announcement_id)
        now = datetime.now(UTC)
        if made.severity == "information":
            raise WrongState(_("This is plain news: there is nothing to be affected by."))
        if made.state != "published" or made.starts_at > now or (made.ends_at is not None and made.ends_at <= now):
            raise WrongState(_("This is over. Report it if it happens again."))
        _row, fresh = MeToo.objects.get_or_create(
            announcement=made,
            person_id=me,
            defaults={"organisation_id": home_of(me), "at": now, "seen": made.told, "mailed": made.told},
        )
        if fresh:
            entry = write(
                "me_too", actor, now, subject=SUBJECT, subject_id=made.pk, organisation_id=actor.organisation_id,
                data={"record": made.record_id} if made.record_id else {},
            )  # fmt: skip
            # Journeys hear of it from here: an incident behind the announcement gains a follower.
            enqueue("notify.announce", entry_id=entry.pk)


def not_me(actor: Actor, announcement_id: int) -> None:
    """Take a “me too” back, and hear no more of it."""
    with transaction.atomic():
        me, made = must_answer(actor), _readable(actor, announcement_id)
        gone, _rows = MeToo.objects.filter(announcement=made, person_id=me).delete()
        if gone:
            write(
                "not_me", actor, datetime.now(UTC), subject=SUBJECT, subject_id=made.pk,
                organisation_id=actor.organisation_id,
            )  # fmt: skip


def dismiss(actor: Actor, announcement_id: int) -> None:
    """Put it away for this person. An outage stays: it explains what they are about to report. Raises NotFound,
    WrongState."""
    with transaction.atomic():
        me, made = must_answer(actor), _readable(actor, announcement_id)
        if made.severity == "outage":
            raise WrongState(_("An outage stays in sight until it is over."))
        Dismissal.objects.get_or_create(announcement=made, person_id=me)


def follow(actor: Actor, code: str) -> None:
    """Hear of a service's announcements wherever one sits in the company. Raises Invalid for an unknown service."""
    me = must_answer(actor)
    with transaction.atomic():
        service = service_of(actor, code)
        _row, fresh = Subscription.objects.get_or_create(person_id=me, service=service)
        if fresh:
            _note("follow", actor, service)


def unfollow(actor: Actor, code: str) -> None:
    """Stop following a service."""
    me = must_answer(actor)
    with transaction.atomic():
        service = service_of(actor, code)
        gone, _rows = Subscription.objects.filter(person_id=me, service=service).delete()
        if gone:
            _note("unfollow", actor, service)


def _note(verb: str, actor: Actor, service: Item) -> None:
    write(
        verb, actor, datetime.now(UTC), subject="item", subject_id=service.pk, organisation_id=service.organisation_id
    )  # fmt: skip


def _readable(actor: Actor, announcement_id: int) -> Announcement:
    """The announcement if this person is among its readers, locked; raises NotFound."""
    if announcements.one(actor, announcement_id) is None:
        raise places.unknown(str(announcement_id))
    return Announcement.objects.select_for_update(of=("self",)).get(pk=announcement_id)
