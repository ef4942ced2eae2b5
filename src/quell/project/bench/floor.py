"""The floor: the same work as bare prepared statements, by PostgreSQL's own `pgbench` over the same socket.

No permission, no representation, no HTTP: what is between this and the product's figure is what the product costs.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ..embedded_postgres import NAME, USER, EmbeddedPostgres
from .stand import BenchFailed

A_SECOND = 400  # transactions of one client; any number that is neither a moment nor a wait


@dataclass(frozen=True, slots=True)
class Floor:
    """What pgbench saw: transactions a second and their latencies in nanoseconds."""

    per_second: float
    latencies: list[int]


def run(server: EmbeddedPostgres, scripts: list[str], *, clients: int, seconds: float, count: int) -> Floor:
    """Run scripts of pgbench, chosen by lot, for so many seconds. `:count` is the number of incidents.

    pgbench knows whole seconds only: a run of less than one is so many transactions as are done in about that time.
    """
    until = f"--time={round(seconds)}" if seconds >= 1 else f"--transactions={max(round(seconds * A_SECOND), 1)}"
    with tempfile.TemporaryDirectory(prefix="quell-bench-") as place:
        words = [str(server.tool("pgbench")), "--no-vacuum", "--protocol=prepared", f"--client={clients}"]
        words += [f"--jobs={min(clients, os.cpu_count() or 1)}", until]
        words += [f"--define=count={count}", "--log", f"--log-prefix={place}/log", f"--host={server.socket_directory}"]
        for number, script in enumerate(scripts):
            path = Path(place, f"{number}.sql")
            path.write_text(script)
            words.append(f"--file={path}")
        done = subprocess.run(  # noqa: S603 - our own words
            [*words, f"--username={USER}", NAME], stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=place
        )
        if done.returncode:
            told = [line for line in done.stderr.splitlines() if "ERROR" in line or "error" in line]
            raise BenchFailed(f"pgbench: {(told or ['no reason given'])[0]}")
        rate = next(line for line in done.stdout.splitlines() if line.startswith("tps = "))
        latencies = [
            int(line.split()[2]) * 1000 for log in Path(place).glob("log*") for line in log.read_text().splitlines()
        ]
    return Floor(float(rate.split()[2]), latencies)


def commits_per_second(server: EmbeddedPostgres, seconds: float = 1.0) -> float:
    """How many small transactions a second one client gets written to disk and confirmed."""
    server.ask("CREATE TABLE IF NOT EXISTS bench_commit (n bigint)")
    return run(server, ["INSERT INTO bench_commit VALUES (1);"], clients=1, seconds=seconds, count=1).per_second
