"""Runs a command against a throw-away cluster of the PostgreSQL that the system brings (`make test-postgres15`).

The embedded server is one version with one set of extensions; what people run beside it is another. The command
finds its server in `QUELL_TEST_DATABASE_URL`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .database_url import socket_url
from .server_owner import CannotRun, Owner, owner_of

PLACES = Path("/usr/lib/postgresql")
PREFERRED = 15


def programs() -> Path:
    """The directory of the system's PostgreSQL programs, version 15 before others; raises CannotRun."""
    found = {int(path.name): path / "bin" for path in PLACES.glob("[0-9]*") if (path / "bin" / "initdb").exists()}
    usable = {number: path for number, path in found.items() if number >= 14}
    if not usable:
        raise CannotRun("This machine has no PostgreSQL of its own: install one (Debian: apt install postgresql).")
    return usable.get(PREFERRED) or usable[max(usable)]


def main(words: list[str]) -> int:
    """Start the cluster, run `words`, stop the cluster; the exit status is the command's."""
    if not words:
        print("usage: python -m quell.project.system_postgres COMMAND …", file=sys.stderr)  # noqa: T201 - usage
        return 2
    try:
        place = programs()
    except CannotRun as refused:
        print(f"quell: {refused}", file=sys.stderr)  # noqa: T201 - the one sentence
        return 1
    home = Path(tempfile.mkdtemp(prefix="quell-pg-"))
    owner = owner_of(home / "data")
    owner.take(home)
    try:
        _as(owner, [str(place / "initdb"), "-D", str(home / "data"), "-U", "quell", "-A", "trust", "-E", "UTF8",
                    "--locale=C.UTF-8", "--no-sync"])  # fmt: skip
        options = f"-k {home} -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c max_connections=100"
        control = [str(place / "pg_ctl"), "-D", str(home / "data"), "-l", str(home / "log"), "-w"]
        _as(owner, [*control, "-o", options, "start"])
        try:
            url = socket_url(str(home), user="quell", name="postgres")
            print(f"quell: PostgreSQL {place.parent.name} runs for the tests", file=sys.stderr)  # noqa: T201 - progress
            environment = {**os.environ, "QUELL_TEST_DATABASE_URL": url}
            return subprocess.run(words, env=environment, check=False).returncode  # noqa: S603 - the caller's words
        finally:
            _as(owner, [*control, "-m", "fast", "stop"])
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _as(owner: Owner, words: list[str]) -> None:
    mine = owner.uid is None
    subprocess.run(  # noqa: S603 - our own words
        words,
        check=True,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        user=None if mine else owner.uid,
        group=None if mine else owner.gid,
        extra_groups=None if mine else [],
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
