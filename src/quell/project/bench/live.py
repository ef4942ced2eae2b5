"""How soon a change reaches many open pages: 200 streams on one web process, beside twenty that never read.

A web process of its own is started on the stand's database, so that no second one takes a part of the crowd. The time
of an update runs from sending the request that makes it, so its own work is in it, to the byte in each client.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from ..process_ties import tied
from . import processes
from .client import Connection
from .stand import BenchFailed, Stand, free_port

CROWD, DEAF, SESSIONS = 200, 20, 12
PATIENCE_SECONDS = 5.0
REST_SECONDS = 0.1  # between two updates
TARGET_MS = 100.0
_NEW = b'"verb":"open"'


def measure(stand: Stand, seconds: float) -> dict[str, Any]:
    """Run it for so many seconds; raises BenchFailed when a stream cannot be opened."""
    sessions = json.loads(stand.run("quell.project.bench.live", str(SESSIONS)))
    with _one_process(stand) as (port, pid):
        before = processes.memory_bytes(_family(pid))
        crowd = [_listen(port, sessions[at % len(sessions)]) for at in range(CROWD)]
        deaf = [_listen(port, sessions[at % len(sessions)], small=True) for at in range(DEAF)]
        try:
            time.sleep(1.5)
            arrived, missed, updates = _drive(stand, port, crowd, seconds)
            held = processes.memory_bytes(_family(pid))
        finally:
            for one in (*crowd, *deaf):
                one.close()
    arrived.sort()
    p99 = _at(arrived, 99)
    return {
        "name": "live",
        "title": f"Update to {CROWD} open pages on one web process, {DEAF} more that never read",
        "incidents": stand.count,
        "streams": CROWD,
        "updates": updates,
        "missed": missed,
        "p50_ms": round(_at(arrived, 50), 1),
        "p95_ms": round(_at(arrived, 95), 1),
        "p99_ms": round(p99, 1),
        "bytes_before": before,
        "bytes_with_streams": held,
        "target": {"p99_ms": TARGET_MS},
        "met": p99 < TARGET_MS and not missed,
        "load": processes.load_average(),
    }


def _at(values: list[float], percent: int) -> float:
    return values[min(len(values) - 1, len(values) * percent // 100)] if values else float("inf")


@contextmanager
def _one_process(stand: Stand) -> Iterator[tuple[int, int]]:
    """A web server with one worker process on the stand's database: its port and process id."""
    port = free_port()
    environment = {**stand.environment, "QUELL_PORT": str(port), "DATABASE_URL": stand.server.url}
    process = subprocess.Popen(
        [sys.executable, "-m", "quell.project.main", "serve", "--workers", "1"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,  # what the server says is no part of the document
        start_new_session=True,
        preexec_fn=tied(signal.SIGTERM),
    )
    try:
        beside = Stand(stand.data, stand.count, port)
        begun = time.monotonic()
        while not beside.ready():
            if process.poll() is not None or time.monotonic() - begun > 30:
                raise BenchFailed("The web process for the streams did not start.")
            time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _family(pid: int) -> list[int]:
    below = processes.children()
    return [pid, *below.get(pid, [])]


def _listen(port: int, session: str, *, small: bool = False) -> socket.socket:
    client = socket.socket()
    if small:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(PATIENCE_SECONDS)
    client.connect(("127.0.0.1", port))
    client.sendall(
        f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: quell-session-{port}={session}\r\n"
        "Accept: text/event-stream\r\n\r\n".encode()
    )
    if not small and b" 200 " not in client.recv(64):
        raise BenchFailed("A stream was refused.")
    return client


def _drive(stand: Stand, port: int, crowd: list[socket.socket], seconds: float) -> tuple[list[float], int, int]:
    """Make one incident after another; milliseconds until each client had it, how many had none, how many were made."""
    body = json.dumps({"title": "An update for everybody"})
    request = (
        f"POST /api/v1/incidents HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {stand.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()
    arrived: list[float] = []
    missed = updates = 0
    maker = Connection("127.0.0.1", port)
    with selectors.DefaultSelector() as selector:
        for client in crowd:
            client.setblocking(False)
            selector.register(client, selectors.EVENT_READ)
        _wait(selector, set(), 0.5)  # what was said before
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            waiting = set(crowd)
            begun = time.perf_counter()
            maker.send(request)
            arrived += [(moment - begun) * 1000 for moment in _wait(selector, waiting, PATIENCE_SECONDS)]
            missed += len(waiting)
            updates += 1
            answer = maker.receive()
            while answer is None:
                answer = maker.receive()
            if answer[0] != 201:
                raise BenchFailed(f"create: {answer[0]}")
            time.sleep(REST_SECONDS)
    maker.socket.close()
    return arrived, missed, updates


def _wait(selector: selectors.BaseSelector, waiting: set[socket.socket], seconds: float) -> list[float]:
    """Read until nobody waits any more; when each had the news, by the clock of `perf_counter`."""
    found: list[float] = []
    everybody = bool(waiting)
    until = time.perf_counter() + seconds
    while (waiting or not everybody) and time.perf_counter() < until:
        for key, _mask in selector.select(0.05):
            client = key.fileobj
            assert isinstance(client, socket.socket)
            data = client.recv(65536)
            moment = time.perf_counter()
            if not data:
                raise BenchFailed("A stream ended by itself.")
            if _NEW in data and client in waiting:
                waiting.discard(client)
                found.append(moment)
    return found


def main(words: list[str]) -> int:
    """In the stand's instance: sign so many agents in, print their sessions."""
    from quell.project.database import available

    with available(prepared=False):
        from .data import signed_in

        click.echo(json.dumps(signed_in(int(words[0]))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
