"""What ties a child process to its parent, and what /proc says of a process.

Linux only, by intent: the death signal and /proc are what let a killed supervisor leave nothing behind. On other
systems the ties are simply absent and the ordinary stop still works.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
PROC = Path("/proc")

# Loaded once and before any fork: between fork and exec only the ready-made call may run.
try:
    _prctl: Callable[..., int] | None = ctypes.CDLL(None, use_errno=True).prctl
except (AttributeError, OSError):  # no prctl here
    _prctl = None


def die_with_parent(number: int) -> None:
    """Ask the kernel to send this process signal `number` when its parent ends, however that ends."""
    if _prctl is not None:
        _prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def tied(number: int = signal.SIGTERM) -> Callable[[], None]:
    """A `preexec_fn` that ties the child to this process, closed against the parent dying in between."""
    parent = os.getpid()

    def tie() -> None:
        die_with_parent(number)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def alive(pid: int) -> bool:
    """Whether `pid` is a process that still runs; a zombie does not."""
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except FileNotFoundError:
        return False if PROC.is_dir() else _signalled(pid)
    except (PermissionError, ProcessLookupError):
        return _signalled(pid)
    return text.rpartition(")")[2].split()[0] not in ("Z", "X", "x")


def _signalled(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def working_in(directory: Path) -> list[int]:
    """Processes whose current directory is `directory`: every process of a PostgreSQL server stands in its
    data directory, also those whose postmaster was killed."""
    found: list[int] = []
    for entry in PROC.iterdir() if PROC.is_dir() else ():
        if not entry.name.isdigit():
            continue
        try:
            inside = os.readlink(entry / "cwd") == str(directory)  # noqa: PTH115 - Path.readlink would parse it
        except OSError:
            continue
        if inside and alive(int(entry.name)):
            found.append(int(entry.name))
    return found
