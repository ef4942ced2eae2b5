"""A product of its own for the benchmark: a private instance, run by the product's own supervisor."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..embedded_postgres import EmbeddedPostgres
from ..instance import Instance
from ..postgres_wire import NoAnswer
from ..process_ties import tied
from . import processes

START_SECONDS = 90.0
DRAIN_SECONDS = 120.0


class BenchFailed(Exception):
    """A benchmark cannot be run, or its answers are wrong; the message says what was seen."""


@dataclass
class Stand:
    """One private instance in `data`, with `count` made incidents."""

    data: Path
    count: int
    port: int
    token: str = ""
    cookie: str = ""
    process: subprocess.Popen[bytes] | None = None
    first_answer_seconds: float = 0.0
    pids: dict[str, list[int]] = field(default_factory=dict)

    @property
    def server(self) -> EmbeddedPostgres:
        """Its database server."""
        return Instance(self.data, "127.0.0.1", self.port, "", demo=False).server(tell=lambda _sentence: None)

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told: nothing of the instance the user works with."""
        given = {key: value for key, value in os.environ.items() if not key.startswith(("QUELL_", "DATABASE_", "MAKE"))}
        return {**given, "QUELL_DATA": str(self.data), "QUELL_PORT": str(self.port), "QUELL_DEMO": "0"}

    def prepare(self) -> dict[str, Any]:
        """Make database and data where they are missing, and find the way in."""
        done = self.run("quell.project.bench.data", str(self.count))
        answer: dict[str, Any] = json.loads(done)
        self.token, self.cookie = answer["token"], answer["cookie"]
        return answer

    def run(self, *words: str) -> bytes:
        """Run `python -m words…` in this instance and return what it printed; raises BenchFailed."""
        done = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-m", *words], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        )
        if done.returncode:
            raise BenchFailed(f"`{' '.join(words)}` did not succeed; the lines above say why.")
        return done.stdout

    def start(self) -> None:
        """Start the product as `quell up` does, and wait until a page is answered."""
        begun = time.monotonic()
        log = (self.data / "up.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "quell.project.supervisor"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=tied(signal.SIGTERM),  # a benchmark that is killed leaves nothing running
            )
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() - begun > START_SECONDS:
                raise BenchFailed(f"The product did not start; {self.data / 'up.log'} says why.")
            time.sleep(0.02)
        self.first_answer_seconds = time.monotonic() - begun
        self.pids = processes.kinds(self.process.pid)

    def stop(self) -> None:
        """Stop everything."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def remove(self) -> None:
        """Remove the instance and everything in it."""
        shutil.rmtree(self.data, ignore_errors=True)

    def get(self, request: str) -> tuple[int, str]:
        """Send one request as written for the load generator; (status, body), uncompressed."""
        head, _, body = request.partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        method, path, _version = first.split(" ")
        headers = dict(line.split(": ", 1) for line in lines if not line.lower().startswith("accept-encoding"))
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body.encode() or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        finally:
            connection.close()

    def ask(self, sql: str, seconds: float = 120.0) -> list[tuple[str | None, ...]]:
        """One statement straight to its database."""
        return self.server.ask(sql, seconds=seconds)

    def drain(self) -> float:
        """Wait until the worker has done what was left to it; the seconds it took."""
        begun = time.monotonic()
        left = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        left += " AND (scheduled_at IS NULL OR scheduled_at <= now())"
        while self.ask(left) != [("0",)] and time.monotonic() - begun < DRAIN_SECONDS:
            time.sleep(0.2)
        return time.monotonic() - begun

    def cpu(self) -> dict[str, float]:
        """CPU seconds used so far, by kind of process."""
        assert self.process is not None
        self.pids = processes.kinds(self.process.pid)
        return {kind: processes.cpu_seconds(pids) for kind, pids in self.pids.items()}

    def memory(self) -> dict[str, int]:
        """Bytes held now, by kind of process."""
        assert self.process is not None
        self.pids = processes.kinds(self.process.pid)
        return {kind: processes.memory_bytes(pids) for kind, pids in self.pids.items()}

    def ready(self) -> bool:
        """Does it answer with a page?"""
        try:
            return self.get("GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n")[0] == 200
        except (OSError, http.client.HTTPException, NoAnswer):
            return False


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
