"""Who hears of what, where, and when: inbox, mails, quiet hours, daily mails, snoozing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection

from quell.kernel.actions.directory import notices
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound
from quell.kernel.journal.models import Entry
from quell.kernel.notify import inbox, jobs
from quell.kernel.notify.announce import MOST_TOLD_OF_QUEUE
from quell.kernel.notify.models import Notification, Preference
from quell.kernel.people.models import Person, Role, RoleGrant
from quell.kernel.people.tokens import issue
from quell.kernel.testing.cast import cast
from quell.practices.incidents import facade
from quell.practices.incidents.jobs import sweep_alarms
from quell.practices.incidents.models import Incident

#: A Monday morning; everybody of the cast keeps UTC.
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 23, tzinfo=UTC)


@pytest.fixture
def people(db):
    """The cast, with addresses that mails can reach."""
    made = cast()
    for person in Person.objects.all():
        Person.objects.filter(pk=person.pk).update(email=person.email.replace(".example", ".test"))
    return made


def report(people, name="amira", **facts):
    """By default Amira logs it for Claire."""
    if name == "amira":
        facts.setdefault("requester", Person.objects.get(pk=people.claire.pk).email)
    return facade.report(people.actor(name), {"title": "Till", **facts})


def announce(number, verb=None):
    """The job of the last line of history, or of the last with this verb."""
    lines = Entry.objects.filter(record__number=number)
    entry = (lines.filter(verb=verb) if verb else lines).latest("id")
    jobs.announce(entry.pk)
    return entry


def reasons(person):
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("reason", flat=True))


def waiting(task="notify.email"):
    """(arguments, seconds until due) of queued jobs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args, scheduled_at FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo' ORDER BY id",
            [task],
        )
        return cursor.fetchall()


def deliver(person):
    for line in Notification.objects.filter(person=person, email_wanted=True):
        jobs.email(line.pk)


def test_a_report_in_nobodys_hands_is_everybodys_news(people):
    """The agents of the organisation hear of it; those who run the whole instance, strangers and auditors do not."""
    announce(report(people, "claire"))
    heard = set(Notification.objects.filter(reason="queue").values_list("person__name", flat=True))
    assert heard == {"Amira", "Jonas", "Raj", "Mia", "Ann"}
    assert reasons(people.claire) == [], "nobody is told of what they did themselves"
    assert waiting() == [], "the common queue is for the inbox, not for mails"


def test_a_queue_of_many_hands_is_news_for_those_who_asked_for_it(people):
    """Where a hundred take from one queue, an inbox would only repeat it; the two who chose to hear of it still do."""
    for at in range(MOST_TOLD_OF_QUEUE):
        agent = Person.objects.create_user(f"desk{at}@gungun.test", f"Desk {at}", people.gungun)
        RoleGrant.objects.create(person=agent, role=Role.objects.get(code="agent"), organisation=people.gungun)
    announce(report(people, "claire"))
    assert not Notification.objects.filter(reason="queue").exists()
    notices.change_own(people.actor("amira"), {"reasons": {"queue": "inbox"}})
    notices.change_own(people.actor("mia"), {"reasons": {"queue": "email"}})
    announce(report(people, "claire"))
    assert set(Notification.objects.filter(reason="queue").values_list("person__name", "email_wanted")) == {
        ("Amira", False),
        ("Mia", True),
    }
    notices.change_of_organisation(people.actor("ann"), "gungun", {"reasons": {"queue": "inbox"}})
    entry = announce(report(people, "claire"))
    assert Notification.objects.filter(reason="queue", entry=entry).count() == MOST_TOLD_OF_QUEUE + 5


def test_a_report_with_a_team_is_the_teams_news(people):
    announce(report(people, team="network"))
    assert reasons(people.jonas) == ["team"]
    assert reasons(people.raj) == []


def test_the_alarm_reaches_the_leads(people):
    number = report(people)
    sweep_alarms(Incident.objects.get(record__number=number).alarm_due_at)
    announce(number, "alarm")
    assert reasons(people.mia) == ["unassigned"]
    line = inbox.page(people.mia.pk)[0][0]
    assert line.sentence == f"Nobody has taken {number}: Till."


@pytest.mark.parametrize(
    ("channel", "lines", "mails", "digests"),
    [("none", 0, 0, 0), ("inbox", 1, 0, 0), ("digest", 1, 0, 1), ("email", 1, 1, 0)],
)
def test_each_reason_has_its_channel(people, channel, lines, mails, digests):
    notices.change_own(people.actor("claire"), {"reasons": {"requester": channel}})
    announce(report(people))
    assert len(reasons(people.claire)) == lines
    deliver(people.claire)
    assert len(mail.outbox) == mails
    assert Preference.objects.filter(person=people.claire, digest_due_at__isnull=False).count() == digests


def test_what_the_organisation_wants_holds_until_somebody_chooses(people):
    notices.change_of_organisation(people.actor("ann"), "gungun", {"reasons": {"requester": "inbox"}})
    announce(report(people))
    assert Notification.objects.get(person=people.claire).email_wanted is False
    notices.change_own(people.actor("claire"), {"reasons": {"requester": "email"}})
    announce(report(people))
    assert Notification.objects.filter(person=people.claire).latest("pk").email_wanted is True
    notices.change_own(people.actor("claire"), {"reasons": {"requester": "default"}})
    announce(report(people))
    assert Notification.objects.filter(person=people.claire).latest("pk").email_wanted is False


@pytest.mark.parametrize("name", ["mia", "amira", "claire", "otto", "stella"])
def test_only_administrators_choose_for_an_organisation(people, name):
    with pytest.raises((Forbidden, Invalid)):
        notices.change_of_organisation(people.actor(name), "gungun", {"reasons": {"team": "none"}})
    with pytest.raises((Forbidden, Invalid)):
        notices.wishes_of_organisation(people.actor(name), "gungun")


@pytest.mark.parametrize("address", ["claire@gungun.example", "claire@gungun.invalid"])
def test_no_mail_leaves_for_where_none_arrives(people, address):
    Person.objects.filter(pk=people.claire.pk).update(email=address)
    announce(report(people))
    assert reasons(people.claire) == ["requester"]
    assert waiting() == []


def test_no_mail_to_somebody_who_has_left(people):
    announce(report(people))
    Person.objects.filter(pk=people.claire.pk).update(is_active=False)
    deliver(people.claire)
    assert mail.outbox == []
    announce(report(people, "amira", requester="paul@gungun.test"))
    assert reasons(people.claire) == ["requester"], "and nothing new"


def test_nobody_is_woken_by_a_mail(people):
    notices.change_own(people.actor("claire"), {"quiet_from": "22:00", "quiet_to": "07:00"})
    with time_machine.travel(NIGHT, tick=False):
        announce(report(people))
        before = len(waiting())
        deliver(people.claire)
        assert mail.outbox == []
        _arguments, due = waiting()[-1]
        assert len(waiting()) == before + 1
    assert due == NIGHT + timedelta(hours=8)
    with time_machine.travel(NIGHT + timedelta(hours=8), tick=False):
        deliver(people.claire)
        deliver(people.claire)
        assert len(mail.outbox) == 1


def test_one_mail_a_day(people):
    notices.change_own(people.actor("claire"), {"reasons": {"requester": "digest"}, "digest_at": "08:00"})
    with time_machine.travel(NOON, tick=False):
        numbers = [report(people) for _n in range(3)]
        for number in numbers:
            announce(number)
        inbox.mark_read(people.claire.pk, Notification.objects.filter(person=people.claire).first().pk)
        jobs.sweep(0)
        assert waiting("notify.digest") == []
    for _minute in range(2):
        with time_machine.travel(NOON + timedelta(hours=20), tick=False):
            jobs.sweep(0)
    assert [json.loads(row[0]) for row in waiting("notify.digest")] == [{"person_id": people.claire.pk}]
    for _again in range(2):
        jobs.digest(people.claire.pk)
    assert [message.subject for message in mail.outbox] == ["2 things for you"]
    assert numbers[0] not in mail.outbox[0].body
    assert numbers[1] in mail.outbox[0].body
    announce(report(people))
    jobs.digest(people.claire.pk)
    assert [message.subject for message in mail.outbox] == ["2 things for you", "1 thing for you"]


def test_done_snoozed_and_back_again(people):
    announce(report(people))
    announce(report(people))
    claire = people.claire.pk
    first, second = (line.id for line in inbox.page(claire)[0])
    assert inbox.mark_done(claire, first) == 1
    assert [line.id for line in inbox.page(claire)[0]] == [second]
    assert [line.id for line in inbox.page(claire, shelf="done")[0]] == [first]
    with time_machine.travel(NOON, tick=False):
        notices.snooze(people.actor("claire"), second, {"until": (NOON + timedelta(hours=2)).isoformat()})
        assert (inbox.unread(claire), inbox.page(claire)[0]) == (0, [])
        jobs.sweep(0)
        assert [line.id for line in inbox.page(claire, shelf="snoozed")[0]] == [second]
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        jobs.sweep(0)
    assert inbox.unread(claire) == 1
    assert inbox.bring_back(claire, first)
    assert inbox.mark_done(claire) == 2
    assert inbox.page(claire)[0] == []


def test_a_strangers_line_does_not_exist(people):
    announce(report(people))
    line = Notification.objects.get(person=people.claire).pk
    paul = people.paul.pk
    assert inbox.mark_done(paul, line) == 0
    assert inbox.bring_back(paul, line) is False
    with pytest.raises(NotFound):
        notices.snooze(people.actor("paul"), line, {"until": (datetime.now(UTC) + timedelta(days=1)).isoformat()})
    assert inbox.page(paul)[0] == []
    assert Notification.objects.get(pk=line).done_at is None


@pytest.mark.parametrize(
    "wishes",
    [
        {"reasons": {"team": "pigeon"}},
        {"reasons": {"nonsense": "email"}},
        {"quiet_from": "25:00", "quiet_to": "07:00"},
        {"quiet_from": "22:00"},
        {"digest_at": ""},
        {"digest_at": "8:00"},
    ],
)
def test_wishes_that_cannot_be_are_refused(people, wishes):
    with pytest.raises(Invalid):
        notices.change_own(people.actor("claire"), wishes)
    assert not Preference.objects.exists()


def test_a_program_does_the_same(people, client):
    announce(report(people))
    _token, secret = issue(people.claire, "tests")
    headers = {"Authorization": f"Bearer {secret}"}
    js = {"content_type": "application/json", "headers": headers}
    (line,) = client.get("/api/v1/inbox", headers=headers).json()["items"]
    assert (line["reason"], line["unread"]) == ("requester", True)
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert client.post(f"/api/v1/inbox/{line['id']}/snooze", {"until": until}, **js).json()["snoozed_until"]
    assert client.post(f"/api/v1/inbox/{line['id']}/restore", {}, **js).json()["snoozed_until"] is None
    assert client.post(f"/api/v1/inbox/{line['id']}/done", {}, **js).json()["done"] is True
    assert client.post("/api/v1/inbox/done", {}, **js).json() == {"count": 0}
    assert client.get("/api/v1/inbox?shelf=done", headers=headers).json()["items"][0]["id"] == line["id"]
    kept = client.patch("/api/v1/me/notifications", {"reasons": {"requester": "digest"}}, **js).json()
    assert (kept["reasons"]["requester"], kept["own"]) == ("digest", {"requester": "digest"})
    assert client.patch("/api/v1/organisations/gungun/notifications", {"reasons": {}}, **js).status_code in (403, 422)
    _token, other = issue(people.paul, "tests")
    stranger = {"Authorization": f"Bearer {other}"}
    assert client.get(f"/api/v1/inbox/{line['id']}", headers=stranger).status_code == 404
    for verb in ("read", "done", "restore"):
        url = f"/api/v1/inbox/{line['id']}/{verb}"
        assert client.post(url, {}, content_type="application/json", headers=stranger).status_code == 404
