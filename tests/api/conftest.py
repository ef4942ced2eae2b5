"""The cast at the API's door: each with a token, and a caller that speaks JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from quell.kernel.people.models import Person
from quell.kernel.people.tokens import issue
from quell.kernel.testing.cast import Cast, cast

ROOT = "/api/v1"


@dataclass
class Caller:
    """A program signed in as somebody."""

    secret: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __call__(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        """Send a request; `data` goes as JSON, bytes as they are. Header names with underscores for hyphens."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret:
            sent.setdefault("Authorization", f"Bearer {self.secret}")
        kind = sent.pop("Content-Type", "application/json")
        content: dict[str, Any] = {}
        if data is not None:
            content = {"data": data, "content_type": kind}
        return self.client.generic(
            method,
            path if path.startswith("/") and path.startswith(("/api", "/healthz")) else ROOT + path,
            **_encoded(content),
            headers=sent,
        )

    def get(self, path: str, **headers: str) -> Any:
        """GET."""
        return self("GET", path, **headers)

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        """POST JSON."""
        return self("POST", path, {} if data is None else data, **headers)

    def patch(self, path: str, data: Any, **headers: str) -> Any:
        """PATCH JSON."""
        return self("PATCH", path, data, **headers)


def _encoded(content: dict[str, Any]) -> dict[str, Any]:
    import orjson

    if content and not isinstance(content["data"], (bytes, str)):
        content["data"] = orjson.dumps(content["data"])
    return content


@dataclass
class Company:
    """The cast, and a caller for each of them."""

    cast: Cast

    def __getattr__(self, name: str) -> Caller:
        person: Person = getattr(self.cast, name)
        _token, secret = issue(person, "tests")
        caller = Caller(secret)
        setattr(self, name, caller)
        return caller

    def email(self, name: str) -> str:
        """The address of one of the cast."""
        person: Person = getattr(self.cast, name)
        return person.email


@pytest.fixture
def company(db: None) -> Company:
    """Gungun and the strangers, in an empty database."""
    return Company(cast())


@pytest.fixture
def nobody() -> Caller:
    """A program without a token."""
    return Caller("")
