"""The OpenAPI document laid out for people: one section per tag, one paragraph per operation, fields in tables.

Drawn on the server from the document itself, so it needs no script, weighs little and is never out of date.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One parameter or one field of a body."""

    name: str
    place: str
    kind: str
    needed: bool
    words: str


@dataclass(frozen=True, slots=True)
class OperationText:
    """One operation as a reader needs it."""

    name: str
    method: str
    path: str
    summary: str
    words: str
    fields: list[FieldLine]
    answer: str
    refusals: list[str]


@dataclass(frozen=True, slots=True)
class Section:
    """The operations of one tag."""

    title: str
    anchor: str
    operations: list[OperationText]


def sections(document: dict[str, Any]) -> list[Section]:
    """The whole document in reading order: tags by name, operations by address."""
    by_tag: dict[str, list[OperationText]] = {}
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            by_tag.setdefault(one["tags"][0], []).append(_operation(document, method, path, one))
    return [Section(tag, tag.lower().replace(" ", "-"), found) for tag, found in sorted(by_tag.items())]


def _operation(document: dict[str, Any], method: str, path: str, one: dict[str, Any]) -> OperationText:
    fields = [
        FieldLine(p["name"], p["in"], _kind(document, p["schema"]), p["required"], p.get("description", ""))
        for p in one.get("parameters", [])
    ]
    for content in one.get("requestBody", {}).get("content", {}).values():
        fields += _body(document, content["schema"])
    done = {status: answer for status, answer in one["responses"].items() if int(status) < 400}
    return OperationText(
        name=one["operationId"],
        method=method.upper(),
        path=path,
        summary=one["summary"],
        words=one.get("description", ""),
        fields=fields,
        answer=", ".join(f"{status} {_answer(answer)}".strip() for status, answer in done.items()),
        refusals=[status for status in one["responses"] if int(status) >= 400],
    )


def _body(document: dict[str, Any], schema: dict[str, Any]) -> list[FieldLine]:
    found = _resolved(document, schema)
    needed = found.get("required", [])
    return [
        FieldLine(name, "body", _kind(document, field), name in needed, field.get("description", ""))
        for name, field in found.get("properties", {}).items()
    ]


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        found: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def _kind(document: dict[str, Any], schema: dict[str, Any]) -> str:
    """A type in a word or two: `text`, `list of text`, `new | live`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(document, one) for one in schema["anyOf"]))
    kind = schema.get("type", "")
    if kind == "array":
        return f"list of {_kind(document, schema.get('items', {}))}"
    if kind == "string":
        return {"date-time": "time", "binary": "file"}.get(schema.get("format", ""), "text")
    return str({"integer": "whole number", "boolean": "true or false", "null": "null"}.get(kind, kind))


def _answer(answer: dict[str, Any]) -> str:
    for content in answer.get("content", {}).values():
        return str(content["schema"].get("$ref", "").rpartition("/")[2])
    return ""
