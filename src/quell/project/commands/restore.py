"""`quell restore FILE`: reads a backup into an empty instance that does not run."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

import click


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
def command(file: Path, as_json: bool) -> None:
    """Read FILE, written by `quell backup`, into an empty instance (a new QUELL_DATA, or an empty DATABASE_URL)."""
    from quell.project import archive, preparation
    from quell.project.database import available, holds_people, migrate_if_needed
    from quell.project.instance import instance_here, say

    instance = instance_here()
    instance.make_state_directory()
    with (instance.data / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException("Quell is running with this state directory: stop it first.") from None
        with available(prepared=False):
            from django.conf import settings
            from django.db import connections

            if holds_people():
                raise click.ClickException(
                    "This instance knows people already: restore into an empty one (another QUELL_DATA)."
                )
            connections.close_all()
            try:
                done = archive.read(
                    instance, os.environ["DATABASE_URL"], Path(settings.MEDIA_ROOT), file.absolute(), tell=say
                )
            except archive.ArchiveRefused as refused:
                raise click.ClickException(str(refused)) from None
            preparation.remember(instance.data, {})
            migrate_if_needed(instance)
    if as_json:
        click.echo(json.dumps(done, indent=2))
    else:
        click.echo(f"{file} of {done['made_at']} is restored: database and {done['files']} stored files.")
