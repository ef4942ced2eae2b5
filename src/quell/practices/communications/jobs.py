"""Telling those who said “me too” what is new: one job finds them, one mail each.

An outage is told at once. Other news goes the way its reader chose: after the quiet hours, in the daily mail, or not
by mail at all: it stands above the inbox anyway.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from quell.kernel.config import sql
from quell.kernel.jobs.app import BRIEF, PATIENT, app, enqueue
from quell.kernel.notify.digests import Told
from quell.kernel.notify.people import Hearer, expect_digest, hearers
from quell.kernel.notify.preferences import DIGEST, EMAIL, NEWS, undeliverable
from quell.kernel.people.models import Person
from quell.kernel.people.speaking import speaking_to
from quell.kernel.ui import moments

from .models import Announcement, MeToo
from .rules.words import text_for

_WAITING = """
SELECT m.person_id FROM communications_metoo m JOIN communications_announcement a ON a.id = m.announcement_id
WHERE a.id = %s AND m.mailed < a.told ORDER BY m.id
"""


@app.task(name="communications.tell", retry=BRIEF)
def tell(announcement_id: int) -> None:
    """Queue one mail for everybody who has not had the latest update. Safe to repeat."""
    with transaction.atomic():
        for (person_id,) in sql.rows(_WAITING, [announcement_id]):
            enqueue("communications.mail", queue="mail", announcement_id=announcement_id, person_id=person_id)


@app.task(name="communications.mail", retry=PATIENT, queue="mail")
def mail(announcement_id: int, person_id: int) -> None:
    """Mail the present text to one person, once per update. Raises on a mail server's failure, to be tried again."""
    with transaction.atomic():
        joined = (
            MeToo.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("announcement", "person")
            .filter(announcement_id=announcement_id, person_id=person_id)
            .first()
        )
        if joined is None or joined.mailed >= joined.announcement.told:
            return
        hearer = hearers([person_id]).get(person_id)
        at_once = joined.announcement.severity == Announcement.Severity.OUTAGE
        if hearer is not None and not undeliverable(hearer.email):
            if not at_once and _put_off(announcement_id, hearer, datetime.now(UTC)):
                return
            if at_once or hearer.wishes.channel(NEWS) == EMAIL:
                with speaking_to(joined.person):
                    _message(joined.announcement, joined.person).send()
        joined.mailed = joined.announcement.told
        joined.save(update_fields=["mailed"])


def _put_off(announcement_id: int, hearer: Hearer, now: datetime) -> bool:
    """Leave it to the daily mail, or to the end of the quiet hours, where its reader wants that."""
    channel = hearer.wishes.channel(NEWS)
    if channel == DIGEST:
        expect_digest(hearer, now)
        return True
    wait = hearer.wishes.quiet_seconds(now) if channel == EMAIL else 0
    if wait:
        enqueue(
            "communications.mail", queue="mail", delay_seconds=wait,
            announcement_id=announcement_id, person_id=hearer.id,
        )  # fmt: skip
    return wait > 0


def news_for_the_daily_mail(person_id: int) -> list[Told]:
    """What this person has not been told yet of announcements other than outages, in the language in force; told from
    now on."""
    waiting = (
        MeToo.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("announcement")
        .filter(person_id=person_id, mailed__lt=F("announcement__told"))
        .exclude(announcement__severity=Announcement.Severity.OUTAGE)
        .order_by("announcement__updated_at", "pk")
    )
    found = []
    for joined in waiting:
        joined.mailed = joined.announcement.told
        joined.save(update_fields=["mailed"])
        title, parts = _words(joined.announcement)
        found.append(Told("\n".join([title, *parts]), f"{settings.PUBLIC_URL}/portal/news/{joined.announcement_id}"))
    return found


def _words(made: Announcement) -> tuple[str, list[str]]:
    """Title and paragraphs, in the language in force."""
    language = translation.get_language() or made.language
    _spoken, title, text = text_for(language, made.language, made.title, made.text, made.translations)
    over = made.state == Announcement.State.ENDED
    parts = [_("This is over.") if over else "", text]
    if made.next_update_at is not None:
        parts.append(_("Next update: %(when)s") % {"when": moments.full(made.next_update_at)})
    return title, [part for part in parts if part]


def _message(made: Announcement, person: Person) -> EmailMessage:
    title, parts = _words(made)
    parts.append(f"{settings.PUBLIC_URL}/portal/news/{made.pk}")
    parts.append(_("You get this because you said “me too”. On that page you can take it back."))
    return EmailMessage(
        subject=title,
        body="\n\n".join(parts),
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated", "X-Quell-Announcement": str(made.pk)},
    )
