"""Who uses something that the last one to leave has to clear away: an advisory lock that the kernel releases whatever
way a process ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class SharedUse:
    """This process's part in the use that the file `path` stands for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: int | None = None

    def join(self) -> None:
        """Say that this process uses it; waits while the last one before is clearing away."""
        if self._held is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._held = self._open()
        fcntl.flock(self._held, fcntl.LOCK_SH)

    def leave(self) -> None:
        """Say that this process uses it no more."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """True inside when nobody uses it; whoever comes meanwhile waits."""
        lock = self._open()
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(lock)

    def _open(self) -> int:
        return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
