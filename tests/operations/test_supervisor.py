"""`quell up`, with a tiny application in place of the product: what it starts, watches, restarts and stops."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quell.project.embedded_postgres import EmbeddedPostgres
from quell.project.process_ties import alive, working_in

from .conftest import eventually

Spawn = Callable[..., subprocess.Popen[str]]


class Running:
    """A supervisor with everything it started."""

    def __init__(self, spawn: Spawn, state: Path, port: int) -> None:
        self.port = port
        self.server = EmbeddedPostgres(state / "postgres")
        self.process = spawn("tests.operations.tiny")
        assert self.process.stdout is not None
        self.said: list[str] = []
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if "Ctrl-C" in line:
                break

    def serving(self) -> int | None:
        """The process id of a worker that answers, if one does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/pid")
            return int(connection.getresponse().read())
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def children(self, pid: int | None = None) -> dict[int, str]:
        """Process ids and command lines of the direct children."""
        parent = pid or self.process.pid
        found: dict[int, str] = {}
        for entry in Path("/proc").iterdir():
            try:
                text = (entry / "stat").read_text()
                if int(text.rpartition(")")[2].split()[1]) == parent and alive(int(entry.name)):
                    found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
            except (OSError, ValueError):
                continue
        return found

    def child(self, word: str) -> int:
        """The process id of the child whose command line contains `word`."""
        return next((pid for pid, line in self.children().items() if word in line), 0)

    def gone(self) -> bool:
        """Whether nothing of it is left: no server process, no listener."""
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError:
                return False
        return not working_in(self.server.cluster)


@pytest.fixture
def running(spawn: Spawn, state: Path, port: int) -> Iterator[Running]:
    """Everything started, and whatever is left at the end halted."""
    found = Running(spawn, state, port)
    yield found
    if found.process.poll() is None:
        found.process.terminate()
        found.process.wait(60)
    found.server.halt()


def test_it_says_where_it_is_and_stops_what_it_started(running: Running, port: int) -> None:
    assert f"quell: Quell is ready at http://127.0.0.1:{port}" in running.said
    assert running.serving()
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(60) == 0
    assert running.gone()


def test_it_stays_small(running: Running) -> None:
    rollup = Path(f"/proc/{running.process.pid}/smaps_rollup").read_text()
    proportional = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    assert proportional < 20_000  # kB


@pytest.mark.slow
def test_whatever_is_killed_comes_back(running: Running) -> None:
    for _ in range(2):
        web = running.child(" serve ")
        os.kill(web, signal.SIGKILL)
        eventually(lambda: running.child(" serve ") not in (0, web), 10)  # noqa: B023
        eventually(lambda: running.serving() is not None, 10)

        worker = running.child("time.sleep")
        os.kill(worker, signal.SIGKILL)
        eventually(lambda: running.child("time.sleep") not in (0, worker), 10)  # noqa: B023

        postmaster = int((running.server.cluster / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        eventually(running.server.running, 10)


def test_a_killed_web_worker_comes_back(running: Running) -> None:
    first = running.serving()
    assert first is not None
    os.kill(first, signal.SIGKILL)
    serving = running.child(" serve ")
    eventually(lambda: first not in running.children(serving) and len(running.children(serving)) >= 2, 10)
    for _ in range(10):
        eventually(lambda: running.serving() is not None, 10)


def test_killing_the_supervisor_leaves_nothing_behind(running: Running) -> None:
    running.process.kill()
    running.process.wait()
    eventually(running.gone, 15)


def test_killing_the_web_parent_leaves_no_worker_on_the_port(running: Running) -> None:
    orphan = running.serving()
    assert orphan is not None
    os.kill(running.child(" serve "), signal.SIGKILL)
    eventually(lambda: not alive(orphan), 5)


def test_a_port_in_use_is_one_sentence(spawn: Spawn, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        process = spawn("quell.project.main", "up")
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.strip() == f"quell: Port {port} is in use: stop what uses it, or set QUELL_PORT to another number."


def test_a_second_one_on_the_same_state_is_refused(running: Running, spawn: Spawn) -> None:
    second = spawn("quell.project.main", "up", QUELL_PORT="1")
    said, _ = second.communicate(timeout=60)
    assert second.returncode == 1
    assert "already runs with the state in" in said
    assert running.serving()


def test_a_server_that_a_command_started_is_used_on(spawn: Spawn, state: Path, port: int) -> None:
    server = EmbeddedPostgres(state / "postgres")
    server.start()
    running = Running(spawn, state, port)
    assert running.serving()
    running.process.terminate()
    assert running.process.wait(60) == 0
    assert server.running()  # the command still works with it
    server.stop()
    assert running.gone()


def test_make_killed_outright_takes_it_along(spawn: Spawn, state: Path, port: int) -> None:
    code = "import subprocess, sys, time\n"
    code += "subprocess.Popen([sys.executable, '-m', 'tests.operations.tiny'])\ntime.sleep(60)"
    # `spawn` runs modules; the little parent is written where Python finds it
    (state.parent / "parent.py").write_text(code)
    parent = spawn("parent", MAKELEVEL="1", PYTHONPATH=f"{state.parent}:{Path.cwd()}")
    assert parent.stdout is not None
    for line in parent.stdout:
        if "Ctrl-C" in line:
            break
    parent.kill()
    parent.wait()
    server = EmbeddedPostgres(state / "postgres")
    eventually(lambda: not working_in(server.cluster), 15)
    time.sleep(0.2)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))
