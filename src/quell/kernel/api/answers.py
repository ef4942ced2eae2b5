"""Answers of the API: JSON bytes straight from plain values, times in UTC with `Z`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import orjson
from django.conf import settings
from django.http import HttpResponse

ROOT = "/api/v1"
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


def dump(data: Any) -> bytes:
    """JSON as the contract wants it."""
    return orjson.dumps(data, option=_OPTIONS)


def answer(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """A JSON answer; a representation with a `version` carries it as ETag too."""
    response = HttpResponse(dump(data), status=status, content_type="application/json")
    if isinstance(data, dict) and "version" in data:
        response.headers["ETag"] = f'"{data["version"]}"'
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def created(data: Mapping[str, Any], url: str) -> HttpResponse:
    """201 with the place of the new thing."""
    return answer(data, status=201, headers={"Location": url})


def address(*steps: str | int) -> str:
    """The absolute address of something in the API: `address("people", "a@example.com")`."""
    return f"{settings.PUBLIC_URL}{ROOT}/" + "/".join(quote(str(step), safe="@+") for step in steps)


#: On a function whose query or body names what it is about: that may be unknown as well.
SEEKS = "seeks"
View = TypeVar("View", bound=Callable[..., HttpResponse])


def seeks(function: View) -> View:
    """Mark an operation that may answer 404 although its address names nothing."""
    setattr(function, SEEKS, True)
    return function
