"""What processes cost, read from /proc: CPU seconds and memory, by what they are for."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
KINDS = ("supervisor", "web", "worker", "database")


def children() -> dict[int, list[int]]:
    """Every living process's children."""
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            stat = _stat(int(entry.name))
            if stat is not None:
                found.setdefault(int(stat[1]), []).append(int(entry.name))
    return found


def kinds(supervisor: int) -> dict[str, list[int]]:
    """The process ids below a supervisor (itself included), by KINDS."""
    below = children()
    found: dict[str, list[int]] = {kind: [] for kind in KINDS}
    found["supervisor"].append(supervisor)
    for child in below.get(supervisor, []):
        words = _words(child)
        kind = "web" if words[-1:] == ["serve"] else "worker" if words[-1:] == ["work"] else "database"
        found[kind] += _family(child, below)
    return found


def cpu_seconds(pids: list[int]) -> float:
    """CPU time used so far, in user and kernel mode, with that of children that have ended."""
    total = 0
    for pid in pids:
        stat = _stat(pid)
        if stat is not None:
            total += sum(int(stat[place]) for place in (11, 12, 13, 14))
    return total / _TICK


def memory_bytes(pids: list[int]) -> int:
    """Proportional set size: shared pages are counted once, divided among those who share them."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
    return total


def load_average() -> float:
    """Processes that wanted to run over the last minute."""
    return round(os.getloadavg()[0], 2)


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat after the name: state, parent …"""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def _words(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").strip("\0").split("\0")
    except OSError:
        return []


def _family(pid: int, below: dict[int, list[int]]) -> list[int]:
    return [pid, *(member for child in below.get(pid, []) for member in _family(child, below))]
