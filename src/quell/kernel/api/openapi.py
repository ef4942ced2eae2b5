"""The OpenAPI document: ninja's, completed with what holds for every operation, and the page that shows it.

Ninja knows parameters, bodies and answers of success. What any call may meet (no token, unknown fields, a stale
version, a database away) follows from the kind of operation and is added here once, not by hand at each.
"""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from ninja import NinjaAPI, Router

from .answers import ROOT, SEEKS, dump
from .frame import Route, mounted, routes
from .problem import MEDIA_TYPE, Problem
from .reading_page import sections

router = Router(auth=None)
#: Attributes of view functions that say which headers they understand.
REPEATABLE, VERSIONED = "may_be_repeated", "knows_versions"

#: Every status of a refusal that the API may answer with.
REFUSALS = (400, 401, 403, 404, 409, 412, 413, 415, 422, 500, 503)

_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "The same key and body within 24 hours give the first answer again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
}
_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "description": "The version you mean to change, as the ETag showed it; 412 when it is another by now.",
    "schema": {"type": "string", "pattern": '^(W/)?"?[0-9]{1,9}"?$'},
}
_REQUEST_ID = {
    "description": "Names this call in the log and in the journal; yours when you sent one of 8 to 64 characters.",
    "schema": {"type": "string"},
}


def repeatable(function: Any) -> Any:
    """Mark an operation that understands `Idempotency-Key`."""
    setattr(function, REPEATABLE, True)
    return function


def versioned(function: Any) -> Any:
    """Mark an operation that understands `If-Match`."""
    setattr(function, VERSIONED, True)
    return function


def document(api: NinjaAPI) -> dict[str, Any]:
    """The whole document as plain values."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=ROOT.strip("/") + "/"))
    found["paths"] = dict(sorted(found["paths"].items()))
    found["servers"] = [{"url": "/"}]
    components = found["components"]
    components["schemas"]["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= components["schemas"]["Problem"].pop("$defs", {})
    components["schemas"] = dict(sorted(components["schemas"].items()))
    components["responses"] = {
        f"Problem{status}": {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in REFUSALS
    }
    components["headers"] = {"X-Request-ID": _REQUEST_ID}
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    for route in routes(api):
        if not route.operation.include_in_schema:
            continue
        path = "/" + "/".join(["api", "v1", *(_plain(step) for step in route.steps)])
        for method in route.operation.methods:
            _complete(found["paths"][path][method.lower()], route)
    return found


def _plain(step: str) -> str:
    return "{" + step[1:-1].rpartition(":")[2] + "}" if step.startswith("{") else step


def _complete(operation: dict[str, Any], route: Route) -> None:
    """Add the headers, the security and the refusals that follow from what kind of operation this is."""
    function = route.operation.view_func
    parameters = operation.setdefault("parameters", [])
    parameters += [_KEY] if getattr(function, REPEATABLE, False) else []
    parameters += [_MATCH] if getattr(function, VERSIONED, False) else []
    operation.pop("security", None)
    if not route.public:
        operation["security"] = [{"bearer": []}]
    answers = {str(status): found for status, found in operation["responses"].items()}
    for found in answers.values():
        found["headers"] = {"X-Request-ID": {"$ref": "#/components/headers/X-Request-ID"}}
    for status in _refusals(route):
        answers[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    operation["responses"] = dict(sorted(answers.items()))


def _refusals(route: Route) -> set[int]:
    statuses = {400, 422, 500, 503}
    if not route.public:
        statuses |= {401, 403}
    if any(step.startswith("{") for step in route.steps) or getattr(route.operation.view_func, SEEKS, False):
        statuses.add(404)
    if route.json or route.form:
        statuses |= {409, 413, 415}
    if getattr(route.operation.view_func, VERSIONED, False):
        statuses |= {409, 412}
    return statuses


@router.get("/openapi.json", summary="This document", tags=["The API itself"], operation_id="openapi")
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document of this API."""
    return HttpResponse(_bytes(), content_type="application/json", headers={"Cache-Control": "no-cache"})


@router.get("/docs", summary="The API for people to read", tags=["The API itself"], include_in_schema=False)
def docs(request: HttpRequest) -> HttpResponse:
    """A page made of the document, without any script."""
    found = _document()
    context = {**found["info"], "sections": sections(found)}
    page = HttpResponse(render_to_string("api/docs.html", context))
    page.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    page.headers["Cache-Control"] = "no-cache"
    return page


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    return document(mounted()[0])


@lru_cache(maxsize=1)
def _bytes() -> bytes:
    return dump(_document())
