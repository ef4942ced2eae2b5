"""Holiday sets: by hand, of countries, from files and addresses; every calendar that uses one changes with it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from quell.kernel.config.refusal import Forbidden, Invalid, NotFound
from quell.kernel.outbound import client
from quell.kernel.outbound.client import Answer
from quell.kernel.testing.cast import Cast
from quell.practices.calendars import facade
from quell.practices.calendars.models import HolidaySet
from quell.practices.calendars.rules import countries

from .conftest import OFFICE, Promises
from .test_feeds import event, file

DANISH = {"code": "dk", "name": "Denmark", "organisation": "gungun", "source": "country", "country": "DK"}
HAND = {"code": "own", "name": "Own", "organisation": "gungun", "days": {"2026-03-03": "Moving house"}}
FEED = {"code": "feed", "name": "Feed", "organisation": "gungun", "source": "feed", "url": "https://example.org/h.ics"}
#: Before the feasts of 2026 that the tests look at.
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_country_is_known_for_years_in_its_own_language(office: Cast) -> None:
    ann = office.actor("ann")
    facade.create_set(ann, DANISH)
    days = facade.holiday_set_row(office.actor("claire"), "dk")["days"]
    assert days["2026-04-02"] == "Skærtorsdag"
    assert {int(day[:4]) for day in days} >= set(range(date.today().year - 5, date.today().year + 11))
    for wrong, field in (
        ({"country": "XX"}, "country"), ({"subdivision": "BY"}, "subdivision"), ({"language": "zh"}, "language"),
        ({"categories": ["school"]}, "categories"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match="Choose one of") as refused:
            facade.create_set(ann, {**DANISH, "code": "x", **wrong})
        assert refused.value.errors[0].field == field


def test_china_works_in_place_of_days_off() -> None:
    """The six make-up days of domain.md 5.1, each with the hours of the weekday that is off instead."""
    said = countries.days_of("CN", "", "en", range(2026, 2027))
    assert said.make_up == {
        "2026-01-04": "fri", "2026-02-14": "fri", "2026-02-28": "mon", "2026-05-09": "tue", "2026-09-20": "tue",
        "2026-10-10": "wed",
    }  # fmt: skip
    assert said.off["2026-02-17"] == "Chinese New Year (Spring Festival)"
    assert not set(said.off) & set(said.make_up)


def test_all_calendars_change_with_their_set(office: Cast, promised: Promises) -> None:
    ann = office.actor("ann")
    facade.create_set(ann, {**HAND, "days": {}})
    facade.edit(ann, "office", {"holiday_sets": ["own"], "reason": "Holidays"})
    facade.create(ann, {**OFFICE, "code": "other", "holiday_sets": []})
    seen = facade.preview_set(ann, "own", {"days": HAND["days"]})
    assert (seen.proposal.codes, seen.consequences.moved) == (("office",), 1)
    with pytest.raises(Invalid) as refused:
        facade.edit_set(ann, "own", {"days": HAND["days"]})
    assert refused.value.errors[0].field == "reason"
    facade.edit_set(ann, "own", {"days": HAND["days"], "reason": "We move"})
    assert promised.followed[-1].codes == ("office",)
    assert facade.calendar(ann, "office")["number"] == 3
    assert facade.calendar(ann, "other")["number"] == 1
    followed = len(promised.followed)
    facade.edit_set(ann, "own", {"name": "Our own"})
    assert len(promised.followed) == followed, "a name moves nothing"
    # A single date of the calendar itself goes before the set.
    worked = {"date": "2026-03-03", "kind": "make_up", "like": "tue"}
    facade.edit(ann, "office", {"dates": [worked], "reason": "After all"})
    assert facade.timetables()["office"].is_open(datetime(2026, 3, 3, 9, tzinfo=UTC))
    facade.set_set_active(ann, "own", False)
    facade.edit(ann, "office", {"dates": [], "reason": "Not after all"})
    with pytest.raises(Invalid):
        facade.edit(ann, "other", {"holiday_sets": ["own"]})


def test_who_may(office: Cast) -> None:
    facade.create_set(office.actor("ann"), HAND)
    for act in (
        lambda who: facade.edit_set(who, "own", {"name": "Mine"}),
        lambda who: facade.read_file(who, "own", {"ics": file(event("20261224")).decode()}),
        lambda who: facade.look_again(who, "own", NOW),
    ):
        with pytest.raises(Forbidden):
            act(office.actor("claire"))
        with pytest.raises(NotFound):
            act(office.actor("sam"))
    with pytest.raises(NotFound):
        facade.holiday_set_row(office.actor("sam"), "own")
    with pytest.raises(Forbidden):
        facade.create_set(office.actor("claire"), {**HAND, "code": "mine"})


def test_a_file_changes_what_is_to_come_only(office: Cast) -> None:
    ann, today = office.actor("ann"), date.today()
    past, later = today.replace(year=today.year - 1).isoformat(), today.replace(year=today.year + 1, day=1)
    facade.create_set(ann, {**HAND, "days": {past: "Then", later.isoformat(): "Old"}})
    told = file(event(later.replace(day=2).strftime("%Y%m%d"), "New"), event("20260101T080000Z", "A meeting"))
    assert facade.read_file(ann, "own", {"ics": told.decode(), "reason": "New list"}) == 1
    assert facade.holiday_set_row(ann, "own")["days"] == {past: "Then", later.replace(day=2).isoformat(): "New"}
    with pytest.raises(Invalid, match="not an iCalendar file") as refused:
        facade.read_file(ann, "own", {"ics": "<html>"})
    assert refused.value.errors[0].field == "ics"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The web beyond the one client: what it answers, and what was asked of it."""
    said: dict[str, Any] = {"answer": Answer(200, {}, file(event("20261224", "Jul"))), "asked": []}

    def send(method: str, url: str, **more: Any) -> Answer:
        said["asked"].append((method, url, more["hosts"]))
        if isinstance(said["answer"], Exception):
            raise said["answer"]
        answer: Answer = said["answer"]
        return answer

    monkeypatch.setattr(client, "send", send)
    return said


def test_an_address_is_read_every_night(office: Cast, web: dict[str, Any], promised: Promises) -> None:
    ann = office.actor("ann")
    facade.create_set(ann, {**FEED, "url": "webcal://example.org/h.ics"})
    assert web["asked"] == [("GET", "https://example.org/h.ics", ["example.org"])]
    facade.edit(ann, "office", {"holiday_sets": ["feed"], "reason": "Holidays"})
    assert facade.refresh_all("feed", NOW) == 0
    web["answer"] = Answer(200, {}, file(event("20261224", "Jul"), event("20261231", "Nytår")))
    assert facade.refresh_all("feed", NOW) == 1
    row = facade.holiday_set_row(ann, "feed")
    assert (row["days"], row["trouble"], row["looked_at"]) == ({"2026-12-24": "Jul", "2026-12-31": "Nytår"}, "", NOW)
    assert promised.followed[-1].codes == ("office",), "nobody is asked for a reason at night"
    assert facade.versions(ann, "office")[0]["by"] is None


@pytest.mark.parametrize(
    ("answer", "trouble", "words"),
    [
        (client.Unreachable("gone"), "no_answer", "Nobody answered"),
        (client.Blocked("inside"), "not_called", "is not called"),
        (Answer(404), "refused 404", "status 404"),
        (Answer(200, {}, b"<html>sign in</html>"), "not_a_calendar_file", "not an iCalendar file"),
        (Answer(200, {}, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), "no_dates", "no all-day events"),
        (Answer(200, {}, b"BEGIN:VCALENDAR\r\n" + b"X:" + b"x" * 1_000_000), "too_large", "at most one megabyte"),
    ],
    ids=["unreachable", "blocked", "404", "html", "empty", "large"],
)
def test_a_failing_address_changes_nothing_and_is_told(
    office: Cast, web: dict[str, Any], answer: Any, trouble: str, words: str
) -> None:
    ann = office.actor("ann")
    facade.create_set(ann, FEED)
    before = facade.holiday_set_row(ann, "feed")
    web["answer"] = answer
    assert facade.refresh_all("feed", NOW) == 0
    row = facade.look_again(ann, "feed", NOW)
    assert (row["trouble"], row["days"], row["version"]) == (trouble, before["days"], before["version"])
    assert words in facade.feed_trouble(*row["trouble"].split(" "))
    with pytest.raises(Invalid, match=words) as refused:
        facade.create_set(ann, {**FEED, "code": "again"})
    assert refused.value.errors[0].field == "url"


def test_the_set_of_a_country_never_runs_out(office: Cast) -> None:
    ann = office.actor("ann")
    facade.create_set(ann, DANISH)
    facade.edit(ann, "office", {"holiday_sets": ["dk"]})
    one = HolidaySet.objects.get()
    newest = one.versions.get()
    last = str(date.today().year + 10)
    newest.days = {day: "As it was" for day in newest.days if not day.startswith(last)}
    newest.save()
    assert facade.refresh_all("country", datetime.now(UTC)) == 1
    days = facade.holiday_set_row(ann, "dk")["days"]
    assert days[f"{last}-01-01"] == "Nytårsdag"
    past = [name for day, name in days.items() if day < date.today().isoformat()]
    assert past and set(past) == {"As it was"}, "what is over stays as it was counted"
    assert facade.calendar(ann, "office")["number"] == 3
    assert facade.refresh_all("country", datetime.now(UTC)) == 0
