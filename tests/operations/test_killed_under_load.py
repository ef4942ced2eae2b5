"""The real product under eight writers while its parts are killed: what was acknowledged is there, once and whole."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from quell.project.embedded_postgres import EmbeddedPostgres
from quell.project.process_ties import alive

from .conftest import BUSY, ROOT, eventually

WRITERS = 8
ROUNDS = 2
#: On a machine of its own; what is printed says how long it took. Other tests that run beside it take their share.
BACK_SECONDS = 10.0


@dataclass
class Writers:
    """Eight clients that report incidents, each under an idempotency key that it repeats until it has an answer."""

    port: int
    token: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    last: float = 0.0
    longest_gap: float = 0.0
    stop: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        self.last = time.monotonic()
        self._threads = [threading.Thread(target=self._write, args=(n,), daemon=True) for n in range(WRITERS)]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join(30)

    def _write(self, writer: int) -> None:
        turn = 0
        while not self.stop.is_set():
            key = f"writer-{writer}-{turn}"
            answer = self._try(key)
            if answer is None:
                time.sleep(0.05)
                continue
            status, document = answer
            if status == 201:
                self._note(key, document["number"])
                turn += 1
            elif status not in (500, 502, 503):
                self.wrong.append(f"{status}: {document}")
                return

    def _try(self, key: str) -> tuple[int, dict[str, str]] | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        try:
            connection.request("POST", "/api/v1/incidents", json.dumps({"title": key}), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            connection.close()

    def _note(self, key: str, number: str) -> None:
        with self._lock:
            now = time.monotonic()
            self.longest_gap = max(self.longest_gap, now - self.last)
            self.last = now
            self.acknowledged[key] = number


def _children(parent: int) -> dict[int, str]:
    found: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        try:
            if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent and alive(int(entry.name)):
                found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
        except (OSError, ValueError):
            continue
    return found


def _child(parent: int, word: str) -> int:
    return next((pid for pid, line in _children(parent).items() if word in line), 0)


def _victims(supervisor: int, server: EmbeddedPostgres) -> dict[str, Callable[[], int]]:
    """What is killed, by name: a process id, looked up at the moment of the crime."""

    def web() -> int:
        return _child(supervisor, " serve")

    def a_web_worker() -> int:
        return min(_children(web()), default=0)

    def worker() -> int:
        return _child(supervisor, " work")

    def database() -> int:
        try:
            return int((server.cluster / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return 0

    return {"web": web, "a web worker": a_web_worker, "worker": worker, "database": database}


@pytest.mark.slow
def test_every_acknowledged_incident_survives_the_killing_of_any_part(
    spawn: Callable[..., subprocess.Popen[str]], environment: dict[str, str], prepared: Path, port: int
) -> None:
    def quell(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "quell.project.main", *words],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        return done.stdout.strip()

    supervisor = spawn("quell.project.main", "up")
    assert supervisor.stdout is not None
    for line in supervisor.stdout:
        if "Ctrl-C" in line:
            break
    said: list[str] = []
    threading.Thread(target=lambda: said.extend(supervisor.stdout or ()), daemon=True).start()
    server = EmbeddedPostgres(prepared / "postgres")
    quell("user", "create", "writer@example.org", "--name", "Writer", "--role", "administrator")
    writers = Writers(port, quell("token", "create", "writer@example.org"))
    writers.begin()
    eventually(lambda: len(writers.acknowledged) > 20 or bool(writers.wrong), 60)
    assert writers.wrong == []
    for _ in range(ROUNDS):
        for name, find in _victims(supervisor.pid, server).items():
            eventually(lambda find=find: find() > 1, BACK_SECONDS)  # type: ignore[misc]
            before = len(writers.acknowledged)
            os.kill(find(), signal.SIGKILL)
            time.sleep(1.0)
            deadline = time.monotonic() + BACK_SECONDS * BUSY
            while len(writers.acknowledged) <= before + WRITERS:
                assert time.monotonic() < deadline, f"not back after killing {name}:\n{''.join(said)}"
                time.sleep(0.05)
            print(f"killed {name}: {len(writers.acknowledged)} acknowledged, gap {writers.longest_gap:.1f} s")
    writers.end()
    assert writers.wrong == []
    assert writers.longest_gap < BACK_SECONDS * BUSY
    _all_there_once(server.url, writers.acknowledged)


def _all_there_once(url: str, acknowledged: dict[str, str]) -> None:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            """SELECT r.title, r.number,
                 (SELECT count(*) FROM incidents_incident d WHERE d.record_id = r.id),
                 (SELECT count(*) FROM search_document s WHERE s.record_id = r.id),
                 (SELECT count(*) FROM journal_entry e WHERE e.record_id = r.id AND e.verb = 'open'),
                 (SELECT count(*) FROM procrastinate_jobs j JOIN journal_entry e ON e.record_id = r.id
                   WHERE j.task_name = 'notify.announce' AND (j.args ->> 'entry_id')::bigint = e.id)
               FROM records_record r"""
        ).fetchall()
    made = {row[0]: row for row in rows}
    assert len(made) == len(rows), "an incident was made twice under one key"
    for key, number in acknowledged.items():
        assert made[key][1:] == (number, 1, 1, 1, 1), key
    assert all(row[2:] == (1, 1, 1, 1) for row in rows), "half an incident"
