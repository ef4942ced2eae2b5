"""By the day: agreed versions begin to hold, reviews fall due, what is over expires; owners are told by mail.

What a record is promised goes by the moments that were written when both sides signed, so a missed run only delays the
words, never a promise.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from django.conf import settings
from django.core.mail import EmailMessage

from quell.kernel.access.actor import HOUSE
from quell.kernel.jobs.app import BRIEF, PATIENT, app
from quell.kernel.notify.preferences import undeliverable
from quell.kernel.people.speaking import speaking_to

from . import facade

MOST = 10_000


@app.periodic(cron="4,19,34,49 * * * *")
@app.task(name="agreements.turn", queueing_lock="agreements.turn", retry=BRIEF)
def turn(timestamp: int) -> None:
    """Take every step that is due; days begin at midnight of the installation's zone, so every quarter of an hour."""
    turn_all(datetime.now(UTC))


def turn_all(now: datetime) -> int:
    """Look at every settled version; returns how many were looked at."""
    house = replace(HOUSE, channel="rule", request_id="agreements")
    looked, after = 0, 0
    while looked < MOST and (seen := facade.turn_next(house, now, after)) is not None:
        looked, after = looked + 1, seen
    return looked


@app.task(name="agreements.tell_owner", retry=PATIENT, queue="mail")
def tell_owner(agreement_id: int, number: int, verb: str) -> None:
    """Say by mail what happened to an agreement. Raises on a mail server's failure, so that it is tried again."""
    told = facade.told_to_owner(agreement_id)
    if told is None or undeliverable(told.owner.email):
        return
    with speaking_to(told.owner):
        sentence = facade.owner_sentence(verb, told.name, number)
        address = f"{settings.PUBLIC_URL}/admin/agreements/{told.code}"
        EmailMessage(f"{told.code}: {sentence}", f"{sentence}\n\n{address}\n", to=[told.owner.email]).send()
