"""`quell user …`: people from the command line; the way an empty instance gets its first administrator."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from quell.kernel.people.models import Organisation


@click.group("user")
def command() -> None:
    """Make people and give them roles."""


@command.command("create")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", "roles", multiple=True, metavar="ROLE", help="A role; may be given several times.")
@click.option("--organisation", metavar="CODE", help="Where the person belongs (default: the first organisation).")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--json", "as_json", is_flag=True, help="Print the person as one JSON document.")
def create(
    email: str, name: str, roles: tuple[str, ...], organisation: str | None, password_stdin: bool, as_json: bool
) -> None:
    """Make a person.

    An administrator without --organisation administers the whole instance; an empty instance gets the
    organisation "main" for them.
    """
    from quell.project.database import available

    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with available():
        from quell.kernel.access.actor import HOUSE
        from quell.kernel.actions.directory.people import create_person

        home = organisation or _first_organisation().code
        grants = [
            {"role": role, "everywhere": True} if organisation is None and role == "administrator" else {"role": role}
            for role in roles
        ]
        data = {"email": email, "name": name, "organisation": home, "roles": grants, "password": password}
        made = create_person(HOUSE, data)
        if as_json:
            person = {"email": made, "name": name, "organisation": home, "roles": list(roles)}
            click.echo(json.dumps(person, ensure_ascii=False))
        else:
            click.echo(made)


def _first_organisation() -> Organisation:
    """The oldest organisation at the root; made when there is none."""
    from quell.kernel.access.actor import HOUSE
    from quell.kernel.actions.directory.organisations import create_organisation
    from quell.kernel.people.models import Organisation

    found = Organisation.objects.filter(parent=None, active=True).order_by("pk").first()
    if found is None:
        code = create_organisation(HOUSE, {"code": "main", "name": "Main"})
        found = Organisation.objects.get(code=code)
    return found
