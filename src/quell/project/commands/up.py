"""`quell up`: hands over to the supervisor, in this same process but without what the command line brought along."""

from __future__ import annotations

import os
import sys

import click


@click.command("up")
@click.option("--no-fsync", is_flag=True, help="For tests only: faster, and a power cut may lose the database.")
def command(no_fsync: bool) -> None:
    """Start database, web and worker; print the address; keep running until Ctrl-C."""
    words = [sys.executable, "-m", "quell.project.supervisor", *(["--no-fsync"] if no_fsync else [])]
    sys.stderr.flush()
    os.execv(words[0], words)  # noqa: S606 - the supervisor must stay small for as long as the product runs
