"""Takes a request in whole before it costs a Django thread anything.

One thread per worker is the fast way to serve Django, and a client that sends a byte a second would hold it: the
server hands a WSGI application its body lazily (measured in docs/why/decisions/0008-serving.md). So the bodies are
read here, by the worker's event loop, within limits of size and time; a complete request waits in a queue for the
one Django thread; the answer leaves through the server's own buffers. Slow readers and silent connections never
reach the thread either.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any, Protocol

MEGABYTE = 1024 * 1024
IN_MEMORY_BYTES = MEGABYTE // 4  # a larger body waits in a temporary file
LARGE_AT_ONCE = 16  # … and at most so many of these per worker, or strangers could fill the disk
FIRST_SECONDS = 30.0  # time for any body, and
SLOWEST_RATE = 16 * 1024  # bytes per second that a large one is granted beyond that
METHODS_WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "REPORT", "PROPFIND"})


class Scope(Protocol):
    """What the server says about a request (RSGI)."""

    method: str
    path: str
    query_string: str
    http_version: str
    scheme: str
    client: str
    server: str
    headers: Any


class Turned(Exception):
    """A request that is answered here: status and one sentence."""

    def __init__(self, status: int, code: str, sentence: str, *, retry_after: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.sentence = sentence
        self.retry_after = retry_after


class Intake:
    """Reads bodies for one worker process. `largest` is the size in bytes above which a body is refused."""

    def __init__(self, largest: int) -> None:
        self.largest = largest
        self._large = 0

    async def body(self, scope: Scope, proto: Any) -> IO[bytes]:
        """The complete body, at its start; raises Turned. Whoever takes it closes it."""
        if scope.method not in METHODS_WITH_BODY:
            return BytesIO()
        length = self._declared(scope)
        if length == 0:
            return BytesIO()
        allowed = FIRST_SECONDS + (length or self.largest) / SLOWEST_RATE
        try:
            async with asyncio.timeout(allowed):
                if length is not None and length <= IN_MEMORY_BYTES:
                    return BytesIO(await proto())
                return await self._spooled(proto)
        except TimeoutError:
            raise Turned(408, "too_slow", "The request took too long to arrive.") from None

    async def _spooled(self, proto: Any) -> IO[bytes]:
        if self._large >= LARGE_AT_ONCE:
            raise Turned(
                503, "busy", "Too many large uploads are under way; please try again in a moment.", retry_after=5
            )
        self._large += 1
        spool: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # type: ignore[assignment]  # noqa: SIM115 - handed on
        received = 0
        try:
            async for part in proto:
                received += len(part)
                if received > self.largest:
                    raise self._too_large()
                spool.write(part)
        except BaseException:
            spool.close()
            raise
        finally:
            self._large -= 1
        spool.seek(0)
        return spool

    def _declared(self, scope: Scope) -> int | None:
        declared = scope.headers.get("content-length")
        if declared is None:
            return None if scope.headers.get("transfer-encoding") else 0
        if not declared.isdigit():
            raise Turned(400, "bad_length", "The Content-Length header is not a number.")
        if int(declared) > self.largest:
            raise self._too_large()
        return int(declared)

    def _too_large(self) -> Turned:
        return Turned(413, "too_large", f"The request is larger than {self.largest // MEGABYTE} MB.")


def environ(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    """The WSGI environment (PEP 3333) of a complete request."""
    address, _, port = scope.server.rpartition(":")
    size = body.seek(0, os.SEEK_END)
    body.seek(0)
    found: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _path(scope.path),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": address.strip("[]") or "localhost",
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "CONTENT_LENGTH": str(size) if size else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": _stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if name == "content-type":
            found["CONTENT_TYPE"] = value
        elif name != "content-length" and "_" not in name:  # `x_forwarded_for` would pass for `x-forwarded-for`
            key = "HTTP_" + name.upper().replace("-", "_")
            if key in found:
                value = f"{found[key]}{'; ' if name == 'cookie' else ','}{value}"
            found[key] = value
    return found


def pieces(parts: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in pieces of about `size`: an answer made of many little parts costs few turns."""
    held: list[bytes] = []
    length = 0
    for part in parts:
        held.append(part)
        length += len(part)
        if length >= size:
            yield b"".join(held)
            held, length = [], 0
    if held:
        yield b"".join(held)


def _path(path: str) -> str:
    """PEP 3333 wants the bytes of the decoded path, each as one character."""
    return path.encode("utf-8", "surrogateescape").decode("latin-1")


class _Errors:
    """`wsgi.errors`: standard error as it is at the time of writing."""

    def write(self, text: str) -> int:
        """Write to standard error."""
        return os.write(2, text.encode(errors="replace"))

    def flush(self) -> None:
        """Nothing is held back."""

    def writelines(self, lines: list[str]) -> None:
        """Write several lines."""
        self.write("".join(lines))


_stderr = _Errors()
