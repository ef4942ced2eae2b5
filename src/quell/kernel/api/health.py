"""Is the process alive, and can it serve? For load balancers and watchdogs; no sign-in, no secrets."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

_migrated = False


def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the process answers."""
    return JsonResponse({"status": "alive"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, migrations and job queue are there; 503 with what is missing otherwise."""
    checks = _checks()
    ready = all(value == "ok" for value in checks.values())
    return JsonResponse({"status": "ready" if ready else "not ready", "checks": checks}, status=200 if ready else 503)


def _checks() -> dict[str, str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return {"database": "no answer"}
    checks = {"database": "ok", "migrations": "ok" if _is_migrated() else "missing"}
    if checks["migrations"] == "ok":
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM procrastinate_jobs LIMIT 1")
            checks["queue"] = "ok"
        except DatabaseError:
            checks["queue"] = "no answer"
    return checks


def _is_migrated() -> bool:
    """Looked up until it is true; a process never sees migrations go away."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated
