"""Calendars and holiday sets for programs."""

from __future__ import annotations

import pytest

from quell.practices.calendars.actions import consequences
from tests.api.conftest import Company

from .conftest import OFFICE, Promises

HALF = {"date": "2026-12-24", "kind": "special", "hours": [["08:00", "12:00"]], "name": "Juleaften"}


@pytest.fixture
def company(office) -> Company:  # type: ignore[no-untyped-def]
    return Company(office)


def test_a_calendar_from_making_to_asking(company: Company, promised: Promises) -> None:
    ann, claire = company.ann, company.claire
    made = ann.post("/calendars", {**OFFICE, "code": "desk", "dates": [HALF]})
    assert made.status_code == 201 and made.headers["Location"].endswith("/api/v1/calendars/desk")
    shown = claire.get("/calendars/desk").json()
    assert (shown["kind"], shown["dates"][0]["hours"], shown["version"], shown["organisation"]) == (
        "weekly", [["08:00", "12:00"]], 1, "gungun",
    )  # fmt: skip
    assert [one["code"] for one in claire.get("/calendars?q=desk").json()["items"]] == ["desk"]
    asked = {"op": "due", "start": "2026-12-23T14:00:00Z", "seconds": 14400}
    assert claire.post("/calendars/desk/eval", asked).json() == {"due": "2026-12-24T10:00:00Z"}
    bad = claire.post("/calendars/desk/eval", {**asked, "seconds": 0})
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "seconds")
    change = {"weekly": {"mon": [["08:00", "12:00"]]}}
    seen = ann.post("/calendars/office/preview", change).json()
    assert (seen["calendars"], seen["looked_at"], seen["examples"][0]["number"]) == (["office"], 1, "INC-000001")
    refused = ann.patch("/calendars/office", change)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "reason")
    said = {**change, "reason": "Mondays only", "closed_too": True}
    assert ann.patch("/calendars/office", said, If_Match='"1"').json()["version"] == 2
    assert ann.patch("/calendars/office", {"name": "Late"}, If_Match='"1"').status_code == 412
    told = claire.get("/calendars/office/versions?limit=1").json()
    assert (told["items"][0]["reason"], told["items"][0]["closed_too"]) == ("Mondays only", True)
    older = claire.get(f"/calendars/office/versions?limit=1&cursor={told['next_cursor']}").json()
    assert (older["items"][0]["number"], older["next_cursor"]) == (1, None)
    assert ann.post("/calendars/office/deactivate").json()["active"] is False
    assert claire.patch("/calendars/office", {"name": "Mine"}).status_code == 403
    assert company.sam.get("/calendars/office").status_code == 404


def test_a_refusal_names_the_field(company: Company) -> None:
    bad = company.ann.post("/calendars", {**OFFICE, "code": "x", "weekly": {"mon": [["12:00", "12:00"]]}})
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "weekly.mon")
    dates = [HALF, {**HALF, "date": "2026-01-01", "hours": [["9", "10:00"]]}]
    bad = company.ann.post("/calendars", {**OFFICE, "code": "x", "dates": dates})
    assert bad.json()["errors"][0] == {
        "field": "dates.1.hours", "message": "2026-01-01: “9” are no hours. Give them as 08:00 to 16:00; a day ends at "
        "24:00.",
    }  # fmt: skip


def test_a_holiday_set_from_making_to_reading_a_file(company: Company) -> None:
    ann = company.ann
    facts = {"code": "own", "name": "Own", "organisation": "gungun", "days": {"2026-03-03": "Moving"}}
    assert ann.post("/holiday-sets", facts).status_code == 201
    assert ann.patch("/calendars/office", {"holiday_sets": ["own"]}).status_code == 200
    seen = ann.post("/holiday-sets/own/preview", {"days": {}}).json()
    assert (seen["calendars"], seen["looked_at"]) == (["office"], consequences.NOTHING.looked_at)
    shown = ann.patch("/holiday-sets/own", {"make_up": {"2026-03-07": "fri"}}).json()
    assert (shown["days"], shown["make_up"], shown["version"]) == ({"2026-03-03": "Moving"}, {"2026-03-07": "fri"}, 2)
    bad = ann.patch("/holiday-sets/own", {"days": {"2026-02-30": "Never"}})
    assert bad.status_code == 422
    ics = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20350101\r\nSUMMARY:X\r\nEND:VEVENT\r\nEND:VCALENDAR"
    read = ann.post("/holiday-sets/own/import", {"ics": ics}).json()
    assert (read["left_out"], read["holiday_set"]["days"]["2035-01-01"]) == (0, "X")
    assert ann.post("/holiday-sets/own/refresh").json()["looked_at"] is None
    assert company.claire.patch("/holiday-sets/own", {"name": "Mine"}).status_code == 403
    assert [one["code"] for one in company.claire.get("/holiday-sets").json()["items"]] == ["own"]
