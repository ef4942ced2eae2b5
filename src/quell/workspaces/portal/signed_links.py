"""Links in mails that answer without a sign-in: “Works now” and “Still broken” (capabilities CS06).

A link is signed and names one request, one person, one purpose and how often the request was reopened, so that the
answer to an older question says nothing about a newer one. It ends by itself and is kept nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor, actor_for_person
from quell.kernel.config.refusal import Refusal
from quell.kernel.notify.models import Notification
from quell.kernel.notify.offers import offer
from quell.practices.incidents import facade as incidents

PURPOSES = ("works", "broken")
LASTS = timedelta(days=14)
#: The channel of what is done by such a link.
CHANNEL = "mail_link"
_SALT = "quell.portal.answer."


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that holds: whose it is and the request it is about, as it stands now."""

    actor: Actor
    row: dict[str, Any]
    open_question: bool


def link(purpose: str, number: str, person_id: int, reopened: int) -> str:
    """The address for one purpose, whole."""
    token = signing.dumps([number, person_id, reopened], salt=_SALT + purpose, compress=False)
    return settings.PUBLIC_URL + reverse(f"portal:answer_{purpose}", args=[token])


def open_link(purpose: str, token: str) -> Opened | None:
    """What a link stands for; None when it was not made here, has ended, or its person or request is gone.
    `open_question` is false when somebody has answered already."""
    try:
        number, person_id, reopened = signing.loads(token, salt=_SALT + purpose, max_age=LASTS)
    except (signing.BadSignature, ValueError):
        return None
    actor = actor_for_person(person_id, channel=CHANNEL)
    if actor is None:
        return None
    try:
        row = incidents.ticket(actor, number)
    except Refusal:
        return None
    return Opened(actor, row, row["state"] == "resolved" and row["reopen_count"] == reopened)


@offer
def works_or_not(notice: Notification) -> list[tuple[str, str]]:
    """Both links, for the requester of an incident that has just been resolved."""
    record = notice.record
    if record.kind != "incident" or notice.entry.verb != "resolve" or notice.reason != Notification.Reason.REQUESTER:
        return []
    actor = actor_for_person(notice.person_id)
    reopened = incidents.ticket(actor, record.number)["reopen_count"] if actor is not None else 0
    words = {"works": _("It works now"), "broken": _("It is still broken")}
    return [(words[one], link(one, record.number, notice.person_id, reopened)) for one in PURPOSES]
