"""`quell import incident-log` as people run it: the published log, killed halfway, run again, run once more."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from quell.practices.incidents.imports.incident_log import SHIPPED
from quell.project.database_url import with_database
from quell.project.preparation import schema_stamp

from .log_rows import life, write

KNOWN = {
    "rows_read": 141_712,
    "incidents": 24_918,
    "final_priority": {"1": 270, "2": 408, "3": 23_466, "4": 774},
    "reassigned_at_least_once": 11_369,
    "reassigned_three_or_more": 2_848,
    "reopened": 275,
    "most_frequent_path": {"path": "New > Resolved > Closed", "count": 6_281},
    "refused_count": 0,
}
LOG = str(SHIPPED)
WHOLE = """
    SELECT (SELECT count(*) FROM records_record),
           (SELECT count(*) FROM incidents_incident),
           (SELECT count(*) FROM records_externalreference WHERE system = 'uci-incident-log'),
           (SELECT count(*) FROM search_document),
           (SELECT count(*) FROM journal_entry WHERE record_id IS NOT NULL),
           (SELECT coalesce(sum(version), 0) FROM records_record)
"""


@pytest.fixture
def fresh(django_db_setup: None, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a process that has an instance of its own: a fresh migrated database, no private server."""
    name = f"{settings.DATABASES['default']['NAME']}_import"
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(with_database(url, "postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "quell_template_{schema_stamp()}"')
    yield {**os.environ, "DATABASE_URL": with_database(url, name), "QUELL_DATA": str(tmp_path / "state")}
    with psycopg.connect(with_database(url, "postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "quell.project.main", "import", "incident-log", *words]


def counts(environment: dict[str, str]) -> tuple[int, ...]:
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        found = connection.execute(WHOLE).fetchone()
        assert found is not None
        return tuple(int(number) for number in found)


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*words), env=environment, capture_output=True, text=True, timeout=300)


def report(environment: dict[str, str], *words: str) -> dict[str, Any]:
    done = run(environment, *words, "--json")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.slow
def test_the_published_log_killed_halfway_run_again_and_once_more(fresh: dict[str, str]) -> None:
    victim = subprocess.Popen(command(LOG), env=fresh, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while counts(fresh)[0] < 8_000:
        assert victim.poll() is None and time.monotonic() < deadline
        time.sleep(0.1)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    time.sleep(0.5)  # the server notices that the connection is gone, and rolls back what was open

    records, details, references, documents, entries, versions = counts(fresh)
    assert 8_000 <= records < 24_918
    assert records == details == references == documents
    assert entries == versions  # every incident that is here is here with its whole history

    first = report(fresh, LOG)
    assert {name: first[name] for name in KNOWN} == KNOWN
    assert first["created"] == 24_918 - records and first["unchanged"] == records
    assert "here_with_other_events" not in first["oddities"]
    assert counts(fresh) == (24_918, 24_918, 24_918, 24_918, first["entries"], first["entries"])

    second = report(fresh, LOG)
    assert {name: second[name] for name in KNOWN} == KNOWN
    assert (second["created"], second["entries_created"], second["unchanged"]) == (0, 0, 24_918)
    assert (second["people_created"], second["teams_created"], second["categories_created"]) == (0, 0, 0)
    assert second["entries"] == first["entries"]


def test_refusals_are_one_sentence_and_exit_status_1(fresh: dict[str, str], tmp_path: Path) -> None:
    log = write(tmp_path / "log.csv.gz", life())
    not_the_log = tmp_path / "not.csv"
    not_the_log.write_text("number,title\nINC1,x\n")
    for words in (
        [str(log), "--organisation", "nowhere"],
        [str(not_the_log)],
        [str(tmp_path / "missing.csv")],
    ):
        refused = run(fresh, *words, "--json")
        assert refused.returncode == 1
        assert refused.stdout == ""
        assert refused.stderr.startswith("quell: ") and len(refused.stderr.strip().splitlines()) == 1
    assert run(fresh).returncode == 2
    assert counts(fresh)[0] == 0

    told = run(fresh, str(log))
    assert told.returncode == 0
    assert "1 incidents made with 6 entries of history" in told.stdout
    assert "rows" in told.stderr
