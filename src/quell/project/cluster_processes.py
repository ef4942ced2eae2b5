"""The processes of one PostgreSQL cluster, as /proc shows them.

Every one of them stands in the data directory. That is how the ones whose postmaster was killed are found, and how
a number in a stale pid file is told from the server it once named.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .process_ties import alive, working_in


@dataclass(frozen=True)
class ClusterProcesses:
    """The processes that stand in the data directory `cluster`."""

    cluster: Path

    def postmaster(self) -> int | None:
        """The process id of the living postmaster, if there is one."""
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None
        return pid if self.ours(pid) else None

    def ours(self, pid: int) -> bool:
        """Alive, and of this cluster: after a restart of the machine the number may belong to anybody."""
        return alive(pid) and pid in working_in(self.cluster)

    def stop(self, patience: float) -> None:
        """Stop the server, fast and then immediately; quiet when none runs."""
        pid = self.postmaster()
        for number, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 5.0)):
            if pid is None or not _send(pid, number) or wait(lambda: not self.ours(pid), seconds):
                break
        self.end_leftovers()

    def end_leftovers(self) -> None:
        """End processes of a server whose postmaster is gone; nothing can be committed by them any more."""
        if self.postmaster() is not None:
            return
        for number, seconds in ((signal.SIGQUIT, 2.0), (signal.SIGKILL, 5.0)):
            left = working_in(self.cluster)
            for pid in left:
                _send(pid, number)
            if not left or wait(lambda: not working_in(self.cluster), seconds):
                return

    def forget_dead_postmaster(self) -> None:
        """Remove a stale pid file. Only with the server's lock held, when no earlier server can be left but orphans;
        PostgreSQL itself would take a zombie or a reused number for a living server."""
        if self.postmaster() is None:
            self.end_leftovers()
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)


def wait(done: Callable[[], bool], seconds: float) -> bool:
    """Whether `done()` came about in time."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _send(pid: int, number: int) -> bool:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
