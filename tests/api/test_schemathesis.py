"""What a fuzzer that reads the OpenAPI document finds: no 5xx, no undocumented status, the promised shapes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from pytest_django.plugin import DjangoDbBlocker
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from quell.project.wsgi import application
from tests.prepared import standing
from tests.security.addresses import api_document, everybodys, hidden
from tests.security.world import World, strangers, victim

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
#: Calls that would end the tests' own rights, and the document itself, which takes nothing.
LEFT_OUT = {"revokeToken", "openapi"}
#: For an operation of many fields, in each mode; more of them find more, at a second for a hundred.
EXAMPLES = int(os.environ.get("QUELL_FUZZ_EXAMPLES", "12"))
#: Fields from which on an operation gets all of its examples. What takes no more than a number can go wrong in fewer
#: ways, and gets at least two fifths of them.
MANY = 5


def operations() -> dict[str, int]:
    """All operations of the document by name, with how many fields each takes: parameters, and those of its body."""
    paper = api_document()
    found = {}
    for methods in paper["paths"].values():
        for one in methods.values():
            bodies = one.get("requestBody", {}).get("content", {}).values()
            fields = sum(_fields(paper, body["schema"]) for body in bodies)
            found[one["operationId"]] = len(one.get("parameters", ())) + fields
    return dict(sorted(found.items()))


def _fields(paper: Any, schema: Any, deep: int = 0) -> int:
    """How many values somebody would fill in, to a depth at which no form of ours goes on."""
    if "$ref" in schema:
        schema = paper["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    inside = [*schema.get("properties", {}).values(), *schema.get("anyOf", ()), *schema.get("oneOf", ())]
    inside += [one for name in ("items", "additionalProperties") if isinstance(one := schema.get(name), dict)]
    return sum(_fields(paper, one, deep + 1) for one in inside) if inside and deep < 4 else 1


def examples(fields: int) -> int:
    """How many to try of an operation of so many fields."""
    return round(EXAMPLES * (0.4 + 0.6 * min(fields, MANY) / MANY))


def served(environ: Any, start_response: Any) -> Any:
    """The application, within the transaction of the test: nothing closes its connection between requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    return application(environ, start_response)


def _things(world: World) -> dict[str, str]:
    """Something real for every open place of every address, by `operation.place`."""
    secret, plain = hidden(world), everybodys(world)
    found = {}
    for path, methods in api_document()["paths"].items():
        for one in methods.values():
            for place in re.findall(r"{(\w+)}", path):
                key = f"{path.split('{' + place + '}')[0].rstrip('/').rsplit('/', 1)[-1]}/{{{place}}}"
                known = secret.get(key) or secret.get(place)
                values = plain.get(key) or (known.values if known else plain[place])
                found[f"{one['operationId']}.{place}"] = values[0]
    return found


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[str, dict[str, str]]]:
    """The administrator's token, and what is there to be acted on. Made once: every test is rolled back to it."""
    with standing(django_db_blocker):
        world = strangers()
        victim(world)
        yield world["root"].secret, _things(world)


@cache
def _schema() -> Any:
    """Read once: the document is large, and reading it takes longer than most operations' examples."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", served)


FOUND = operations()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in FOUND if name not in LEFT_OUT])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_fuzzed(name: str, mode: GenerationMode, stage: tuple[str, dict[str, str]]) -> None:
    """Each operation, as the administrator of everything, with sense and with nonsense."""
    secret, real = stage
    operation = _schema().find_operation_by_id(name)
    headers = {"Authorization": f"Bearer {secret}"}

    turns: list[int] = []

    @settings(
        max_examples=examples(FOUND[name]),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def probe(case: Any) -> None:
        # Half of the calls go to something that is there, the others to whatever the fuzzer makes up.
        turns.append(0)
        if len(turns) % 2:
            for place in case.path_parameters or {}:
                case.path_parameters[place] = real[f"{name}.{place}"]
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)

    probe()
