"""`quell work`: one background worker. Several may run, on several machines; they need nothing but the database."""

from __future__ import annotations

import os

import click

NICENESS = 10  # people who wait for a page go first; a tenth of a busy machine is left for jobs


@click.command("work")
@click.option("--jobs", default=2, show_default=True, help="How many jobs at once.")
def command(jobs: int) -> None:
    """Take background jobs from the queue until stopped."""
    import django

    os.nice(NICENESS)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quell.project.settings")
    django.setup()

    from quell.project.worker import work

    work(jobs)
