"""The OpenAPI document: complete, and the same as the snapshot in git, so that each change of the contract is a line
of a review."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from ninja.openapi.schema import OpenAPISchema

from quell.kernel.actions.registry import of_kind
from quell.kernel.api.frame import mounted, routes
from quell.kernel.api.openapi import document

from .conftest import Caller

SNAPSHOT = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of the whole document."""
    paths = orjson.loads(orjson.dumps(document(mounted()[0])))["paths"]
    return [(method, path, one) for path, methods in paths.items() for method, one in methods.items()]


def test_the_snapshot_is_up_to_date() -> None:
    """`quell openapi docs/reference/openapi.json` writes it anew."""
    assert orjson.loads(SNAPSHOT.read_bytes()) == orjson.loads(orjson.dumps(document(mounted()[0])))


def test_no_two_schemas_have_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ninja would keep the last, and say it of the answers of the other too."""
    clashes = set()

    def add(paper: OpenAPISchema, definitions: dict[str, Any]) -> None:
        clashes.update(name for name in definitions if paper.schemas.get(name, definitions[name]) != definitions[name])
        paper.schemas.update(definitions)

    monkeypatch.setattr(OpenAPISchema, "add_schema_definitions", add)
    document(mounted()[0])
    assert clashes == set()


def test_public_and_without_sign_in(nobody: Caller, db: None) -> None:
    found = nobody.get("/openapi.json")
    assert (found.status_code, found.json()["openapi"]) == (200, "3.1.0")
    page = nobody.get("/docs")
    assert page.status_code == 200
    assert b"POST" in page.content and b"/api/v1/incidents" in page.content
    assert "script-src" not in page["Content-Security-Policy"]
    assert b"<script" not in page.content and b"http://" not in page.content and b"https://" not in page.content


def test_every_verb_has_its_address() -> None:
    posts = {path for method, path, _one in operations() if method == "post"}
    for action in of_kind("incident"):
        if action.verb not in ("edit", "attach"):
            assert f"/api/v1/incidents/{{number}}/{action.verb}" in posts


@pytest.mark.parametrize(
    ("method", "path", "one"), operations(), ids=lambda part: part if isinstance(part, str) else ""
)
def test_every_operation_is_whole(method: str, path: str, one: dict[str, Any]) -> None:
    answers = one["responses"]
    assert one["summary"] and one["operationId"] and one["tags"]
    assert {"500", "503", "422"} <= set(answers)
    for status, answer in answers.items():
        if int(status) >= 400:
            assert answer == {"$ref": f"#/components/responses/Problem{status}"}
    if "{" in path:
        assert "404" in answers
    if path != "/api/v1/openapi.json":
        assert one["security"] == [{"bearer": []}] and "401" in answers
    names = {parameter["name"] for parameter in one["parameters"]}
    if method == "patch":
        assert "If-Match" in names and "412" in answers
    if method == "post" and "requestBody" in one:
        assert {"413", "415"} <= set(answers)


def test_names_of_operations_are_given_once() -> None:
    names = [one["operationId"] for _method, _path, one in operations()]
    assert len(names) == len(set(names))


def test_references_lead_somewhere() -> None:
    found = document(mounted()[0])
    for reference in set(re.findall(r'"#/components/(\w+/\w+)"', orjson.dumps(found).decode())):
        kind, name = reference.split("/")
        assert name in found["components"][kind]
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert all(answer["content"] == problem for answer in found["components"]["responses"].values())


def test_every_route_signs_in_but_the_document() -> None:
    assert {route.steps for route in routes(mounted()[0]) if route.public} == {("openapi.json",), ("docs",)}
