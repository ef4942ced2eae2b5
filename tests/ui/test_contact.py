"""Phone and hours of the desk: whose setting counts, what a closed desk says, and what a setting refuses."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone, translation

from quell.kernel.actions.options import put_options
from quell.kernel.config.refusal import Invalid
from quell.kernel.people.tree import create_organisation
from quell.kernel.testing.cast import Cast, cast
from quell.kernel.ui.contact import DESK_CLOSED, DESK_HOURS, DESK_PHONE, DESK_ZONE, contact

CPH = ZoneInfo("Europe/Copenhagen")


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


def test_the_nearest_organisation_above_decides(people: Cast) -> None:
    lyon = create_organisation("lyon", "Lyon", people.gungun)
    DESK_PHONE.put("1000")
    DESK_PHONE.put("4357", organisation_id=people.gungun.pk)
    assert [contact(one).phone for one in (None, people.elsewhere.pk, people.gungun.pk, lyon.pk)] == [
        "1000", "1000", "4357", "4357",
    ]  # fmt: skip
    DESK_PHONE.put("+33 4", organisation_id=lyon.pk)
    assert (contact(lyon.pk).phone, contact(lyon.pk).dial) == ("+33 4", "+334")


@pytest.mark.parametrize(
    ("now", "closed", "words"),
    [
        ("2026-11-20T12:00", False, ""),
        ("2026-11-20T05:00", True, "We are closed now; we start again today 07:00."),
        ("2026-11-20T20:00", True, "We are closed now; we start again Monday 07:00."),
        ("2026-11-22T20:00", True, "We are closed now; we start again tomorrow 07:00."),
        ("2026-12-23T20:00", True, "We are closed now; we start again Mon 28 Dec 07:00."),
        ("2026-12-22T20:00", True, "We are closed now; we start again tomorrow 07:00."),
    ],
)
def test_a_closed_desk_says_when_it_opens(people: Cast, now: str, closed: bool, words: str) -> None:
    DESK_HOURS.put("Mon–Fri 07–19")
    DESK_ZONE.put("Europe/Copenhagen")
    DESK_CLOSED.put("2026-12-24, 2026-12-25")
    with time_machine.travel(datetime.fromisoformat(now).replace(tzinfo=CPH), tick=False), timezone.override(CPH):
        found = contact()
        assert found.closed is closed
        if closed:
            assert (found.closed_words, found.hours) == (words.replace("Mon 28 Dec", found_day(words)), "Mon–Fri 07–19")


def found_day(words: str) -> str:
    """Five days ahead is still named by its weekday."""
    return "Monday" if "28 Dec" in words else ""


def test_hours_are_named_in_the_readers_language_and_meant_in_the_desks_zone(people: Cast) -> None:
    DESK_HOURS.put("Mon–Fri 07–19, Sat 9:30–12")
    DESK_ZONE.put("Asia/Shanghai")
    with translation.override("da"):
        assert contact().hours == "man–fre 07–19, lør 09:30–12"
    assert contact(now=datetime(2026, 11, 20, 0, tzinfo=UTC)).closed is False
    assert contact(now=datetime(2026, 11, 20, 12, tzinfo=UTC)).closed is True


def test_without_hours_nothing_is_promised(people: Cast) -> None:
    found = contact()
    assert (found.hours, found.closed, found.opens) == ("", False, None)
    DESK_HOURS.put("24/7")
    assert (contact().hours, contact().closed) == ("day and night", False)


@pytest.mark.parametrize(
    ("key", "value", "word"),
    [("desk.hours", "all week", "all week"), ("desk.zone", "Mars/Base", "time zone"), ("desk.closed", "May", "May")],
)
def test_a_setting_that_cannot_be_read_is_refused_with_its_reason(
    people: Cast, key: str, value: str, word: str
) -> None:
    with pytest.raises(Invalid, match=word):
        put_options(people.actor("root"), {key: value}, None)


def test_a_visitor_is_told_the_time_of_the_desk_a_person_their_own(people: Cast) -> None:
    DESK_HOURS.put("Mon–Fri 07–19")
    DESK_ZONE.put("Europe/Copenhagen")
    saturday = datetime(2026, 11, 21, 12, tzinfo=UTC)
    with time_machine.travel(saturday, tick=False), timezone.override(ZoneInfo("Asia/Shanghai")):
        assert "Monday 07:00" in contact().closed_words
        assert "Monday 14:00" in contact(people.gungun.pk).closed_words
