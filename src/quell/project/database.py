"""The database for one command: whatever runs is used, what does not run is started and stopped again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from . import preparation
from .instance import Instance, instance_here, say


@contextmanager
def available(*, prepared: bool = True) -> Iterator[Instance]:
    """Inside, Django is set up and its database answers; `DATABASE_URL` says where.

    Commands work beside a running `quell up` and without one. With `prepared`, missing migrations run first, so
    that the first administrator of a fresh instance can be made before its first start.
    Raises CannotRun (private server), BadDatabaseURL, and Django's OperationalError (a given server is silent).
    """
    instance = instance_here()
    instance.make_state_directory()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quell.project.settings")
    os.environ["QUELL_SECRET_KEY"] = instance.secret_key()
    server = None if instance.given_url else instance.server()
    if server is not None:
        server.start()
        os.environ["DATABASE_URL"] = server.url
    try:
        import django
        from django.db import connections

        django.setup()
        try:
            if prepared:
                migrate_if_needed(instance)
            yield instance
        finally:
            connections.close_all()
    finally:
        if server is not None:
            server.stop()
            if not instance.given_url:
                del os.environ["DATABASE_URL"]


def migrate_if_needed(instance: Instance) -> None:
    """Run the migrations this version brings. Two processes may ask at once: the second waits and finds none."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    stamp = preparation.schema_stamp()
    facts = preparation.remembered(instance.data)
    if facts.get("schema") == stamp and facts.get("database") == fingerprint():
        _note_people(instance)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(5571, 1)")
        try:
            executor = MigrationExecutor(connection)
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
            if plan:
                say(f"Bringing the database up to date ({len(plan)} steps)")
                call_command("migrate", verbosity=0, interactive=False)
                cursor.execute("ANALYZE")
        finally:
            cursor.execute("SELECT pg_advisory_unlock(5571, 1)")
    preparation.remember(instance.data, {**facts, "schema": stamp, "database": fingerprint()})
    _note_people(instance)


def _note_people(instance: Instance) -> None:
    """Remember whether anybody is known yet: the demonstration company is only for an empty database."""
    facts = preparation.remembered(instance.data)
    people = "some" if holds_people() else "none"
    if facts.get("people") != people:
        preparation.remember(instance.data, {**facts, "people": people})


def holds_people() -> bool:
    """Whether anybody is known here; an unmigrated database knows nobody."""
    from django.contrib.auth import get_user_model
    from django.db import ProgrammingError

    try:
        return get_user_model()._default_manager.exists()
    except ProgrammingError:
        return False


def fingerprint() -> str:
    """Which database this is and how far it is migrated; empty before the first migration."""
    from django.db import ProgrammingError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute(preparation.FINGERPRINT)
            return " ".join(str(value) for value in cursor.fetchone() or ())
    except ProgrammingError:
        return ""
