"""Reminders and snoozing: out of sight until a time or an answer, back with a reason, told once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quell.kernel.config.refusal import Forbidden, Invalid, NotFound
from quell.kernel.notify import inbox
from quell.kernel.notify.models import Notification
from quell.kernel.records.models import Record
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade as incidents
from quell.practices.servicedesk import facade, jobs
from quell.practices.servicedesk.actions.reminder import tell_due
from quell.practices.servicedesk.models import Reminder

pytestmark = pytest.mark.django_db


def at(hours: float) -> datetime:
    return datetime.now(UTC) + timedelta(hours=hours)


def record_id(number: str) -> int:
    return Record.objects.get(number=number).pk


def test_a_snooze_sleeps_and_comes_back_with_its_reason(people: Cast, number: str) -> None:
    amira, record = people.actor("amira"), record_id(number)
    made = facade.remind(amira, {"number": number, "at": at(2), "snooze": True, "text": "call back"})
    assert facade.asleep(amira) == {record} and facade.asleep(people.actor("mia")) == frozenset()
    assert facade.come_back(amira, [record]) == {}
    Reminder.objects.filter(pk=made).update(due_at=at(-0.01))
    assert facade.asleep(amira) == frozenset()
    back = facade.come_back(amira, [record])[record]
    assert (back.reminder_id, back.woken_by, back.text, back.snooze) == (made, "time", "call back", True)
    facade.finish_reminder(amira, made)
    assert facade.come_back(amira, [record]) == {} and facade.follow_ups(amira) == []
    facade.bring_back_reminder(amira, made)
    assert [one.id for one in facade.follow_ups(amira)] == [made]


def test_an_answer_ends_the_wait(people: Cast, number: str) -> None:
    amira, record = people.actor("amira"), record_id(number)
    facade.remind(amira, {"number": number, "snooze": True, "until_answer": True})
    facade.remind(people.actor("mia"), {"number": number, "at": at(2), "snooze": True})
    incidents.act(people.actor("jonas"), "comment", number, {"body": "hm", "visibility": "internal"})
    assert facade.asleep(amira) == {record}
    incidents.act(people.actor("claire"), "comment", number, {"body": "Still broken", "visibility": "public"})
    assert facade.asleep(amira) == frozenset() and facade.asleep(people.actor("mia")) == {record}
    assert facade.come_back(amira, [record])[record].woken_by == "answer"


def test_it_is_told_once_in_the_inbox(people: Cast, number: str) -> None:
    amira = people.actor("amira")
    made = facade.remind(amira, {"number": number, "at": at(1), "text": "call the supplier"})
    assert tell_due(datetime.now(UTC), 10) == 0
    Reminder.objects.filter(pk=made).update(due_at=at(-1))
    jobs.remind(0)
    jobs.remind(0)
    line = Notification.objects.get()
    assert (line.person, line.reason, line.record.number) == (people.amira, "reminder", number)
    lines, _more = inbox.page(people.amira.pk)
    assert "Reminder about" in lines[0].sentence
    shown = facade.follow_ups(amira)[0]
    assert shown.due and shown.text == "call the supplier" and shown.woken_by == "time"
    facade.put_off_reminder(amira, made, {"at": at(5)})
    assert not facade.follow_ups(amira)[0].due
    Reminder.objects.filter(pk=made).update(due_at=at(-1))
    jobs.remind(0)
    assert Notification.objects.count() == 2


def test_nobody_hears_of_what_they_lost_sight_of_or_what_is_over(people: Cast, number: str) -> None:
    other = incidents.report(people.actor("claire"), {"title": "Another"})
    facade.remind(people.actor("jonas"), {"number": number, "at": at(1)})
    facade.remind(people.actor("jonas"), {"number": other, "at": at(1)})
    incidents.act(people.actor("mia"), "assign", number, {"team": "applications"})
    incidents.act(people.actor("mia"), "cancel", other, {"reason": "twice"})
    assert [one.number for one in facade.follow_ups(people.actor("jonas"))] == [other]
    assert tell_due(at(2), 10) == 2 and not Notification.objects.exists()


def test_snoozing_again_replaces_the_former(people: Cast, number: str) -> None:
    amira = people.actor("amira")
    first = facade.remind(amira, {"number": number, "at": at(1), "snooze": True})
    second = facade.remind(amira, {"number": number, "at": at(9), "snooze": True})
    assert [one.id for one in facade.follow_ups(amira)] == [second]
    facade.bring_back_reminder(amira, first)
    assert [one.id for one in facade.follow_ups(amira)] == [first]


def test_what_is_refused(people: Cast, number: str) -> None:
    amira = people.actor("amira")
    for given in ({}, {"at": at(-1)}, {"at": at(24 * 400)}, {"at": 17}, {"at": at(1), "text": "x" * 501}):
        with pytest.raises(Invalid):
            facade.remind(amira, {"number": number, **given})
    with pytest.raises(Forbidden):
        facade.remind(people.actor("claire"), {"number": number, "at": at(1)})
    with pytest.raises(Forbidden):
        facade.remind(people.actor("otto"), {"number": number, "at": at(1)})
    with pytest.raises(NotFound):
        facade.remind(people.actor("stella"), {"number": number, "at": at(1)})
    made = facade.remind(amira, {"number": number, "at": at(1)})
    for somebody in ("mia", "stella"):
        with pytest.raises(NotFound):
            facade.finish_reminder(people.actor(somebody), made)
        with pytest.raises(NotFound):
            facade.reminder_by_id(people.actor(somebody), made)
