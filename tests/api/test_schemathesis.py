"""What a fuzzer that reads the OpenAPI document finds: no 5xx, no undocumented status, the promised shapes."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import orjson
import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from quell.kernel.api.frame import mounted
from quell.kernel.api.openapi import document
from quell.project.wsgi import application
from tests.notify.phone import Phone

from .conftest import Company

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
#: Calls that would end the tests' own rights, and the document itself, which takes nothing.
LEFT_OUT = {"revokeToken", "openapi"}
#: Per operation and mode; more of them find more, at a second for a hundred.
EXAMPLES = int(os.environ.get("QUELL_FUZZ_EXAMPLES", "15"))


def operations() -> list[str]:
    """Names of all operations of the document."""
    paths = orjson.loads(orjson.dumps(document(mounted()[0])))["paths"]
    return sorted(one["operationId"] for methods in paths.values() for one in methods.values())


def served(environ: Any, start_response: Any) -> Any:
    """The application, within the transaction of the test: nothing closes its connection between requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    return application(environ, start_response)


def _things(company: Company) -> dict[str, Any]:
    """Something real for every open place, by `operation.place` where a kind decides."""
    number = company.claire.post("/incidents", {"title": "Something to act on"}).json()["number"]
    headers = {"Authorization": f"Bearer {company.claire.secret}"}
    file = SimpleUploadedFile("a.txt", b"text")
    hung = company.claire.client.post(f"/api/v1/incidents/{number}/attachments", {"file": file}, headers=headers)
    company.root.post("/holiday-sets", {"code": "feasts", "name": "Feasts", "organisation": "gungun"})
    week = {"zone": "Europe/Copenhagen", "weekly": {"mon": [["08:00", "16:00"]]}, "holiday_sets": ["feasts"]}
    company.root.post("/calendars", {"code": "office", "name": "Office", "organisation": "gungun", **week})
    real: dict[str, Any] = {
        "number": number,
        "attachment_id": hung.json()["id"],
        "category_id": company.root.get("/categories?limit=1").json()["items"][0]["id"],
        "token_id": company.root.post("/tokens", {"name": "x"}).json()["id"],
        "device_id": company.root.post("/me/devices", Phone().gives("https://fcm.googleapis.com/x")).json()["id"],
        "email": company.email("paul"),
    }
    for kind, code in (("Team", "network"), ("Organisation", "elsewhere"), ("Service", "mail"), ("Role", "agent")):
        for verb in ("read", "edit", "deactivate", "activate"):
            real[f"{verb}{kind}.code"] = code
    for verb in ("read", "edit", "deactivate", "activate", "preview", "evaluate", "import", "refresh"):
        real |= {f"{verb}Calendar.code": "office", f"{verb}HolidaySet.code": "feasts"}
    real["listCalendarVersions.code"] = "office"
    return real


@cache
def _schema() -> Any:
    """Read once: the document is large, and reading it takes longer than most operations' examples."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", served)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in operations() if name not in LEFT_OUT])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_fuzzed(name: str, mode: GenerationMode, company: Company) -> None:
    """Each operation, as the administrator of everything, with sense and with nonsense."""
    real = _things(company)
    operation = _schema().find_operation_by_id(name)
    headers = {"Authorization": f"Bearer {company.root.secret}"}

    turns: list[int] = []

    @settings(
        max_examples=EXAMPLES,
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
                case.path_parameters[place] = real.get(f"{name}.{place}", real.get(place))
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)

    probe()
