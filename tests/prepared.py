"""What takes long to make and is alike for all tests: made once, kept beside the test database, copied from there.

Like the migrated template (testing_database.py) it is made anew when a migration or a static file changes.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from quell.project.embedded_postgres import EmbeddedPostgres
from quell.project.preparation import schema_stamp, static_stamp
from quell.project.testing_database import test_data

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def standing(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is made inside stands for all tests of a module: each is rolled back to it, for its own transaction is one
    within this. Not for tests that commit."""
    from django.db import transaction

    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def static_files_into(target: Path) -> None:
    """The collected and packed static files, as `quell static` leaves them."""
    if not (target / "staticfiles.json").exists():
        shutil.copytree(_kept(f"static-{static_stamp()}", "static") / "static", target, dirs_exist_ok=True)


def instance_into(state: Path) -> None:
    """A state directory in which an empty instance was prepared for its first start. It has no secret key yet."""
    name = f"instance-{schema_stamp()}-{static_stamp()}"
    kept = _kept(name, "static", "migrate")
    # With owner and times: the database's files belong to whom the server runs as.
    subprocess.run(["cp", "-a", str(kept), str(state)], check=True)


def _kept(name: str, *steps: str) -> Path:
    """The state directory after these commands of `quell`; whoever needs it first makes it, the others wait."""
    home = test_data() / "kept"
    home.mkdir(parents=True, exist_ok=True)
    kept = home / name
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for old in home.glob(f"{name.partition('-')[0]}-*"):
                shutil.rmtree(old)
            with tempfile.TemporaryDirectory(prefix="quell-kept-") as made:
                state = Path(made) / "var"
                for step in steps:
                    _quell(step, state)
                (state / "secret-key").unlink(missing_ok=True)
                subprocess.run(["cp", "-a", str(state), f"{kept}.new"], check=True)
            Path(f"{kept}.new").rename(kept)
    return kept


def _quell(step: str, state: Path) -> None:
    given = {key: value for key, value in os.environ.items() if not key.startswith(("QUELL_", "DATABASE_", "MAKE"))}
    environment = {**given, "QUELL_DATA": str(state), "QUELL_DEMO": "0", "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "quell.project.main", step]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not EmbeddedPostgres(state / "postgres").lives()
