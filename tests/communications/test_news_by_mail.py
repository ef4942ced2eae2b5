"""News of announcements goes the way its reader chose: at once, after the quiet hours, in the daily mail, or not by
mail. Outages wait for nobody."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection

from quell.kernel.actions.directory import notices
from quell.kernel.notify import jobs as notify
from quell.kernel.notify.models import Preference
from quell.kernel.people.models import Person
from quell.kernel.testing.cast import Cast
from quell.practices.communications import facade, jobs
from quell.practices.communications.models import MeToo

from .conftest import Announce

NIGHT = datetime(2026, 11, 23, 23, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 8, 1, tzinfo=UTC)


@pytest.fixture
def claire(people: Cast) -> Person:
    """Claire, where mail can go."""
    people.claire.email = "claire@gungun.test"
    people.claire.save()
    return people.claire


def wishes(people: Cast, **given: object) -> None:
    notices.change_own(people.actor("claire"), given)


def told_anew(people: Cast, announce: Announce, severity: str = "maintenance", **facts: object) -> int:
    """An announcement that Claire said “me too” to, with news since."""
    made = announce(severity=severity, title="Printing", **facts)
    facade.me_too(people.actor("claire"), made)
    facade.edit(people.actor("mia"), made, {"text": "We have found it."})
    return made


def delays() -> list[int]:
    """Seconds until each queued mail about an announcement may leave."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args::text, extract(epoch FROM scheduled_at - now()) FROM procrastinate_jobs"
            " WHERE task_name = 'communications.mail' ORDER BY id"
        )
        return [round(left) for args, left in cursor.fetchall() if json.loads(args) and left is not None]


def test_quiet_hours_hold_news_back_and_never_an_outage(people: Cast, claire: Person, announce: Announce) -> None:
    with time_machine.travel(NIGHT, tick=False):
        wishes(people, quiet_from="22:00", quiet_to="07:00")
        made = told_anew(people, announce)
        jobs.mail(made, claire.pk)
        assert mail.outbox == []
        assert len(delays()) == 1
        outage = told_anew(people, announce, "outage")
        jobs.mail(outage, claire.pk)
        assert [one.subject for one in mail.outbox] == ["Printing"]
    with time_machine.travel(MORNING, tick=False):
        jobs.mail(made, claire.pk)
        jobs.mail(made, claire.pk)
    assert len(mail.outbox) == 2


def test_the_daily_mail_takes_news_along_once(people: Cast, claire: Person, announce: Announce) -> None:
    with time_machine.travel(NIGHT, tick=False):
        wishes(people, reasons={"news": "digest"})
        made = told_anew(people, announce)
        jobs.mail(made, claire.pk)
        due = Preference.objects.get(person=claire).digest_due_at
        assert mail.outbox == [] and due == datetime(2026, 11, 24, 8, tzinfo=UTC)
    for _again in range(2):
        notify.digest(claire.pk)
    assert [one.to for one in mail.outbox] == [["claire@gungun.test"]]
    said = mail.outbox[0].body
    assert "Printing\nWe have found it." in said and f"/portal/news/{made}" in said
    assert MeToo.objects.get(announcement_id=made, person=claire).mailed == 1


def test_a_daily_mail_that_cannot_leave_is_made_anew(
    people: Cast, claire: Person, announce: Announce, monkeypatch: pytest.MonkeyPatch
) -> None:
    wishes(people, reasons={"news": "digest"})
    made = told_anew(people, announce)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", lambda _self: (_ for _ in ()).throw(OSError("no server")))
        with pytest.raises(OSError, match="no server"):
            notify.digest(claire.pk)
    assert MeToo.objects.get(announcement_id=made, person=claire).mailed == 0
    notify.digest(claire.pk)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("channel", ["none", "inbox"])
def test_who_wants_no_mail_finds_it_above_the_inbox(
    channel: str, people: Cast, claire: Person, announce: Announce
) -> None:
    wishes(people, reasons={"news": channel})
    jobs.mail(told_anew(people, announce), claire.pk)
    notify.digest(claire.pk)
    assert mail.outbox == []
    assert [one.title for one in facade.joined(people.actor("claire"))] == ["Printing"]
    jobs.mail(told_anew(people, announce, "outage"), claire.pk)
    assert len(mail.outbox) == 1


def test_what_the_organisation_chose_holds_until_somebody_chooses(
    people: Cast, claire: Person, announce: Announce
) -> None:
    notices.change_of_organisation(people.actor("root"), "gungun", {"reasons": {"news": "inbox"}})
    jobs.mail(told_anew(people, announce), claire.pk)
    assert mail.outbox == []
    wishes(people, reasons={"news": "email"})
    jobs.mail(told_anew(people, announce), claire.pk)
    assert len(mail.outbox) == 1


def test_what_is_told_is_told_before_it_is_late(people: Cast, claire: Person, announce: Announce) -> None:
    """A reader who went back from the daily mail to mail at once still gets what waited."""
    with time_machine.travel(NIGHT, tick=False):
        wishes(people, reasons={"news": "digest"})
        made = told_anew(people, announce)
        jobs.mail(made, claire.pk)
        wishes(people, reasons={"news": "default"})
    with time_machine.travel(NIGHT + timedelta(hours=10), tick=False):
        notify.digest(claire.pk)
    assert len(mail.outbox) == 1
