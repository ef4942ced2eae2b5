"""Just enough of PostgreSQL's protocol 3.0 to ask a local server one question over its Unix socket.

The supervisor and the launcher must know that a server really answers (a process and a socket file prove
nothing while it recovers), and must stay small: a driver would double their memory. Trust authentication only,
text values only. Everything else in the house uses psycopg.
"""

from __future__ import annotations

import socket
import struct
from pathlib import Path

SOCKET_NAME = ".s.PGSQL.5432"


class NoAnswer(Exception):
    """The server cannot be reached, is not ready yet, or refused; the message says which."""


def ask(directory: Path, sql: str, *, user: str, name: str, seconds: float = 5.0) -> list[tuple[str | None, ...]]:
    """Run one statement and return its rows as text. Raises NoAnswer, also when the statement is refused."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(seconds)
        try:
            connection.connect(str(directory / SOCKET_NAME))
            _start(connection, user, name)
            _send(connection, b"Q", sql.encode() + b"\0")
            rows = _rows(connection)
            _send(connection, b"X", b"")
        except OSError as fault:
            raise NoAnswer(f"no answer on {directory}: {fault.strerror or fault}") from fault
        return rows


def _start(connection: socket.socket, user: str, name: str) -> None:
    parameters = f"user\0{user}\0database\0{name}\0application_name\0quell up\0\0".encode()
    connection.sendall(struct.pack("!ii", len(parameters) + 8, 196608) + parameters)
    while True:
        kind, body = _receive(connection)
        if kind == b"R" and struct.unpack("!i", body[:4])[0] != 0:
            raise NoAnswer("the server asks for a password; the private server never does")
        if kind == b"E":
            raise NoAnswer(_message(body))
        if kind == b"Z":
            return


def _rows(connection: socket.socket) -> list[tuple[str | None, ...]]:
    rows: list[tuple[str | None, ...]] = []
    refusal: str | None = None
    while True:
        kind, body = _receive(connection)
        if kind == b"D":
            rows.append(_row(body))
        elif kind == b"E":
            refusal = _message(body)
        elif kind == b"Z":
            if refusal is not None:
                raise NoAnswer(refusal)
            return rows


def _row(body: bytes) -> tuple[str | None, ...]:
    (columns,) = struct.unpack("!h", body[:2])
    values: list[str | None] = []
    at = 2
    for _ in range(columns):
        (length,) = struct.unpack("!i", body[at : at + 4])
        at += 4
        if length < 0:
            values.append(None)
        else:
            values.append(body[at : at + length].decode())
            at += length
    return tuple(values)


def _send(connection: socket.socket, kind: bytes, body: bytes) -> None:
    connection.sendall(kind + struct.pack("!i", len(body) + 4) + body)


def _receive(connection: socket.socket) -> tuple[bytes, bytes]:
    head = _exactly(connection, 5)
    return head[:1], _exactly(connection, struct.unpack("!i", head[1:])[0] - 4)


def _exactly(connection: socket.socket, length: int) -> bytes:
    parts = b""
    while len(parts) < length:
        part = connection.recv(length - len(parts))
        if not part:
            raise NoAnswer("the server closed the connection")
        parts += part
    return parts


def _message(body: bytes) -> str:
    fields = {field[:1]: field[1:].decode(errors="replace") for field in body.split(b"\0") if field}
    return fields.get(b"M", "the server refused")
