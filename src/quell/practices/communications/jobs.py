"""Telling those who said “me too” what is new: one job finds them, one mail each."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from quell.kernel.config import sql
from quell.kernel.jobs.app import BRIEF, PATIENT, app, enqueue
from quell.kernel.notify.preferences import undeliverable
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
        if joined.person.is_active and not undeliverable(joined.person.email):
            with speaking_to(joined.person):
                _message(joined.announcement, joined.person).send()
        joined.mailed = joined.announcement.told
        joined.save(update_fields=["mailed"])


def _message(made: Announcement, person: Person) -> EmailMessage:
    language = translation.get_language() or made.language
    _spoken, title, text = text_for(language, made.language, made.title, made.text, made.translations)
    over = made.state == Announcement.State.ENDED
    parts = [_("This is over.") if over else "", text]
    if made.next_update_at is not None:
        parts.append(_("Next update: %(when)s") % {"when": moments.full(made.next_update_at)})
    parts.append(f"{settings.PUBLIC_URL}/portal/news/{made.pk}")
    parts.append(_("You get this because you said “me too”. On that page you can take it back."))
    return EmailMessage(
        subject=title,
        body="\n\n".join(part for part in parts if part),
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated", "X-Quell-Announcement": str(made.pk)},
    )
