"""`quell static`: collects, hashes and compresses the static files into the state directory."""

from __future__ import annotations

import os

import click


@click.command("static")
def command() -> None:
    """Collect the static files."""
    import django
    from django.core.management import call_command

    from quell.project import preparation
    from quell.project.instance import instance_here

    instance = instance_here()
    instance.make_state_directory()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quell.project.settings")
    os.environ["QUELL_SECRET_KEY"] = instance.secret_key()
    django.setup()
    # the API framework brings two documentation viewers and maps of them: eight megabytes that no page of ours uses
    call_command("collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=["ninja"])
    facts = preparation.remembered(instance.data)
    preparation.remember(instance.data, {**facts, "static": preparation.static_stamp()})
