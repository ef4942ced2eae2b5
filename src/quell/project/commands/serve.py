"""`quell serve`: the web server, workers and all; what the supervisor keeps alive."""

from __future__ import annotations

import gc
import os
import resource

import click

PRODUCT = "quell.project.web:application"
MOST_CONNECTIONS = 4096  # a worker holds at once; a silent one costs a few kilobytes and is closed after 15 s


@click.command("serve")
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Worker processes; default one a core.")
@click.option("--target", default=PRODUCT, hidden=True)
def command(workers: int | None, target: str) -> None:
    """Serve pages and API until stopped."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    from quell.project.instance import instance_here
    from quell.project.web import PARENT

    instance = instance_here()
    os.environ[PARENT] = str(os.getpid())
    if target == PRODUCT:
        _load_once()
    Granian(
        target,
        address=instance.host,
        port=instance.port,
        interface=Interfaces.RSGI,
        workers=workers or len(os.sched_getaffinity(0)),
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        backpressure=_connections(),
        http1_settings=HTTP1Settings(header_read_timeout=15_000, max_buffer_size=64 * 1024),
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=8,
        log_level=LogLevels.warning,
    ).serve()


def _connections() -> int:
    """Raise this process's limit of open files as far as it may, and leave some for files and the database."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + 256
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return max(allowed - 256, 128)


def _load_once() -> None:
    """Import the product before the workers fork: they start at once, also after a fault, and share its memory."""
    from django.db import connections

    from quell.project import wsgi  # noqa: F401 - loaded for the workers

    connections.close_all()  # a connection must never be shared over a fork
    gc.collect()
    gc.freeze()
    # A page makes some twenty thousand objects and drops them all without a cycle among them; looking for cycles
    # every seven hundred, as Python does by itself, takes an eighth of the page's time.
    gc.set_threshold(20_000, 20, 20)
