"""What `quell doctor` looks at. Each check gives one line, and where something is wrong, the mend."""

from __future__ import annotations

import os
import shutil
import smtplib
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from .instance import Instance

OK, WARN, FAIL = "ok", "warn", "fail"
OLDEST_POSTGRESQL = 14
HEARTBEAT = timedelta(seconds=60)
LONGEST_WAIT = timedelta(minutes=5)
LEAST_FREE_BYTES = 1_000_000_000
CLOCK_SECONDS = 2.0


@dataclass(frozen=True)
class Finding:
    """One line of the report. `status` is ok, warn (works, but read this) or fail."""

    check: str
    status: str
    says: str
    mend: str = ""

    def plain(self) -> dict[str, str]:
        """For `--json`."""
        return asdict(self)


def examine(instance: Instance) -> list[Finding]:
    """Every check, in the order in which one failing explains the next. Django must be set up."""
    checks: list[tuple[str, Callable[[Instance], Finding]]] = [
        ("database", _database),
        ("migrations", _migrations),
        ("storage", _storage),
        ("web", _web),
        ("workers", _workers),
        ("queue", _queue),
        ("mail", _mail),
        ("time", _time),
    ]
    return [_guarded(name, check, instance) for name, check in checks]


def _guarded(name: str, check: Callable[[Instance], Finding], instance: Instance) -> Finding:
    from django.db import Error

    try:
        return check(instance)
    except Error as fault:
        reason = (str(fault).strip().splitlines() or ["no reason given"])[0]
        return Finding(name, FAIL, f"could not be checked: {reason}", "Mend the database first.")


def _database(_instance: Instance) -> Finding:
    from django.db import connection

    before = time.perf_counter()
    number, text = _row("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
    took = (time.perf_counter() - before) * 1000
    place = connection.settings_dict["HOST"] or "the local socket"
    says = f"PostgreSQL {text.split()[0]} at {place} answers in {took:.0f} ms"
    if number < OLDEST_POSTGRESQL * 10_000:
        return Finding("database", FAIL, says, f"Quell needs PostgreSQL {OLDEST_POSTGRESQL} or newer: upgrade it.")
    return Finding("database", OK, says)


def _migrations(_instance: Instance) -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        return Finding("migrations", FAIL, f"{missing} are not applied", "Start Quell (`quell up`): it applies them.")
    return Finding("migrations", OK, f"all {len(executor.loader.applied_migrations)} are applied")


def _storage(instance: Instance) -> Finding:
    from django.conf import settings

    media = Path(settings.MEDIA_ROOT)
    probe = media / f".doctor-{os.getpid()}"
    try:
        media.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"quell")
        whole = probe.read_bytes() == b"quell"
        probe.unlink()
    except OSError as fault:
        return Finding("storage", FAIL, f"{media}: {fault.strerror}", "Give the user that runs Quell this directory.")
    if not whole:
        return Finding("storage", FAIL, f"{media} gives back other bytes than were written", "Check the disk.")
    free = shutil.disk_usage(instance.data).free
    says = f"{media} is writable, {free / 1e9:.1f} GB free"
    if free < LEAST_FREE_BYTES:
        return Finding("storage", WARN, says, "Make room: PostgreSQL stops when the disk is full.")
    return Finding("storage", OK, says)


def _web(instance: Instance) -> Finding:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(instance.host, instance.host)  # noqa: S104 - translated away
    connection = HTTPConnection(host, instance.port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        status = connection.getresponse().status
    except (OSError, HTTPException):
        return Finding("web", WARN, f"nothing answers at {instance.address}", "Start it with `quell up`.")
    finally:
        connection.close()
    if status == 200:
        return Finding("web", OK, f"{instance.address} is ready")
    return Finding("web", FAIL, f"{instance.address}/readyz says {status}", "See the lines above and the log.")


def _workers(_instance: Instance) -> Finding:
    from django.utils import timezone
    from procrastinate.contrib.django.models import ProcrastinateWorker

    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gt=timezone.now() - HEARTBEAT).count()
    if not alive:
        return Finding("workers", FAIL, "no background worker is alive", "Start Quell with `quell up`.")
    return Finding("workers", OK, f"{alive} alive")


def _queue(_instance: Instance) -> Finding:
    from django.db.models import Min, Q
    from django.utils import timezone
    from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

    now = timezone.now()
    due = Q(status="todo") & (Q(scheduled_at=None) | Q(scheduled_at__lte=now))
    waiting = ProcrastinateJob.objects.filter(due)
    dead = ProcrastinateJob.objects.filter(status="failed").count()
    oldest = ProcrastinateEvent.objects.filter(job__in=waiting, type="deferred").aggregate(first=Min("at"))["first"]
    says = f"{waiting.count()} jobs wait, {dead} gave up"
    if oldest is not None and now - oldest > LONGEST_WAIT:
        minutes = int((now - oldest).total_seconds() // 60)
        return Finding("queue", FAIL, f"{says}; the oldest waits for {minutes} minutes", "Start more workers.")
    if dead:
        return Finding("queue", WARN, says, "Look at them under Administration and run them again.")
    return Finding("queue", OK, says)


def _mail(_instance: Instance) -> Finding:
    from django.conf import settings

    if not settings.EMAIL_HOST:
        return Finding("mail", WARN, "no mail server is set; mail is written to the log", "Set QUELL_SMTP_HOST.")
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=5) as server:
            code, _ = server.noop()
    except (OSError, smtplib.SMTPException) as fault:
        return Finding("mail", FAIL, f"{where} does not answer: {fault}", "Check QUELL_SMTP_HOST and QUELL_SMTP_PORT.")
    return Finding("mail", OK if code == 250 else WARN, f"{where} answers {code}")


def _time(_instance: Instance) -> Finding:
    before = time.time()
    (there,) = _row("SELECT extract(epoch FROM clock_timestamp())::float8")
    apart = abs(there - (before + time.time()) / 2)
    if apart > CLOCK_SECONDS:
        return Finding(
            "time", FAIL, f"this clock and the database's differ by {apart:.1f} s", "Run an NTP client on both."
        )
    return Finding("time", OK, f"the clocks agree within {max(apart, 0.001):.3f} s")


def _row(sql: str) -> tuple[Any, ...]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetchone()
        assert found is not None
        return tuple(found)
