"""Plausible bodies: for the API from the schemas of the OpenAPI document, for pages from the forms that the pages
themselves show to those who may use them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import Resolver404, resolve

from .addresses import NOWHERE, Form, Route, api_document, fillings, pages, send
from .world import World

#: By the name of a field, wherever it stands; the kind names what does not exist (`NOWHERE`).
NAMED: dict[str, tuple[str, str]] = {
    "team": ("code", "quaggateam"),
    "assignee": ("email", "raj@gungun.example"),
    "owner": ("email", "raj@gungun.example"),
    "requester": ("email", "claire@gungun.example"),
    "person": ("email", "claire@gungun.example"),
    "organisation": ("code", "gungun"),
    "service": ("code", "quaggaservice"),
    "category": ("path", "quaggacategory"),
    "members": ("email", "claire@gungun.example"),
    "leads": ("email", "claire@gungun.example"),
    "teams": ("code", "quaggateam"),
    "attachments": ("id", ""),
    "to": ("number", ""),
    "incident": ("number", ""),
    "record": ("number", ""),
    "into": ("number", ""),
    "parent": ("code", "quaggaplace"),
}
WORDS = {
    "hold_reason": "part",
    "resolution_code": "fixed",
    "kind": "related_to",
    "visibility": "internal",
    "channel": "phone",
    "language": "da",
    "timezone": "Europe/Copenhagen",
    "status": "live",
    "email": "new@nowhere.example",
    "cause_code": "human_error",
    "code": "brand-new",
    "send_at": "2026-12-24T08:00:00Z",
    "resume_at": "2031-01-01T00:00:00Z",
    "expires_at": "2031-01-01T00:00:00Z",
    "password": "long enough 4711",
    "capabilities": ["records.view"],
    "roles": ["agent"],
    "scopes": [],
    "read_only": False,
}


def json_body(route: Route, method: str) -> Any:
    """A body that the operation would take from somebody who may; None when it takes none. Files go as forms."""
    content = route.schemas.get(method, {})
    if "multipart/form-data" in content:
        return Form(file=SimpleUploadedFile("try.txt", b"trying"), visibility="public")
    if "application/json" not in content:
        return None
    return {
        name: _value(name, one)
        for name, one in properties(content["application/json"]["schema"]).items()
        if name not in ("version", "parent", "organisation") or name in _required(content["application/json"]["schema"])
    }


def properties(schema: dict[str, Any]) -> dict[str, Any]:
    """The fields of a schema."""
    found: dict[str, Any] = _resolved(schema).get("properties", {})
    return found


def _required(schema: dict[str, Any]) -> list[str]:
    found: list[str] = _resolved(schema).get("required", [])
    return found


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    found: dict[str, Any] = api_document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return found


def _value(name: str, schema: dict[str, Any]) -> Any:
    one = next((s for s in schema.get("anyOf", [schema]) if s.get("type") != "null"), {})
    if name in WORDS:
        return WORDS[name]
    if name in NAMED:
        return [] if one.get("type") == "array" else NAMED[name][1] or NOWHERE[NAMED[name][0]]
    if "enum" in one:
        return one["enum"][0]
    kinds = {"integer": max(1, one.get("minimum", 1)), "boolean": True, "array": []}
    return kinds.get(one.get("type", ""), "tampered")


class _Forms(HTMLParser):
    """Collects the forms of a page: where they are sent, and their fields with what stands in them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._open: dict[str, str] | None = None
        self._area = self._choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = {}
            if given.get("method", "").lower() == "post" or "hx-post" in given:
                self.found.append((given.get("hx-post") or given.get("action") or "", self._open))
        elif self._open is not None and given.get("name"):
            if tag == "select":
                self._choice = given["name"]
                self._open.setdefault(self._choice, "")
            elif tag == "textarea":
                self._area = given["name"]
                self._open.setdefault(self._area, "")
            elif tag in ("input", "button") and (
                given.get("type") not in ("checkbox", "radio") or given["name"] not in self._open
            ):
                self._open[given["name"]] = given.get("value", "")
        elif tag == "option" and self._open is not None and self._choice and given.get("value"):
            if not self._open[self._choice] or "selected" in given:
                self._open[self._choice] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._choice = ""
        elif tag == "textarea":
            self._area = ""


def form_bodies(world: World) -> dict[str, dict[str, Any]]:
    """By name of the view (`desk:say`), the fields of its form as it is shown to those who may send it, filled in."""
    found: dict[str, dict[str, Any]] = {}
    for route in pages():
        for values, _twin in fillings(world, route):
            path = route.fill(values)
            for name in ("root", "claire"):
                answer = send(world[name].browser, "GET", path)
                if answer.status_code != 200 or answer.streaming:
                    continue
                reader = _Forms()
                reader.feed(answer.content.decode())
                for action, fields in reader.found:
                    view = view_name(action.split("?")[0] or path)
                    found.setdefault(view, {}).update(
                        {k: v or _typed(k) for k, v in fields.items() if k != "csrfmiddlewaretoken"}
                    )
                break
    return found


def view_name(path: str) -> str:
    """The name of the view behind a path."""
    try:
        return resolve(path).view_name or path
    except Resolver404:
        return path


def _typed(name: str) -> str:
    bare = name.rsplit("-", 1)[-1]
    if bare in NAMED:
        return NAMED[bare][1]
    return str(WORDS.get(bare, "tampered"))


def superset(world: World) -> dict[str, Any]:
    """For addresses whose form no page shows: every field the product's forms know."""
    return {
        "body": "tampered",
        "note": "tampered",
        "visibility": "internal",
        "then": "hold",
        "mode": "internal",
        "verb": "cancel",
        "reason": "tampered",
        "email": "paul@gungun.example",
        "person": "claire@gungun.example",
        "remove": "wanda@gungun.example",
        "to": world.related,
        "kind": "related_to",
        "team": "network",
        "assignee": "jonas@gungun.example",
        "apply": "1",
        "selected": [world.number, world.related],
        "name": "tampered",
        "next": "/",
        "resolution": "tampered",
        "resolution_code": "fixed",
        "hold_reason": "part",
        "title": "tampered",
        "priority": "1",
        "impact": "1",
        "urgency": "1",
    }
