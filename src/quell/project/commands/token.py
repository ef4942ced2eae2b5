"""`quell token …`: API tokens from the command line. The secret is printed once and never stored."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import click


@click.group("token")
def command() -> None:
    """Make API tokens."""


@command.command("create")
@click.argument("email")
@click.option("--name", default="command line", show_default=True, help="What the token is for.")
@click.option("--read-only", is_flag=True, help="The token may look, and change nothing.")
@click.option("--scope", "scopes", multiple=True, metavar="CAPABILITY", help="Only this capability; may be repeated.")
@click.option("--expires-days", type=click.IntRange(1, 3650), metavar="N", help="The token ends after N days.")
@click.option("--json", "as_json", is_flag=True, help="Print the token as one JSON document.")
def create(
    email: str, name: str, read_only: bool, scopes: tuple[str, ...], expires_days: int | None, as_json: bool
) -> None:
    """Make a token for a person and print its secret, alone, on standard output."""
    from quell.project.database import available

    with available():
        from quell.kernel.access.actor import actor_for_person
        from quell.kernel.actions.directory.tokens import create_token
        from quell.kernel.people.models import Person

        person_id = Person.objects.filter(email=email.strip().lower()).values_list("pk", flat=True).first()
        actor = actor_for_person(person_id, channel="command") if person_id is not None else None
        if actor is None:
            raise click.ClickException(f"Nobody active has the address {email}.")
        expires_at = datetime.now(UTC) + timedelta(days=expires_days) if expires_days else None
        data = {"name": name, "read_only": read_only, "scopes": list(scopes), "expires_at": expires_at}
        token_id, secret = create_token(actor, data)
        if as_json:
            click.echo(json.dumps({"id": token_id, "token": secret, "email": actor.email, "name": name}))
        else:
            click.echo(secret)
