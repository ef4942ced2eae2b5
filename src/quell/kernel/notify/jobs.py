"""Jobs of notification: from a journal entry to inboxes, and from an inbox line to a mail.

Both may run twice and do their work once: a line is unique per person and entry, a mail leaves only while
`emailed_at` is empty, and that is claimed before sending.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation

from quell.kernel.jobs.app import BRIEF, PATIENT, app, enqueue

from .announce import announce_entry, pass_on
from .models import Notification
from .wording import sentence, words_said


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
        if notice is None or not notice.person.is_active or notice.person.email.endswith(".invalid"):
            return
        with translation.override(notice.person.language or settings.LANGUAGE_CODE):
            _message(notice).send()
        notice.emailed_at = datetime.now(UTC)
        notice.save(update_fields=["emailed_at"])


def _message(notice: Notification) -> EmailMessage:
    record = notice.record
    parts = [sentence(notice), words_said(notice), f"{settings.PUBLIC_URL}/incidents/{record.number}"]
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
