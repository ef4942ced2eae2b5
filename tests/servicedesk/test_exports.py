"""Lists as files: every row its person may see and no other, no cell a formula, fetched by its person alone."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from quell.kernel.config.refusal import Conflict, Forbidden, Invalid, NotFound
from quell.kernel.files import sheets
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade as incidents
from quell.practices.servicedesk import facade
from quell.practices.servicedesk.actions import export as exporting
from quell.practices.servicedesk.models import Export

pytestmark = pytest.mark.django_db


def written(people: Cast, who: str, **asked: object) -> list[list[str]]:
    actor = people.actor(who)
    made = facade.start_export(actor, {"format": "csv", **asked})
    exporting.write(made)
    assert facade.export(actor, made).state == "done"
    _name, _format, stored = facade.export_content(actor, made)
    return list(csv.reader(io.StringIO(stored.read().decode("utf-8-sig"))))


def test_every_row_one_may_see(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from quell.practices.incidents.queries import lists

    monkeypatch.setattr(lists, "PAGE", 2)
    for n in range(5):
        incidents.report(people.actor("claire"), {"title": f"Printer {n}"})
    incidents.report(people.actor("stella"), {"title": "Elsewhere printer"})
    rows = written(people, "amira", query="printer", sort="number", columns=["number", "title", "requester"])
    assert rows[0] == ["number", "title", "requester"]
    assert [row[1] for row in rows[1:]] == [f"Printer {n}" for n in range(5)] and rows[1][2] == "Claire"
    assert len(written(people, "jonas", query="printer")) == 6  # nobody's team yet: everybody's
    assert [row[2] for row in written(people, "stella")[1:]] == ["Elsewhere printer"]


def test_a_list_larger_than_an_attachment_may_be_is_written_whole(people: Cast) -> None:
    for n in range(30):
        incidents.report(people.actor("claire"), {"title": f"Printer {n} " + "x" * 60})
    with override_settings(MAX_ATTACHMENT_BYTES=500):
        assert len(written(people, "amira", query="printer")) == 31


def test_the_rights_are_those_of_the_moment_it_is_written(people: Cast) -> None:
    incidents.report(people.actor("claire"), {"title": "Printer"})
    made = facade.start_export(people.actor("amira"), {"format": "csv"})
    people.amira.is_active = False
    people.amira.save()
    exporting.write(made)
    assert Export.objects.get(pk=made).state == "failed"


def test_whose_it_is(people: Cast) -> None:
    amira = people.actor("amira")
    made = facade.start_export(amira, {"format": "xlsx"})
    with pytest.raises(NotFound):
        facade.export_content(amira, made)
    exporting.write(made)
    exporting.write(made)
    name, kind, stored = facade.export_content(amira, made)
    assert name.endswith(".xlsx") and kind == "xlsx" and zipfile.is_zipfile(io.BytesIO(stored.read()))
    for who in ("mia", "stella", "claire"):
        with pytest.raises(NotFound):
            facade.export_content(people.actor(who), made)
        assert facade.exports(people.actor(who)) == []
    with time_machine.travel(datetime.now(UTC) + timedelta(days=8)), pytest.raises(NotFound):
        facade.export(amira, made)


@pytest.mark.parametrize(
    ("who", "asked", "refusal"),
    [
        ("claire", {}, Forbidden),
        ("amira", {"query": "prio<2"}, Invalid),
        ("amira", {"query": "team:foreign"}, Invalid),
        ("amira", {"columns": ["password"]}, Invalid),
        ("amira", {"format": "pdf"}, Invalid),
        ("amira", {"kind": "nothing"}, Invalid),
        ("amira", {"sort": "colour"}, Invalid),
    ],
)
def test_what_is_refused(people: Cast, who: str, asked: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        facade.start_export(people.actor(who), asked)


def test_not_too_many_at_once(people: Cast) -> None:
    for _ in range(3):
        facade.start_export(people.actor("amira"), {})
    with pytest.raises(Conflict):
        facade.start_export(people.actor("amira"), {})


FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "\r=1", "|calc", "%0A=1", "＝1+1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(people: Cast, text: str, tmp_path: Path) -> None:
    incidents.report(people.actor("claire"), {"title": text})
    cell = written(people, "amira", columns=["title"])[1][0]
    assert cell.startswith("'")
    sheets.write_xlsx(tmp_path / "x.xlsx", ["title"], [[text]])
    inside = zipfile.ZipFile(tmp_path / "x.xlsx").read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in inside and "inlineStr" in inside


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_whatever_is_written_no_cell_begins_a_formula(text: str) -> None:
    cell = sheets.harmless(text)
    assert isinstance(cell, str)
    bare = cell.strip()
    assert not bare or bare[0] not in "=+-@" or bare.lstrip("+-").replace(",", ".").replace(".", "", 1).isdigit()


def test_numbers_and_times_stay_what_they_are() -> None:
    now = datetime.now(UTC)
    assert [sheets.harmless(one) for one in (5, 1.5, None, now, "-5", "plain")] == [5, 1.5, None, now, "-5", "plain"]
