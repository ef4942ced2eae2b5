"""The one way from this house to the web (security.md, gate 4). Nothing else opens a connection to an address that
came from outside; a lint of the house sees to it.

The caller names the hosts it means to reach; everything else is refused before a name is looked up. Only https, only
public addresses, and the very address that was looked at is the one that is called, so a name that changes its answer
gains nothing. Redirects are answers and never followed, proxies of the environment are not asked, the whole exchange
has one deadline, and an answer is read up to a limit. The operator may open single places of their own network
(`QUELL_OUTBOUND_OPEN`, `host:port` with commas between), which are then called as their address says, also by http.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

SECONDS = 10.0
LARGEST_ANSWER = 64 * 1024
LONGEST_URL = 2000
_PORTS = {"https": 443, "http": 80}
#: Ranges that are public by number and lead inside all the same: NAT64, 6to4, Teredo.
_WRAPPING = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


class Blocked(Exception):
    """This address is not called, now or later; the message says why, for the log."""


class Unreachable(Exception):
    """Nobody answered, or not in time; it may be tried again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `headers` by lower-case name, the body as far as the limit."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def permitted(url: str, hosts: Iterable[str]) -> SplitResult:
    """The parts of an address that may be called: https at its usual port, on one of `hosts` or below it (`.` in front:
    only below), or a place that the operator opened. Raises Blocked. Asks no name server."""
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise Blocked("not an address")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise Blocked("not an address") from None
    if parts.scheme not in _PORTS or not host:
        raise Blocked("not an address of the web")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Blocked("more in the address than a place")
    if is_open(host, port or _PORTS[parts.scheme]):
        return parts
    if parts.scheme != "https" or port not in (None, 443):
        raise Blocked("only https at its usual port")
    if not any(host.endswith(one) if one.startswith(".") else host == one or host.endswith(f".{one}") for one in hosts):
        raise Blocked(f"{host} is not among the hosts that may be called")
    return parts


def is_open(host: str, port: int) -> bool:
    """Did the operator open this place?"""
    return f"{host}:{port}" in settings.OUTBOUND_OPEN


def send(
    method: str,
    url: str,
    *,
    hosts: Iterable[str],
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    seconds: float = SECONDS,
    largest: int = LARGEST_ANSWER,
) -> Answer:
    """One request and its answer, whatever its status. Raises Blocked, Unreachable."""
    parts = permitted(url, hosts)
    ends = time.monotonic() + seconds
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    connection = _Pinned(host, port, _address(host, port), parts.scheme == "https", ends)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, target, body=body, headers={"User-Agent": "Quell", **(headers or {})})
        answer = connection.getresponse()
        read = answer.read(largest)
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, read)
    except (OSError, http.client.HTTPException) as fault:
        raise Unreachable(f"{host}: {type(fault).__name__}: {fault}") from fault
    finally:
        connection.hang_up()


def _address(host: str, port: int) -> tuple[Any, ...]:
    """The address that a name has now: one that is public. If any of several is not, none is called."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise Unreachable(f"{host}: {fault}") from fault
    if not is_open(host, port):
        for *_rest, place in found:
            if not _public(str(place[0])):
                raise Blocked(f"{host} leads to {place[0]}, which is not a public address")
    return found[0]


def _public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return _public(str(address.ipv4_mapped))
        if any(address in network for network in _WRAPPING):
            return False
    return address.is_global and not address.is_multicast


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that is settled already, whose every step has to be over by the same moment."""

    def __init__(self, host: str, port: int, found: tuple[Any, ...], encrypted: bool, ends: float) -> None:
        super().__init__(host, port)
        self._found, self._encrypted, self._ends = found, encrypted, ends
        self._real: socket.socket | None = None
        if encrypted:
            self.default_port = 443  # so that the header Host does not name it

    def connect(self) -> None:
        """To the pinned address; the certificate has to be the name's."""
        family, kind, protocol, _name, place = self._found
        raw = socket.socket(family, kind, protocol)
        try:
            raw.settimeout(_left(self._ends))
            raw.connect(place)
            if self._encrypted:
                context = ssl.create_default_context()
                context.minimum_version = ssl.TLSVersion.TLSv1_2
                raw = context.wrap_socket(raw, server_hostname=self.host)
        except OSError:
            raw.close()
            raise
        self._real = raw
        self.sock = _Timed(raw, self._ends)

    def hang_up(self) -> None:
        """The exchange is over. (`close` comes too early: the client calls it while the answer is still being read.)"""
        self.close()
        if self._real is not None:
            self._real.close()


class _Timed:
    """A socket as the standard client uses it, with a deadline for the whole exchange: without one, a server that
    says a byte every few seconds would hold a worker for hours."""

    def __init__(self, real: socket.socket, ends: float) -> None:
        self._real, self._ends = real, ends

    def sendall(self, data: Any) -> None:
        """Everything, in time."""
        self._real.settimeout(_left(self._ends))
        self._real.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """What comes back."""
        return io.BufferedReader(_Reader(self._real, self._ends))

    def close(self) -> None:
        """Not yet: what is left of the answer is read through `makefile`."""


class _Reader(io.RawIOBase):
    def __init__(self, real: socket.socket, ends: float) -> None:
        super().__init__()
        self._real, self._ends = real, ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._real.settimeout(_left(self._ends))
        return self._real.recv_into(buffer)


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time is up")
    return left
