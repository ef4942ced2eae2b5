"""What a fuzzer that reads the OpenAPI document finds: no 5xx, no undocumented status, the promised shapes."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from quell.kernel.api.frame import mounted
from quell.kernel.api.openapi import document
from quell.project.wsgi import application

from .conftest import Company

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
#: Calls that would end the tests' own rights.
LEFT_OUT = {"revokeToken"}


def operations() -> list[str]:
    """Names of all operations of the document."""
    paths = orjson.loads(orjson.dumps(document(mounted()[0])))["paths"]
    return sorted(one["operationId"] for methods in paths.values() for one in methods.values())


def served(environ: Any, start_response: Any) -> Any:
    """The application, within the transaction of the test: nothing closes its connection between requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    return application(environ, start_response)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in operations() if name not in LEFT_OUT])
def test_fuzzed(name: str, company: Company) -> None:
    """Each operation, as the administrator of everything, with sense and with nonsense."""
    number = company.claire.post("/incidents", {"title": "Something to act on"}).json()["number"]
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", served)
    operation = schema.find_operation_by_id(name)
    headers = {"Authorization": f"Bearer {company.root.secret}"}

    @settings(
        max_examples=25,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=operation.as_strategy())
    def probe(case: Any) -> None:
        if "number" in (case.path_parameters or {}):
            case.path_parameters["number"] = number
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)

    probe()
