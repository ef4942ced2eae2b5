"""Jobs of notification: from a journal entry to inboxes, and from an inbox line to a mail.

Both may run twice and do their work once: a line is unique per person and entry, a mail leaves only while
`emailed_at` is empty, and that is claimed before sending. A call to a device may come twice; the second takes the
place of the first on the screen.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import ngettext
from procrastinate import JobContext

from quell.kernel.jobs.app import BRIEF, PATIENT, app, enqueue
from quell.kernel.live import hints
from quell.kernel.outbound.client import Blocked, Unreachable
from quell.kernel.people.models import Person
from quell.kernel.people.speaking import speaking_to

from . import inbox
from . import push as pushing
from .announce import announce_entry, may_know, pass_on
from .digests import Told, handed_out
from .models import Device, Notification
from .offers import links
from .people import claim_digests, hearers
from .preferences import undeliverable
from .wording import sentence, words_said

logger = logging.getLogger("quell.notify")

DIGESTS_AT_ONCE, DIGEST_LINES = 500, 100
#: How long a push service that does not answer is left alone, so that calls to it do not hold up everything else.
PAUSE_SECONDS = 60


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


class NotTaken(Exception):
    """The push service did not take a call just now."""


@app.task(name="notify.push", retry=PATIENT, queue="push", pass_context=True)
def push(context: JobContext, notification_id: int, device_id: int) -> None:
    """Call one device about one line. What the person has read in the meantime, or what their quiet hours have reached
    since, is not called out; the line stays. Raises NotTaken while another try makes sense, and never at the last:
    a call that came to nothing is no matter for a person to decide about."""
    device = Device.objects.select_related("person").filter(pk=device_id).first()
    notice = (
        Notification.objects.select_related("person", "record", "entry", "entry__actor")
        .filter(pk=notification_id, read_at=None, done_at=None)
        .first()
    )
    if device is None or notice is None or notice.person_id != device.person_id:
        return
    hearer = hearers([device.person_id]).get(device.person_id)
    if hearer is None or device.stamp != device.person.get_session_auth_hash():
        device.delete()  # the account is closed, or has another password than the one that was signed in with
        return
    now = datetime.now(UTC)
    late = now - notice.created_at > timedelta(seconds=pushing.SECONDS_KEPT)
    known = may_know(hearer, notice.entry.public, notice.reason)  # a role may have been taken since
    if late or not known or hearer.wishes.quiet_seconds(now):
        return
    with speaking_to(device.person):
        words = pushing.words(notice, works=hearer.works)
    try:
        _call(device, words, now)
    except NotTaken as fault:
        if context.job.attempts + 1 < (PATIENT.max_attempts or 0):
            raise
        logger.warning("a notice could not be pushed to device %s: %s", device_id, fault)


def _call(device: Device, words: pushing.Words, now: datetime) -> None:
    host = urlsplit(device.endpoint).netloc
    if cache.get(away := f"push-away:{host}"):
        raise NotTaken(f"{host} did not answer lately")
    try:
        status = pushing.call(device.endpoint, bytes(device.key), bytes(device.secret), words, now)
    except Blocked as no:
        logger.warning("device %s is called no more: %s", device.pk, no)
        device.delete()
        return
    except Unreachable as fault:
        cache.set(away, True, PAUSE_SECONDS)
        raise NotTaken(str(fault)) from None
    if status in pushing.OVER:
        device.delete()
    elif 200 <= status < 300:
        Device.objects.filter(pk=device.pk).update(used_at=now)
    elif status == 429 or status >= 500:
        raise NotTaken(f"{host} answered {status}")
    else:
        logger.warning("%s refused a call to device %s: %s", host, device.pk, status)


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
