"""The load generator: a small process of its own that keeps N connections busy and writes down every answer.

`python -m quell.project.bench.client < SPECIFICATION` prints one JSON document. It knows just enough HTTP/1.1 to
know when an answer is over, and its requests are bytes made beforehand, so that it costs little beside what it
measures. One thread, one selector: clients never wait for each other.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from itertools import cycle

READ_BYTES = 256 * 1024
ANSWER_SECONDS = 30.0


class Broken(Exception):
    """The server closed a connection, or answered what is not HTTP."""


class Connection:
    """One client: sends the next request when the last answer is in."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port), timeout=ANSWER_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.begun = 0
        self._got = bytearray()
        self._length: int | None = None
        self._head = 0

    def send(self, request: bytes) -> None:
        """Send a whole request; it is small, so the socket takes it at once."""
        self._got.clear()
        self._length = None
        self._head = 0
        self.begun = time.perf_counter_ns()
        self.socket.sendall(request)

    def receive(self) -> tuple[int, int] | None:
        """Take what has come: (status, size in bytes) when the answer is whole, else None."""
        part = self.socket.recv(READ_BYTES)
        if not part:
            raise Broken("the server closed the connection")
        self._got += part
        if not self._head:
            end = self._got.find(b"\r\n\r\n")
            if end < 0:
                return None
            self._head = end + 4
            self._length = _length(bytes(self._got[:end]).lower())
        if self._length is None:
            whole = self._got.endswith(b"\r\n0\r\n\r\n")
        else:
            whole = len(self._got) >= self._head + self._length
        return (int(self._got[9:12]), len(self._got)) if whole else None


def _length(head: bytes) -> int | None:
    """The declared length of a body; None when it comes in pieces."""
    at = head.find(b"\r\ncontent-length:")
    if at >= 0:
        return int(head[at + 17 :].split(b"\r\n", 1)[0])
    if b"\r\ntransfer-encoding: chunked" in head:
        return None
    raise Broken("an answer without a length")


def run(host: str, port: int, clients: int, seconds: float, requests: list[bytes], *, once: bool) -> dict[str, object]:
    """Drive the server; latencies in nanoseconds in the order of the answers."""
    supply: Iterator[bytes] = iter(requests) if once else cycle(requests)
    latencies: list[int] = []
    wrong: dict[str, int] = {}
    received = 0
    busy = 0
    with selectors.DefaultSelector() as selector:
        started = time.perf_counter_ns()
        deadline = started + int(seconds * 1e9)
        for _ in range(clients):
            request = next(supply, None)
            if request is None:
                break
            connection = Connection(host, port)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(request)
            busy += 1
        while busy:
            ready = selector.select(ANSWER_SECONDS)
            if not ready:
                raise Broken(f"no answer for {ANSWER_SECONDS:.0f} seconds")
            for key, _mask in ready:
                answer = key.data.receive()
                if answer is None:
                    continue
                now = time.perf_counter_ns()
                latencies.append(now - key.data.begun)
                received += answer[1]
                if not 200 <= answer[0] < 300:
                    wrong[str(answer[0])] = wrong.get(str(answer[0]), 0) + 1
                following = next(supply, None) if now < deadline else None
                if following is None:
                    selector.unregister(key.data.socket)
                    key.data.socket.close()
                    busy -= 1
                else:
                    key.data.send(following)
        ended = time.perf_counter_ns()
    return {"seconds": (ended - started) / 1e9, "latencies": latencies, "wrong": wrong, "bytes": received}


def main() -> int:
    """The entry point."""
    told = json.load(sys.stdin)
    requests = [text.encode() for text in told["requests"]]
    answer = run(told["host"], told["port"], told["clients"], told["seconds"], requests, once=told["once"])
    json.dump({**answer, "cpu_seconds": time.process_time()}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
