"""`quell migrate`: what the supervisor runs before the web may start."""

from __future__ import annotations

import click


@click.command("migrate")
def command() -> None:
    """Bring the database up to date."""
    from quell.project.database import available

    with available():
        pass
