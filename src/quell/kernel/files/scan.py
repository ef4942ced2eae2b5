"""Asking a virus scanner about a file before it is kept. Which scanner is the operator's word, not a setting of the
pages: `QUELL_VIRUS_SCANNER` names clamd's socket (`clamd:/run/clamav/clamd.ctl`, `clamd:127.0.0.1:3310`) or a command
that reads the file from its standard input (`command:/usr/local/bin/scan -`) and ends with 0 (clean) or 1 (a virus).

Without it nothing is scanned and nothing is claimed. A scanner that cannot be asked keeps the file out.
"""

from __future__ import annotations

import logging
import shlex
import socket
import subprocess
from collections.abc import Iterator
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from quell.kernel.config.refusal import Invalid, Refusal

logger = logging.getLogger("quell.files")
#: Seconds to wait for a verdict.
PATIENCE = 60
_CHUNK = 64 * 1024


class ScannerAway(Refusal):
    """503: the scanner does not answer, so the file cannot be taken now."""

    status = 503
    code = "scanner_away"


class _Unsure(Exception):
    """The scanner gave no verdict."""


def check(name: str, file: BinaryIO) -> None:
    """Raises Invalid when the file carries a virus, ScannerAway when that cannot be told; leaves the file at its
    beginning."""
    scanner: str = settings.VIRUS_SCANNER
    if not scanner:
        return
    kind, _colon, where = scanner.partition(":")
    file.seek(0)
    try:
        found = _by_clamd(where, file) if kind == "clamd" else _by_command(where, file)
    except (OSError, subprocess.SubprocessError, _Unsure) as fault:
        logger.error("the virus scanner %s gave no verdict: %s", scanner, fault)
        raise ScannerAway(
            _("Files cannot be checked for viruses right now, so none is taken. Try again later.")
        ) from None
    finally:
        file.seek(0)
    if found:
        logger.warning("a file was refused: %s", found)
        raise Invalid.field("file", _("%(name)s carries a virus and was not taken.") % {"name": name})


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _by_clamd(where: str, file: BinaryIO) -> str:
    """clamd's INSTREAM: each piece behind its length, an empty one ends. The answer ends in OK or FOUND."""
    if where.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE)
        connection.connect(where)
    else:
        host, _colon, port = where.rpartition(":")
        connection = socket.create_connection((host, int(port)), timeout=PATIENCE)
    with connection:
        connection.sendall(b"zINSTREAM\0")
        for chunk in _chunks(file):
            connection.sendall(len(chunk).to_bytes(4, "big") + chunk)
        connection.sendall(bytes(4))
        answer = b""
        while not answer.endswith(b"\0") and (more := connection.recv(1024)):
            answer += more
    words = answer.rstrip(b"\0\n").decode("utf-8", "replace")
    if words.endswith(" FOUND"):
        return words
    if not words.endswith(" OK"):
        raise _Unsure(words)
    return ""


def _by_command(command: str, file: BinaryIO) -> str:
    done = subprocess.run(  # noqa: S603 - the operator's own command, without a shell
        shlex.split(command), input=file.read(), capture_output=True, timeout=PATIENCE, check=False
    )
    if done.returncode not in (0, 1):
        raise _Unsure(f"exit status {done.returncode}")
    return done.stdout.decode("utf-8", "replace").strip() or "found" if done.returncode else ""
