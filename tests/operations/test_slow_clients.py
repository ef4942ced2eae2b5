"""One Django thread a worker, and clients that take their time (docs/why/decisions/0008-serving.md).

One worker process alone, so that there is no second one to hide behind.
"""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .conftest import eventually
from .tiny import LARGEST


@pytest.fixture
def served(spawn: Callable[..., subprocess.Popen[str]], port: int) -> Iterator[int]:
    """The tiny application behind the product's server, one worker; its port."""
    spawn("quell.project.main", "serve", "--workers", "1", "--target", "tests.operations.tiny:application")

    def up() -> bool:
        try:
            return ask(port)[0] == 200
        except OSError:
            return False

    eventually(up, 15)
    yield port


def ask(port: int, path: str = "/", method: str = "GET", body: bytes | None = None) -> tuple[int, bytes]:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(method, path, body=body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def crowd(port: int, size: int, says: bytes) -> list[socket.socket]:
    """Clients that say `says` and then nothing."""
    clients = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(size)]
    for client in clients:
        client.sendall(says)
    return clients


def test_silent_and_trickling_clients_do_not_delay_anybody(served: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
    clients = [
        *crowd(served, 50, b""),
        *crowd(served, 20, b"GET / HTTP/1.1\r\nHost: local"),
        *crowd(served, 20, head + b"Content-Length: 1000\r\n\r\n"),
        *crowd(served, 20, head + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhe"),
    ]
    trickling = clients[-40:-20]
    slowest = 0.0
    for _ in range(20):
        for client in trickling:
            client.sendall(b"x")
        started = time.monotonic()
        assert ask(served, method="POST", body=b"twelve bytes") == (200, b"12")
        slowest = max(slowest, time.monotonic() - started)
    assert slowest < 1.0
    for client in clients:
        client.close()


def test_a_trickling_client_is_served_when_it_has_said_all(served: int) -> None:
    with socket.create_connection(("127.0.0.1", served), timeout=10) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n")
        for part in (b"he", b"ll", b"o"):
            time.sleep(0.05)
            client.sendall(part)
        assert client.recv(4096).startswith(b"HTTP/1.1 200")


def test_slow_readers_do_not_delay_anybody(served: int) -> None:
    readers = crowd(served, 20, b"GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n")
    for _ in range(10):
        started = time.monotonic()
        assert ask(served)[0] == 200
        assert time.monotonic() - started < 2.0
    worker = int(ask(served, "/pid")[1])
    status = Path(f"/proc/{worker}/status").read_text()
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    assert resident < 200_000  # kB; the twenty answers together are 671 MB
    for reader in readers:
        reader.close()
    assert ask(served)[0] == 200


def test_a_long_answer_arrives_whole(served: int) -> None:
    status, body = ask(served, "/long")
    assert status == 200
    assert len(body) == 4096 * 8192
    assert set(body) == {ord("x")}


@pytest.mark.parametrize("says", [b"Content-Length: 1073741824", b"Transfer-Encoding: chunked"])
def test_a_huge_body_is_refused_early(served: int, says: bytes) -> None:
    with socket.create_connection(("127.0.0.1", served), timeout=10) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\n" + says + b"\r\n\r\n")
        sent = 0
        answer = b""
        part = b"10000\r\n" + b"x" * 0x10000 + b"\r\n" if b"chunked" in says else b"x" * 0x10000
        client.settimeout(0.05)
        while not answer and sent < 20 * LARGEST:
            try:
                client.sendall(part)
                sent += len(part)
                answer = client.recv(4096)
            except TimeoutError:
                continue
            except (BrokenPipeError, ConnectionResetError):
                break
        assert sent < 10 * LARGEST
        if answer:
            assert answer.startswith(b"HTTP/1.1 413")
            assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "too_large"
    assert ask(served)[0] == 200


def test_a_body_of_the_largest_size_passes(served: int) -> None:
    assert ask(served, method="POST", body=b"x" * LARGEST) == (200, str(LARGEST).encode())


def test_what_the_application_is_told(served: int) -> None:
    with socket.create_connection(("127.0.0.1", served), timeout=10) as client:
        client.sendall(
            b"GET /environ?q=%C3%A6 HTTP/1.1\r\nHost: quell.example\r\nCookie: a=1\r\nCookie: b=2\r\n"
            b"X_Forwarded_For: 10.0.0.1\r\nConnection: close\r\n\r\n"
        )
        answer = b""
        while part := client.recv(65536):
            answer += part
    text = answer.decode()
    assert "'HTTP_HOST': 'quell.example'" in text
    assert "'HTTP_COOKIE': 'a=1; b=2'" in text
    assert "'QUERY_STRING': 'q=%C3%A6'" in text
    assert "'REMOTE_ADDR': '127.0.0.1'" in text
    assert "FORWARDED" not in text  # an underscore must not pass for a dash


def test_a_path_beyond_ascii(served: int) -> None:
    _, body = ask(served, "/environ")
    assert b"'PATH_INFO': '/environ'" in body
    status, _ = ask(served, "/%C3%A6%20%E6%B6%88/x")
    assert status == 200
