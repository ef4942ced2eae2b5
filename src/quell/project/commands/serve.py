"""`quell serve`: the web server, workers and all; what the supervisor keeps alive."""

from __future__ import annotations

import gc
import os

import click

PRODUCT = "quell.project.web:application"


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
        backpressure=1024,  # connections a worker holds at once; silent ones cost a few kilobytes each
        http1_settings=HTTP1Settings(header_read_timeout=15_000, max_buffer_size=64 * 1024),
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=8,
        log_level=LogLevels.warning,
    ).serve()


def _load_once() -> None:
    """Import the product before the workers fork: they start at once, also after a fault, and share its memory."""
    from django.db import connections

    from quell.project import wsgi  # noqa: F401 - loaded for the workers

    connections.close_all()  # a connection must never be shared over a fork
    gc.collect()
    gc.freeze()
