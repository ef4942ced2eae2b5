"""How fast the shipped incident log comes in, and how fast its finished rows would by `COPY` alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import quell.practices.incidents

from . import measures, processes
from .stand import BenchFailed, Stand

LOG = Path(quell.practices.incidents.__file__).parent / "data" / "incident_event_log.csv.gz"
TABLES = ("records_record", "incidents_incident", "journal_entry", "search_document", "records_externalreference")
PLACE = "incident-log"
SAMPLE_SECONDS = 0.1


def measure(stand: Stand) -> dict[str, Any]:
    """Import into an empty instance; the time is the whole command's, its memory the most it ever held."""
    server = stand.server
    stand.run("quell.project.bench.importing", "prepare")
    server.start()
    try:
        begun = time.monotonic()
        importer = subprocess.Popen(  # noqa: S603 - our own words
            [sys.executable, "-m", "quell.project.main", "import", "incident-log", str(LOG), "--json"],
            env=stand.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        out = importer.stdout.read() if importer.stdout is not None else b""
        _pid, status, used = os.wait4(importer.pid, 0)
        seconds = time.monotonic() - begun
        importer.returncode = os.waitstatus_to_exitcode(status)
        if importer.returncode:
            raise BenchFailed("The import did not succeed; the lines above say why.")
        report = json.loads(out)
        replayed = json.loads(stand.run("quell.project.main", "clocks", "verify", "--json"))
        copied, raw_seconds = _copies(stand)
    finally:
        server.stop()
    rows, peak = int(report["rows_read"]), used.ru_maxrss * 1024
    return {
        "name": "import",
        "title": measures.WHOLE["import"],
        "incidents": int(report["created"]),
        "rows": rows,
        "seconds": round(seconds, 1),
        "per_second": round(rows / seconds, 1),
        "peak_bytes": peak,
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "raw_seconds": round(raw_seconds, 1),
        "raw_rows": copied,
        "of_raw": round(raw_seconds / seconds, 4),
        "clocks": replayed["clocks"],
        "differences": replayed["differences_count"],
        "replayed_seconds": replayed["seconds"],
        "target": {"seconds": measures.IMPORT_SECONDS, "peak_bytes": measures.IMPORT_BYTES},
        "met": seconds < measures.IMPORT_SECONDS
        and peak < measures.IMPORT_BYTES
        and replayed["seconds"] < measures.REPLAY_SECONDS,
        "load": processes.load_average(),
    }


def _copies(stand: Stand) -> tuple[int, float]:
    """Write what the import made once more, into empty tables with the same indexes: (rows, seconds)."""
    server, rows, seconds = stand.server, 0, 0.0
    for table in TABLES:
        place = stand.data / "postgres" / f"{table}.copy"
        stand.ask(f"DROP TABLE IF EXISTS bench_{table}")
        stand.ask(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
        psql = [
            str(server.tool("psql")),
            "--no-psqlrc",
            "--quiet",
            f"--host={server.socket_directory}",
            "--username=quell",
        ]
        with place.open("wb") as out:
            _psql([*psql, f"--command=COPY {table} TO STDOUT"], stdout=out)
        begun = time.monotonic()
        with place.open("rb") as given:
            _psql([*psql, f"--command=COPY bench_{table} FROM STDIN"], stdin=given)
        seconds += time.monotonic() - begun
        place.unlink()
        ((count,),) = stand.ask(f"SELECT count(*) FROM bench_{table}")  # noqa: S608 - a table of ours
        rows += int(count or 0)
        stand.ask(f"DROP TABLE bench_{table}")
    return rows, seconds


def _psql(words: list[str], **streams: Any) -> None:
    if subprocess.run([*words, "quell"], **streams).returncode:  # noqa: S603 - our own words
        raise BenchFailed("psql did not succeed; the lines above say why.")


def prepare() -> None:
    """Make the database, empty but for a place under an agreement: what comes in gets clocks."""
    from quell.project.database import available

    with available():
        from quell.kernel.people.models import Organisation
        from quell.kernel.people.tree import create_organisation

        from .promising import promise

        if not Organisation.objects.filter(code=PLACE).exists():
            create_organisation(PLACE, "Incident log")
        promise(PLACE)


if __name__ == "__main__":
    prepare()
