"""Calendars on the pages of administration: made, typed in, looked at before they change, tried, told by year."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quell.kernel.testing.cast import Cast
from quell.practices.calendars import facade
from quell.workspaces.administration import calendar_forms as typed
from quell.workspaces.administration import holiday_sets

from .conftest import Promises
from .test_feeds import event, file

WEEK = {f"{day}-0-{edge}": hour for day in ("mon", "tue", "wed", "thu", "fri") for edge, hour in (("from", "8"), ("to", "16"))}  # fmt: skip  # noqa: E501
SENT = {"name": "Office", "zone": "Europe/Copenhagen", **WEEK}


def browser(people: Cast, name: str) -> Client:
    client = Client()
    client.force_login(getattr(people, name))
    return client


def words(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def test_a_calendar_is_made_as_it_is_typed(people: Cast) -> None:
    ann = browser(people, "ann")
    assert "When somebody works, and holidays" in words(ann.get("/admin/"))
    assert "No calendar here" in words(ann.get("/admin/calendars"))
    assert ann.get("/admin/calendars/new").status_code == 200
    facts = {**SENT, "code": "desk", "organisation": "gungun", "mon-1-from": "1730", "mon-1-to": "24"}
    again = ann.post("/admin/calendars/new", {**facts, "copy": "mon"})
    assert words(again).count('value="17:30"') == 5 and not facade.calendars(people.actor("ann"), facade.Asked())
    broken = ann.post("/admin/calendars/new", {**facts, "tue-0-from": "nine"})
    assert broken.status_code == 422 and "Tuesday: “nine–16:00” are no hours" not in words(broken)
    assert "Tuesday: “nine” are no hours" in words(broken)
    assert 'value="nine"' in words(broken), "what was typed stays"
    made = ann.post("/admin/calendars/new", facts)
    assert (made.status_code, made.headers["Location"]) == (302, "/admin/calendars/desk")
    spec = facade.calendar(people.actor("ann"), "desk")["spec"]
    assert spec["weekly"]["mon"] == [["08:00", "16:00"], ["17:30", "24:00"]]
    listed = words(ann.get("/admin/calendars"))
    assert "Monday 14 h 30" in listed and "desk" in listed


def test_a_change_is_looked_at_before_it_is_stored(office: Cast, promised: Promises) -> None:
    ann = browser(office, "ann")
    facade.create_set(office.actor("ann"), {"code": "feasts", "name": "Feasts", "organisation": "gungun"})
    page = words(ann.get("/admin/calendars/office"))
    assert 'name="mon-0-from" value="08:00"' in page and "Feasts" in page
    closed = {"date": "2026-03-03", "date_kind": "closed", "date_hours": "", "date_name": "Moving house"}
    sent = {**SENT, **closed, "version": "1"}
    seen = words(ann.post("/admin/calendars/office", {**sent, "look": "1"}))
    assert "What it would do" in seen and "INC-000001" in seen and "Count anew what is closed, too" in seen
    assert facade.calendar(office.actor("ann"), "office")["number"] == 1
    refused = ann.post("/admin/calendars/office", sent)
    assert refused.status_code == 422 and "Say why it changes" in words(refused) and "INC-000001" in words(refused)
    stored = ann.post("/admin/calendars/office", {**sent, "reason": "We move"})
    assert stored.status_code == 302 and promised.followed[-1].reason == "We move"
    told = words(ann.get("/admin/calendars/office?show=versions"))
    assert "We move" in told and "2026-03-03 closed Moving house" in told
    year = words(ann.get("/admin/calendars/office?show=year&year=2026"))
    assert "Tue 3 Mar" in year and "Moving house" in year
    assert words(ann.get("/admin/calendars/office?show=year&year=2027")).count("<tr") == 0
    assert "2026-03-03" in words(ann.get("/admin/history?subject=calendar"))


def test_older_single_dates_stay_though_they_are_not_shown(office: Cast) -> None:
    ann, old = browser(office, "ann"), "2019-05-05"
    facade.edit(office.actor("ann"), "office", {"dates": [{"date": old, "kind": "closed"}]})
    page = words(ann.get("/admin/calendars/office"))
    assert old not in page and "One older date is kept" in page
    new = {"date": f"{date.today().year}-05-06", "date_kind": "fri", "date_hours": "", "date_name": ""}
    assert ann.post("/admin/calendars/office", {**SENT, **new}).status_code == 302
    dates = facade.calendar(office.actor("ann"), "office")["spec"]["dates"]
    assert [(one["date"], one["kind"], one["like"]) for one in dates] == [
        (old, "closed", None), (new["date"], "make_up", "fri"),
    ]  # fmt: skip


def test_the_tester_shows_the_sum(office: Cast) -> None:
    ann = browser(office, "ann")
    asked = "/admin/calendars/office?show=try&start=2026-03-06T18:00&amount=4&unit=hours"
    told = words(ann.get(asked))
    assert "4 h 00 from Fri 6 Mar 2026 18:00 are over on Mon 9 Mar 2026 12:00." in told
    assert "No hours on this weekday" in told and "08:00 – 12:00" in told
    assert "9 h 00 were worked" in words(ann.get(asked + "&start=2026-03-06T15:00&end=2026-03-09T16:00"))
    assert "at most five years" in words(ann.get(asked + "&amount=-3"))
    assert ann.get("/admin/calendars/office?show=try").status_code == 200


def test_calendars_are_combined(office: Cast) -> None:
    ann = browser(office, "ann")
    assert ann.get("/admin/calendars/new?kind=union").status_code == 200
    sent = {"name": "All", "code": "all", "organisation": "gungun", "kind": "union", "parts": ["office"]}
    assert ann.post("/admin/calendars/new?kind=union", sent).status_code == 302
    assert "Part of:" in words(ann.get("/admin/calendars/office"))
    for shown in ("hours", "year", "try", "versions"):
        assert ann.get(f"/admin/calendars/all?show={shown}").status_code == 200
    circle = ann.post("/admin/calendars/all", {"name": "All", "kind": "union", "parts": []})
    assert circle.status_code == 422 and "Say which calendars it is made of." in words(circle)


def test_holiday_sets_are_made_read_and_kept(office: Cast) -> None:
    ann = browser(office, "ann")
    assert "No holiday set here" in words(ann.get("/admin/holiday-sets"))
    country = {"name": "Bavaria", "code": "by", "organisation": "gungun", "country": "DE", "subdivision": "XX"}
    for source in holiday_sets.SOURCES:
        assert ann.get(f"/admin/holiday-sets/new?source={source}").status_code == 200
    refused = ann.post("/admin/holiday-sets/new?source=country", country)
    assert refused.status_code == 422 and "Choose one of: BB, BE, BW, BY" in words(refused)
    assert ann.post("/admin/holiday-sets/new?source=country", {**country, "subdivision": "BY"}).status_code == 302
    assert "Germany, BY" in words(ann.get("/admin/holiday-sets"))
    assert ann.post("/admin/holiday-sets/by/refresh").status_code == 302
    own = {"name": "Own", "code": "own", "organisation": "gungun", "dates": "2026-12-24 Eve\nnever"}
    refused = ann.post("/admin/holiday-sets/new?source=hand", own)
    assert refused.status_code == 422 and "“never” does not begin with a date" in words(refused)
    lines = "2026-12-24 Eve\n\n2026-01-04 = fri"
    assert ann.post("/admin/holiday-sets/new?source=hand", {**own, "dates": lines}).status_code == 302
    facade.edit(office.actor("ann"), "office", {"holiday_sets": ["own"]})
    changed = {"name": "Own", "dates": lines + "\n2026-12-31 Eve"}
    seen = words(ann.post("/admin/holiday-sets/own", {**changed, "look": "1"}))
    assert "No open promise is counted by it" in seen and "office" in seen
    assert ann.post("/admin/holiday-sets/own", changed).status_code == 302
    row = facade.holiday_set_row(office.actor("ann"), "own")
    assert (row["days"], row["make_up"]) == ({"2026-12-24": "Eve", "2026-12-31": "Eve"}, {"2026-01-04": "fri"})
    sent = SimpleUploadedFile("h.ics", file(event(f"{date.today().year + 1}0101", "Nytår")))
    assert ann.post("/admin/holiday-sets/own/file", {"file": sent}).status_code == 302
    assert "Nytår" in words(ann.get("/admin/holiday-sets/own"))
    ann.post("/admin/holiday-sets/own/file", {"file": SimpleUploadedFile("h.ics", b"\x89PNG")})
    assert "This is not an iCalendar file." in words(ann.get("/admin/holiday-sets/own"))
    assert ann.post("/admin/holiday-sets/own/deactivate").status_code == 302


def test_an_empty_instance_begins_with_what_most_have(people: Cast) -> None:
    ann = browser(people, "ann")
    assert "Or begin with what most have" in words(ann.get("/admin/calendars"))
    facade.create_set(people.actor("root"), {"code": "dk", "name": "Taken", "organisation": "elsewhere"})
    sent = {"organisation": "gungun", "country": "DK", "zone": "Europe/Copenhagen"}
    ann.post("/admin/calendars/begin", {**sent, "zone": "Mars"})
    assert facade.calendars(people.actor("ann"), facade.Asked()) == []
    assert ann.post("/admin/calendars/begin", sent).status_code == 302
    made = facade.calendars(people.actor("ann"), facade.Asked())
    assert [(one["code"], one["spec"]["holiday_sets"]) for one in made] == [
        ("always", []), ("office-hours", ["gungun-dk"]),
    ]  # fmt: skip
    found = words(ann.get("/palette?q=office hou", headers={"HX-Request": "true"}))
    assert "/admin/calendars/office-hours" in found


def test_whoever_looks_after_nothing_finds_nothing(office: Cast) -> None:
    for name, status in (("claire", 404), ("amira", 404), ("sam", 404)):
        for path in ("calendars", "calendars/office", "calendars/new", "holiday-sets", "holiday-sets/new"):
            assert browser(office, name).get(f"/admin/{path}").status_code == status


@pytest.mark.parametrize(
    ("written", "spans"),
    [
        ("8–12, 13:00-15", [["08:00", "12:00"], ["13:00", "15:00"]]), ("0830 to 9.15", [["08:30", "09:15"]]),
        ("22–6", [["22:00", "06:00"]]), ("8", [["08:00", ""]]), ("noon", [["noon", ""]]), (" , ", []),
    ],
    ids=["two", "words", "night", "one-edge", "no-time", "nothing"],
)  # fmt: skip
def test_hours_as_people_write_them(written: str, spans: list[list[str]]) -> None:
    assert typed.spans_of(written) == spans
