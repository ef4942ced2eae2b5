"""`quell openapi`: the OpenAPI document as a file; the one in docs/reference is a snapshot that a test compares."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click


@click.command("openapi")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE", required=False)
def command(file: Path | None) -> None:
    """Write the OpenAPI document into FILE, or to standard output. Asks no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quell.project.settings")
    import django

    django.setup()
    from quell.kernel.api.frame import mounted
    from quell.kernel.api.openapi import document

    text = json.dumps(document(mounted()[0]), indent=1, ensure_ascii=False) + "\n"
    if file is None:
        click.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8")
