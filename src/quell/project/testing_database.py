"""The database of the test suite, as a pytest plug-in (named in pyproject.toml, for it must come before Django's
settings are read; a conftest.py comes after).

One private server in `QUELL_TEST_DATA` (default `.pytest-postgres` beside pyproject.toml) with its safety switched
off for speed, shared by all pytest processes of a checkout: the first starts it, the last stops it. Migrations run
once into a template database that is kept until a migration changes; every pytest process gets a copy of it, which
takes a tenth of a second. `QUELL_TEST_DATABASE_URL` names another server (any PostgreSQL 14 and later).
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from .database_url import django_database, with_database
from .embedded_postgres import EmbeddedPostgres
from .preparation import schema_stamp
from .server_owner import CannotRun

ROOT = Path(__file__).resolve().parents[3]
PREFIX = "quell_test_"


def test_data() -> Path:
    """Where the private test server keeps its state."""
    return Path(os.environ.get("QUELL_TEST_DATA") or ROOT / ".pytest-postgres").resolve()


def _given_url() -> str:
    return os.environ.get("QUELL_TEST_DATABASE_URL", "")


def _server() -> EmbeddedPostgres:
    return EmbeddedPostgres(test_data(), fsync=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Say where the database will be before anybody reads the settings. Nothing is started for it yet."""
    os.environ["DATABASE_URL"] = _given_url() or _server().url
    os.environ["QUELL_SECRET_KEY"] = "a key for tests alone, long enough for every check"  # noqa: S105
    os.environ["QUELL_DATA"] = tempfile.mkdtemp(prefix="quell-tests-")
    Path(os.environ["QUELL_DATA"], "static").mkdir()  # WhiteNoise warns of a missing one at every request
    return (yield)


def pytest_configure() -> None:
    """Settings that only tests want: static files without a manifest, and a password hash that costs nothing."""
    from django.conf import settings

    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure() -> None:
    """Remove this process's own state directory (uploaded files of tests)."""
    shutil.rmtree(os.environ.get("QUELL_DATA", "/nonexistent"), ignore_errors=True)


@contextmanager
def migrated_copy() -> Iterator[None]:
    """Start or join the server, and use a copy of the migrated template inside; dropped afterwards."""
    from django.db import connections

    server = None if _given_url() else _server()
    if server is not None:
        _start(server)
    try:
        name = f"{PREFIX}{os.getpid()}"
        _copy_template(name)
        _use(name)
        yield
        connections.close_all()
        with _maintenance() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        if server is not None:
            server.stop()


@contextmanager
def another_copy(purpose: str) -> Iterator[None]:
    """Within `migrated_copy`: one more copy, for tests that leave rows behind; afterwards the first is in use again."""
    from django.conf import settings
    from django.db import connections

    before = settings.DATABASES["default"]["NAME"]
    name = f"{PREFIX}{os.getpid()}_{purpose}"
    _copy_template(name)
    _use(name)
    _forget()
    try:
        yield
    finally:
        connections.close_all()
        _use(before)
        _forget()
        with _maintenance() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _forget() -> None:
    """What the process keeps of promises and calendars is numbered by the database it came from."""
    from quell.practices.agreements.queries import book
    from quell.practices.calendars.queries import timetables
    from quell.practices.clocks.actions import beginning
    from quell.practices.clocks.queries import shelf

    for kept in (book, timetables, beginning, shelf):
        kept.forget()


def _start(server: EmbeddedPostgres) -> None:
    try:
        server.start()
    except CannotRun:
        # Without fsync a power cut or a full disk may leave the cluster unreadable, and nothing in it is worth
        # more than the seconds it takes to make it again.
        if server.lives():
            raise
        shutil.rmtree(server.home, ignore_errors=True)
        server.start()


def _copy_template(name: str) -> None:
    template = f"quell_template_{schema_stamp()}"
    server = zlib.crc32(with_database(os.environ["DATABASE_URL"], "postgres").encode())
    lock_file = Path(tempfile.gettempdir()) / f"quell-test-template-{os.geteuid()}-{server:08x}.lock"
    with lock_file.open("w") as lock, _maintenance() as cursor:
        fcntl.flock(lock, fcntl.LOCK_EX)  # released on close; one process migrates, the others wait
        cursor.execute("SELECT datname FROM pg_database")
        present = {row[0] for row in cursor.fetchall()}
        if template not in present:
            for old in present:
                if old.startswith(("quell_template_", "quell_building_")):
                    cursor.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
            building = template.replace("template", "building", 1)
            cursor.execute(f'CREATE DATABASE "{building}"')
            _migrate(building)
            cursor.execute(f'ALTER DATABASE "{building}" RENAME TO "{template}"')
        _drop_left_by_killed_runs(cursor, present)
        # Files copied are half the work of pages written one by one, for a database this small.
        copying = "STRATEGY file_copy" if cursor.connection.info.server_version >= 150_000 else ""
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {copying}')


def _drop_left_by_killed_runs(cursor: Any, present: set[str]) -> None:
    from psycopg.errors import ObjectInUse

    for name in present:
        process = name.removeprefix(PREFIX).partition("_")[0]
        if name.startswith(PREFIX) and process.isdigit() and not Path("/proc", process).exists():
            try:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            except ObjectInUse:  # a run on another machine, against the same given server
                continue


def _migrate(name: str) -> None:
    from django.core.management import call_command
    from django.db import connections

    _use(name)
    call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()


def _use(name: str) -> None:
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name
    os.environ["DATABASE_URL"] = with_database(os.environ["DATABASE_URL"], name)


@contextmanager
def _maintenance() -> Iterator[Any]:
    """A cursor in the server's `postgres` database, outside any transaction."""
    import psycopg

    entry = django_database(os.environ["DATABASE_URL"])
    with psycopg.connect(
        dbname="postgres",
        user=entry["USER"] or None,
        password=entry["PASSWORD"] or None,
        host=entry["HOST"] or None,
        port=entry["PORT"] or None,
        autocommit=True,
        **entry["OPTIONS"],
    ) as connection:
        yield connection.cursor()
