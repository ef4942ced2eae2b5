"""Jobs of notification: from a journal entry to inboxes, and from an inbox line to a mail.

Both may run twice and do their work once: a line is unique per person and entry, a mail leaves only while
`emailed_at` is empty, and that is claimed before sending.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import ngettext

from quell.kernel.jobs.app import BRIEF, PATIENT, app, enqueue
from quell.kernel.live import hints
from quell.kernel.people.models import Person
from quell.kernel.people.speaking import speaking_to

from . import inbox
from .announce import announce_entry, pass_on
from .digests import Told, handed_out
from .models import Notification
from .offers import links
from .people import claim_digests, hearers
from .preferences import undeliverable
from .wording import sentence, words_said

DIGESTS_AT_ONCE, DIGEST_LINES = 500, 100


@app.task(name="notify.announce", retry=BRIEF)
def announce(entry_id: int) -> None:
    """Put an entry into the inboxes of those it concerns, and queue their mails and what else follows from it."""
    with transaction.atomic():
        for notification_id in announce_entry(entry_id):
            enqueue("notify.email", notification_id=notification_id, queue="mail")
        pass_on(entry_id)


@app.task(name="notify.email", retry=PATIENT, queue="mail")
def email(notification_id: int) -> None:
    """Send one notice by mail. Raises on a mail server's failure, so that the job is tried again."""
    with transaction.atomic():
        notice = (
            Notification.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("person", "record", "entry", "entry__actor")
            .filter(pk=notification_id, emailed_at=None)
            .first()
        )
        if notice is None or not notice.person.is_active or undeliverable(notice.person.email):
            return
        wait = hearers([notice.person_id])[notice.person_id].wishes.quiet_seconds(datetime.now(UTC))
        if wait:  # nobody is woken by a mail; it leaves when the quiet hours end
            enqueue("notify.email", notification_id=notification_id, queue="mail", delay_seconds=wait)
            return
        with speaking_to(notice.person):
            _message(notice).send()
        notice.emailed_at = datetime.now(UTC)
        notice.save(update_fields=["emailed_at"])


@app.periodic(cron="* * * * *")
@app.task(name="notify.sweep", queueing_lock="notify.sweep", retry=BRIEF)
def sweep(timestamp: int) -> None:
    """Bring back what was snoozed, and queue the daily mails that are due."""
    now = datetime.now(UTC)
    hints.news_for(inbox.wake(now))
    with transaction.atomic():
        for person_id in claim_digests(now, DIGESTS_AT_ONCE):
            enqueue("notify.digest", person_id=person_id, queue="mail")


@app.task(name="notify.digest", retry=PATIENT, queue="mail")
def digest(person_id: int) -> None:
    """Send one person everything that waits for the daily mail, in one mail; what they have read by now is left out."""
    with transaction.atomic():
        waiting = list(
            Notification.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("person", "record", "entry", "entry__actor")
            .filter(person_id=person_id, digest_wanted=True, digested_at=None)
            .order_by("pk")[:DIGEST_LINES]
        )
        unread = [line for line in waiting if line.read_at is None and line.done_at is None]
        person = Person.objects.filter(pk=person_id).first()
        if person is not None:
            with speaking_to(person):
                told = [*(_told(line) for line in unread), *handed_out(person_id)]
                if told and person.is_active and not undeliverable(person.email):
                    _digest(person.email, told, unread[-1].pk if unread else 0).send()
        Notification.objects.filter(pk__in=[line.pk for line in waiting]).update(digested_at=datetime.now(UTC))


def _told(line: Notification) -> Told:
    return Told(sentence(line), f"{settings.PUBLIC_URL}/incidents/{line.record.number}")


def _digest(email: str, told: list[Told], newest: int) -> EmailMessage:
    subject = ngettext("%(count)d thing for you", "%(count)d things for you", len(told)) % {"count": len(told)}
    return EmailMessage(
        subject=subject,
        body="\n\n".join([*(f"{one.sentence}\n{one.address}" for one in told), f"{settings.PUBLIC_URL}/inbox"]),
        to=[email],
        headers={"Auto-Submitted": "auto-generated", "X-Quell-Digest": str(newest)},
    )


def _message(notice: Notification) -> EmailMessage:
    record = notice.record
    offered = "\n".join(f"{words}: {address}" for words, address in links(notice))
    parts = [sentence(notice), words_said(notice), offered, f"{settings.PUBLIC_URL}/incidents/{record.number}"]
    return EmailMessage(
        subject=f"[{record.number}] {record.title}",
        body="\n\n".join(part for part in parts if part),
        to=[notice.person.email],
        headers={
            "Auto-Submitted": "auto-generated",
            "X-Quell-Notice": str(notice.pk),
            "Message-ID": f"<notice-{notice.pk}@{settings.PUBLIC_URL.split('://')[-1].split(':')[0]}>",
        },
    )
