"""The port of the web server, before it is taken and after."""

from __future__ import annotations

import errno
import socket


class Refused(Exception):
    """Quell cannot start; the message is the one sentence that says why and what to do."""


def check_port(host: str, port: int) -> None:
    """Refuse a port somebody listens on: the web server itself would share it without a word."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except socket.gaierror:
            raise Refused(f"QUELL_HOST {host!r} is not an address of this machine.") from None
        except OSError as fault:
            if fault.errno == errno.EADDRINUSE:
                sentence = f"Port {port} is in use: stop what uses it, or set QUELL_PORT to another number."
            elif fault.errno == errno.EACCES:
                sentence = f"Port {port} is reserved for root: set QUELL_PORT to a number from 1024 up."
            else:
                sentence = f"QUELL_HOST {host!r} with port {port} cannot be used: {fault.strerror}."
            raise Refused(sentence) from None


def answers(host: str, port: int) -> int:
    """The status with which the web server answers `/readyz`; 0 while nothing answers."""
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - translated away
    try:
        with socket.create_connection((address, port), timeout=5) as connection:
            connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            head = connection.recv(12)  # HTTP/1.1 200
    except OSError:
        return 0
    return int(head[9:12]) if head[9:12].isdigit() else 0
