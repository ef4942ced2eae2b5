"""`quell backup FILE`: everything in one file, also while Quell runs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
def command(file: Path, as_json: bool) -> None:
    """Write database, stored files and secret key into FILE, which only its owner may read."""
    from quell.project import archive
    from quell.project.database import available
    from quell.project.instance import say

    with available() as instance:
        from django.conf import settings

        try:
            done = archive.write(
                instance, os.environ["DATABASE_URL"], Path(settings.MEDIA_ROOT), file.absolute(), tell=say
            )
        except archive.ArchiveRefused as refused:
            raise click.ClickException(str(refused)) from None
    if as_json:
        click.echo(json.dumps(done, indent=2))
    else:
        click.echo(f"{file}: {done['bytes'] / 1e6:.1f} MB, database and {done['files']} stored files.")
