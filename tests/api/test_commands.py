"""`quell user create` and `quell token create`: what an empty instance begins with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import CliRunner, Result

from quell.kernel.people.models import ApiToken, Organisation, Person, RoleGrant
from quell.project import database
from quell.project.commands.token import command as token
from quell.project.commands.user import command as user

from .conftest import Caller, Company


@pytest.fixture(autouse=True)
def here(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands find the database of the test instead of starting one."""

    @contextmanager
    def available(**_options: Any) -> Iterator[None]:
        yield

    monkeypatch.setattr(database, "available", available)


def run(command: Any, *words: str, given: str | None = None) -> Result:
    """Run a command as a person would."""
    return CliRunner().invoke(command, ["create", *words], input=given)


def test_the_first_administrator() -> None:
    done = run(user, "Root@Example.com", "--name", "Root", "--role", "administrator", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["email"] == "root@example.com"
    assert Organisation.objects.get().code == "main"
    grant = RoleGrant.objects.get()
    assert (grant.role.code, grant.organisation, grant.team) == ("administrator", None, None)
    secret = run(token, "root@example.com").stdout.strip()
    assert secret.startswith("quell_") and "\n" not in secret
    assert Caller(secret).post("/organisations", {"code": "a", "name": "A"}).status_code == 201


def test_passwords_come_from_standard_input() -> None:
    made = run(user, "a@example.com", "--name", "A", "--password-stdin", given="a long enough secret\n")
    assert made.exit_code == 0, made.output
    assert Person.objects.get().check_password("a long enough secret")
    weak = run(user, "b@example.com", "--name", "B", "--password-stdin", given="short\n")
    assert weak.exit_code != 0
    assert Person.objects.count() == 1


def test_an_organisation_of_its_own(company: Company) -> None:
    made = run(user, "x@elsewhere.example", "--name", "X", "--role", "administrator", "--organisation", "elsewhere")
    assert made.exit_code == 0, made.output
    grant = RoleGrant.objects.get(person__email="x@elsewhere.example")
    assert grant.organisation == company.cast.elsewhere


@pytest.mark.parametrize(
    "words",
    [
        ["claire@gungun.example", "--name", "Again"],
        ["nonsense", "--name", "X"],
        ["x@example.com", "--name", "X", "--role", "king"],
        ["x@example.com", "--name", "X", "--organisation", "nowhere"],
    ],
)
def test_refusals_are_sentences(company: Company, words: list[str]) -> None:
    before = Person.objects.count()
    refused = run(user, *words)
    assert refused.exit_code == 1
    assert str(getattr(refused.exception, "sentence", "")).endswith(".")
    assert Person.objects.count() == before


def test_narrow_tokens(company: Company) -> None:
    done = run(token, company.email("amira"), "--read-only", "--scope", "records.view", "--expires-days", "3", "--json")
    made = json.loads(done.stdout)
    kept = ApiToken.objects.get(pk=made["id"])
    assert (kept.read_only, kept.scopes) == (True, ["records.view"])
    assert kept.expires_at is not None and made["token"][-4:] == kept.hint
    assert Caller(made["token"]).get("/people").status_code == 403
    assert Caller(made["token"]).get("/incidents").status_code == 200
    assert run(token, "nobody@example.com").exit_code == 1
    assert run(token, company.email("amira"), "--scope", "everything").exit_code == 1
