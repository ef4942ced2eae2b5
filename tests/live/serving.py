"""The product's own web server on a copy of the test database, with people signed in at it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from quell.kernel.people.models import Person
from quell.kernel.testing.cast import Cast
from quell.project.database_url import with_database
from tests.prepared import static_files_into

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Served:
    """Where the product answers, who lives there, and its processes."""

    port: int
    people: Cast
    process: subprocess.Popen[str]
    command: list[str]
    environment: dict[str, str]
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def cookie_name(self) -> str:
        """Of the session; it carries the port."""
        return f"quell-session-{self.port}"

    def session(self, name: str) -> str:
        """A session of that person, the same one for the whole test run."""
        if name not in self.cookies:
            self.cookies[name] = self.new_session(name)
        return self.cookies[name]

    def new_session(self, name: str) -> str:
        """Sign that person in once more."""
        person = getattr(self.people, name)
        assert isinstance(person, Person)
        return self.session_of(person)

    def session_of(self, person: Person) -> str:
        """Sign somebody in."""
        client = Client()
        client.force_login(person)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def die(self) -> None:
        """Kill it with all its workers, as a machine does that loses its power."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self._gone()

    def stop(self) -> None:
        """End it as the supervisor does."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self._gone(15)
        except subprocess.TimeoutExpired:
            self.die()

    def _gone(self, seconds: float | None = None) -> None:
        self.process.wait(seconds)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def rise(self) -> None:
        """Start it again where it was."""
        self.process = spawned(self.command, self.environment)
        self.wait()

    def wait(self) -> None:
        """Until it answers."""
        deadline = time.monotonic() + 30
        while answer(self.port, "/readyz") != 200:
            assert self.process.poll() is None, self.process.stdout.read() if self.process.stdout else ""
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def workers(self) -> list[int]:
        """Process ids of the web workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(child) for child in children]


class Ear:
    """One client of `/live`: an open socket, and what came so far."""

    def __init__(self, served: Served, session: str, query: str = "", headers: str = "") -> None:
        self.socket = socket.create_connection(("127.0.0.1", served.port), timeout=10)
        self.socket.sendall(
            f"GET /live{query} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
            f"Cookie: {served.cookie_name}={session}\r\nAccept: text/event-stream\r\n{headers}\r\n".encode()
        )
        self.text = ""
        self.ended = False

    def listen(self, until: Callable[[str], bool], seconds: float = 10.0) -> str:
        """Read until what came is enough, the stream ends, or time is over; everything that came."""
        deadline = time.monotonic() + seconds
        while not until(self.text) and not self.ended and (left := deadline - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                part = self.socket.recv(65536)
            except TimeoutError:
                break
            self.text += part.decode()
            self.ended = not part or part.endswith(b"0\r\n\r\n")
        return self.text

    def events(self, name: str) -> list[dict[str, Any]]:
        """The events of one name."""
        found = []
        for block in self.text.replace("\r\n", "\n").split("\n\n"):
            lines = block.split("\n")
            if f"event: {name}" in lines:
                found.append(json.loads(next(line[6:] for line in lines if line.startswith("data: "))))
        return found

    def close(self) -> None:
        """Go away."""
        self.socket.close()


@contextlib.contextmanager
def serving(people: Cast, workers: int) -> Iterator[Served]:
    """`quell serve` with that many worker processes, on the database in use."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    url = with_database(os.environ["DATABASE_URL"], connection.settings_dict["NAME"])
    environment = {**os.environ, "DATABASE_URL": url, "QUELL_PORT": str(port), "PYTHONPATH": str(ROOT / "src")}
    quell = [sys.executable, "-m", "quell.project.main"]
    static_files_into(Path(os.environ["QUELL_DATA"], "static"))
    command = [*quell, "serve", "--workers", str(workers)]
    served = Served(port, people, spawned(command, environment), command, environment)
    try:
        served.wait()
        yield served
    finally:
        served.stop()


def spawned(command: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    """A server in a process group of its own."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def answer(port: int, path: str) -> int:
    """The status of one request; 0 while nobody answers."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        asked.request("GET", path)
        return asked.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        asked.close()
