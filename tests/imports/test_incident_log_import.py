"""The import on a database: what stands there afterwards, twice, and after a bad file."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from quell.kernel.access.actor import HOUSE
from quell.kernel.config.refusal import Conflict, Invalid, NotFound
from quell.kernel.journal.models import Entry
from quell.kernel.people.models import Organisation, Person, Team
from quell.kernel.people.tree import create_organisation
from quell.kernel.records.find import find
from quell.kernel.records.models import ExternalReference, Record
from quell.kernel.records.timeline import timeline
from quell.kernel.search.models import Document
from quell.practices.incidents.imports import incident_log
from quell.practices.incidents.imports.incident_log import SYSTEM, Report, import_incident_log
from quell.practices.incidents.models import Category, Incident
from quell.project.database_url import with_database

from .log_rows import as_text, life, row, write

pytestmark = pytest.mark.django_db


def load(path: Path, organisation: str | None = None) -> Report:
    return import_incident_log(path, organisation, lambda _done, _of: None)


def record_of(reference: str) -> Record:
    return Record.objects.get(external_references__system=SYSTEM, external_references__reference=reference)


def everything() -> tuple[int, ...]:
    return tuple(
        model._default_manager.count()
        for model in (Record, Incident, ExternalReference, Entry, Document, Person, Team, Category, Organisation)
    )


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write(tmp_path / "log.csv.gz", [*life("INC0000045"), *life("INC0000047")])


def test_an_incident_arrives_with_people_places_levels_and_times(log: Path) -> None:
    report = load(log)
    assert (report.rows_read, report.created, report.unchanged) == (10, 2, 0)
    record = record_of("INC0000045")
    detail = Incident.objects.get(record=record)
    assert record.number.startswith("INC-") and record.organisation.code == "incident-log"
    assert record.title == "Symptom 72 · Category 55 / Subcategory 170"
    assert "Location 143" in record.description
    assert (record.state, record.state_category, record.priority) == ("closed", "closed", 3)
    assert (detail.impact, detail.urgency, detail.priority_source) == (2, 2, "import")
    assert (detail.transfer_count, detail.reopen_count) == (1, 0)
    assert detail.category is not None and detail.category.path == "category-55/subcategory-170"
    assert detail.category.parent is not None and detail.category.parent.path == "category-55"
    assert "code 5" in detail.resolution
    assert record.channel == "phone"
    assert record.requester.email == "caller-2403@incident-log.invalid"
    assert record.assignee is not None and record.assignee.name == "Resolver 31"
    assert record.team is not None and (record.team.code, record.team.name) == ("group-24", "Group 24")
    assert record.owner == record.opened_by and record.owner is not None and record.owner.name == "Opened by 8"
    assert record.opened_at.isoformat() == "2016-02-29T01:16:00+00:00"
    assert record.responded_at is not None and record.responded_at.isoformat() == "2016-02-29T05:30:00+00:00"
    assert record.closed_at is not None and record.closed_at.isoformat() == "2016-03-05T12:00:00+00:00"


def test_its_history_reads_as_it_happened(log: Path) -> None:
    load(log)
    record = record_of("INC0000045")
    entries = list(Entry.objects.filter(record=record).order_by("id"))
    assert [entry.verb for entry in entries] == ["open", "transfer", "start", "hold", "resolve", "close"]
    assert [entry.version for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert record.version == 6
    assert sorted(entry.at for entry in entries) == [entry.at for entry in entries]
    assert {entry.channel for entry in entries} == {"import"}
    assert [entry.data["line"] for entry in entries] == [2, 3, 3, 4, 5, 6]
    transfer = entries[1]
    teams = dict(Team.objects.values_list("id", "code"))
    assert [teams[key] for key in transfer.changes["team"]] == ["group-56", "group-24"]
    assert entries[3].changes["hold_reason"] == ["", "requester"]
    assert "code 5" in entries[4].changes["resolution"][1]
    assert not transfer.public and entries[4].public


def test_nobody_of_the_log_can_sign_in(log: Path) -> None:
    load(log)
    people = Person.objects.filter(email__endswith="@incident-log.invalid")
    assert people.count() >= 5
    assert not people.filter(is_active=True).exists()
    assert not any(person.has_usable_password() for person in people)
    assert not any(person.grants.exists() for person in people)


def test_its_timeline_names_people_and_groups(log: Path) -> None:
    load(log)
    record = record_of("INC0000045")
    told = timeline(record, internal=True)
    assert [entry["verb"] for entry in told] == ["open", "transfer", "start", "hold", "resolve", "close"]
    opened, handed_over = told[0], told[1]
    assert opened["actor_name"] == "Updated by 21"
    assert opened["changes"]["category"]["to"] == "Subcategory 170"
    assert opened["data"]["facts"]["location"] == [None, "Location 143"]
    assert handed_over["changes"]["team"] == {"from": "Group 56", "to": "Group 24"}
    assert handed_over["changes"]["assignee"] == {"from": None, "to": "Resolver 31"}
    public = timeline(record, internal=False)
    assert [entry["verb"] for entry in public] == ["open", "start", "hold", "resolve", "close"]
    assert all(entry["data"] == {} and "team" not in entry["changes"] for entry in public)


def test_search_finds_the_original_number_before_all_else(tmp_path: Path) -> None:
    load(write(tmp_path / "log.csv", [*life("INC0000002"), *life("INC0000001"), *life("INC0000077")]))
    for reference in ("INC0000002", "inc0000001", "INC0000077"):
        hits = find(HOUSE, reference)
        assert hits[0].number == record_of(reference.upper()).number
    assert [hit.number for hit in find(HOUSE, "symptom 72")] == list(
        Record.objects.order_by("-id").values_list("number", flat=True)
    )


def test_a_second_run_changes_nothing(log: Path) -> None:
    load(log)
    before = everything()
    versions = list(Record.objects.order_by("id").values_list("id", "version", "updated_at"))
    again = load(log)
    assert (again.created, again.unchanged, again.entries_created) == (0, 2, 0)
    assert (again.people_created, again.teams_created, again.categories_created) == (0, 0, 0)
    assert everything() == before
    assert list(Record.objects.order_by("id").values_list("id", "version", "updated_at")) == versions


def test_a_longer_log_adds_only_what_is_new_and_says_what_differs(log: Path, tmp_path: Path) -> None:
    load(log)
    shortened = life("INC0000045")[:3]
    report = load(write(tmp_path / "more.csv", [*shortened, *life("INC0000047"), *life("INC0000060")]))
    assert (report.created, report.unchanged) == (1, 2)
    assert report.oddities["here_with_other_events"] == 1
    assert record_of("INC0000045").state == "closed"
    figures = report.as_json()
    assert figures["incidents"] == 3  # those the file names
    assert figures["most_frequent_path"] == {
        "path": "New > Active > Awaiting User Info > Resolved > Closed",
        "count": 3,
    }


def test_batches_do_not_show(log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incident_log, "BATCH", 3)
    rows = [cells for at in range(10) for cells in life(f"INC{at:07d}")]
    report = load(write(tmp_path / "ten.csv", rows))
    assert report.created == 10
    assert Record.objects.filter(external_references__system=SYSTEM).count() == 10
    assert Entry.objects.filter(channel="import").count() == report.entries_created == 60


def test_numbers_come_from_the_sequence_of_live_records(log: Path) -> None:
    load(log)
    numbers = list(Record.objects.filter(kind="incident").order_by("id").values_list("number", flat=True))
    assert numbers == sorted(set(numbers))
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM records_number_inc")
        assert int(numbers[-1].removeprefix("INC-")) == cursor.fetchone()[0]


def test_refused_rows_and_oddities_are_reported_with_line_and_reason(tmp_path: Path) -> None:
    rows = [
        *life("INC0000045"),
        row(number="INC0000099", opened_at="31/6/2016 10:00"),
        row(number="INC0000100", incident_state="-100", caller_id="?"),
    ]
    report = load(write(tmp_path / "odd.csv", rows)).as_json()
    assert report["refused_count"] == 1
    assert report["refused"] == [
        {
            "line": 7,
            "number": "INC0000099",
            "code": "date-impossible",
            "reason": "there is no such time as “31/6/2016 10:00” (opened_at, day first)",
        }
    ]
    assert report["oddities"]["state_minus_100"] == 1
    assert report["oddities"]["caller_unknown"] == 1
    assert record_of("INC0000100").requester.name == "Unknown caller"
    assert record_of("INC0000100").closed_at is None


def test_another_organisation_gets_people_and_teams_of_its_own(log: Path, tmp_path: Path) -> None:
    create_organisation("gungun", "Gungun")
    load(log)
    report = load(write(tmp_path / "other.csv", [*life("INC0000045"), *life("INC0000050")]), "gungun")
    assert (report.created, report.unchanged) == (1, 1)
    assert report.oddities["here_in_another_organisation"] == 1
    record = record_of("INC0000050")
    assert record.organisation.code == "gungun"
    assert record.requester.organisation.code == "gungun"
    assert record.team is not None and record.team.organisation.code == "gungun"
    assert record.team.code == "gungun-group-24"


def test_an_unknown_organisation_is_refused_and_not_made(log: Path) -> None:
    before = everything()
    with pytest.raises(NotFound, match="nowhere"):
        load(log, "nowhere")
    assert everything() == before


def test_one_import_at_a_time(log: Path) -> None:
    before = everything()
    with psycopg.connect(with_database(os.environ["DATABASE_URL"], connection.settings_dict["NAME"])) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [incident_log._LOCK])
        with pytest.raises(Conflict, match="running already"):
            load(log)
        other.execute("SELECT pg_advisory_unlock(%s)", [incident_log._LOCK])
    assert everything() == before
    assert load(log).created == 2


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "is empty"),
        (b"number,title\nINC1,x\n", "lacks the columns incident_state, active"),
        (as_text(life()).encode()[:-40] + b"\xff\xff\n", "not UTF-8"),
        (as_text(life()).encode() + b"\x00\n", "NUL"),
    ],
)
def test_a_bad_file_leaves_nothing_behind(tmp_path: Path, content: bytes, part: str) -> None:
    before = everything()
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid, match=part):
        load(path)
    assert everything() == before


def test_a_log_without_rows_is_an_empty_report(tmp_path: Path) -> None:
    report = load(write(tmp_path / "none.csv", [])).as_json()
    assert (report["rows_read"], report["incidents"], report["created"]) == (0, 0, 0)
    assert report["most_frequent_path"] == {"path": "", "count": 0}


def test_hostile_labels_are_only_text(tmp_path: Path) -> None:
    nasty = "'; DROP TABLE records_record; --"
    path = write(
        tmp_path / "nasty.csv",
        [row(caller_id=nasty, assignment_group="<script>alert(1)</script>", u_symptom="\\N", location="a\tb")],
    )
    report = load(path)
    assert report.created == 1
    record = record_of("INC0000045")
    assert record.requester.name == nasty
    assert record.team is not None and record.team.name == "<script>alert(1)</script>"
    assert record.title.startswith("\\N")
