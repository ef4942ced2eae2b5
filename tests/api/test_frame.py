"""The frame: every answer below /api/ is JSON or a problem document with an id, whatever was sent."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import override_settings

from quell.kernel.api import frame
from quell.kernel.journal.models import Entry

from .conftest import Caller, Company


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer, its shape checked."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = response.json()
    assert {"type", "title", "status", "detail", "code"} <= set(found)
    assert (found["status"], found["code"]) == (status, code)
    assert found["request_id"] == response["X-Request-ID"]
    return found


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/incidents/", "/incidents/INC-000001/nowhere", "//", "/people/a/b/c", "/attachments/x", "/tokens/-1",
     "/incidents/INC\x00", "/%00", "/incidents/INC-000001/edit", "/tokens/99999999999999999999"],
)  # fmt: skip
def test_unknown_addresses(company: Company, path: str) -> None:
    problem(company.root.get(path), 404, "not_found")


@pytest.mark.parametrize("path", ["/api/", "/api/v1", "/api/v2/incidents", "/api/v1/../../etc/passwd"])
def test_addresses_beside_the_version(nobody: Caller, path: str, db: None) -> None:
    problem(nobody.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/incidents", "GET, HEAD, OPTIONS, POST"),
        ("PUT", "/incidents/INC-000001", "GET, HEAD, OPTIONS, PATCH"),
        ("DELETE", "/people/a@example.com", "GET, HEAD, OPTIONS, PATCH"),
        ("GET", "/incidents/INC-000001/close", "OPTIONS, POST"),
        ("TRACE", "/me", "GET, HEAD, OPTIONS"),
        ("PATCH", "/search", "GET, HEAD, OPTIONS"),
    ],
)
def test_other_methods(company: Company, method: str, path: str, allowed: str) -> None:
    response = company.root(method, path)
    problem(response, 405, "method_not_allowed")
    assert response["Allow"] == allowed


def test_options_and_head(company: Company, nobody: Caller) -> None:
    options = nobody("OPTIONS", "/incidents")
    assert (options.status_code, options["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    head = company.root("HEAD", "/me")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head["Content-Length"]) == len(company.root.get("/me").content)
    assert company.root("HEAD", "/incidents/INC-999999").content == b""


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer nonsense", "Basic YTpi", "quell_x", "Bearer \x80é"]
)
def test_without_a_token(company: Company, header: str) -> None:
    response = Caller("")("GET", "/me", Authorization=header)
    found = problem(response, 401, "not_signed_in")
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert "token" in found["detail"]


def test_cookies_are_nothing_to_the_api(company: Company) -> None:
    caller = Caller("")
    caller.client.force_login(company.cast.root)
    problem(caller.get("/me"), 401, "not_signed_in")


def test_request_ids(company: Company) -> None:
    assert company.root.get("/me", X_Request_ID="my-own_id.42")["X-Request-ID"] == "my-own_id.42"
    for strange in ("short", "x" * 65, "with space", "ümläute-und-so", "a;b;c;d;e;f"):
        made = company.root.get("/me", X_Request_ID=strange)["X-Request-ID"]
        assert made != strange and len(made) == 32
    number = company.root.post("/incidents", {"title": "Traced"}, X_Request_ID="trace-0123456789").json()["number"]
    assert Entry.objects.get(record__number=number).request_id == "trace-0123456789"
    assert company.root.client.get("/healthz").headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "not_json"),
        (b"\xff\xfe{}", 400, "not_json"),
        (b'{"title": "\xff"}', 400, "not_json"),
        (b'{"title": NaN}', 400, "not_json"),
        (b'{"title": Infinity}', 400, "not_json"),
        (b'{"title": "\\ud800"}', 400, "not_json"),
        (b"[" * 100_000, 400, "not_json"),
        (b'{"a":' * 600 + b"1" + b"}" * 600, 400, "not_json"),
        (b"[]", 422, "invalid"),
        (b'"text"', 422, "invalid"),
        (b"null", 422, "invalid"),
        (b'{"title": "a\\u0000b"}', 422, "invalid"),
        (b'{"title": "x", "a\\u0000": 1}', 422, "invalid"),
        (b"", 422, "invalid"),
        (b'{"title": "' + b"x" * (1024 * 1024) + b'"}', 413, "too_large"),
    ],
)
def test_bad_bodies(company: Company, body: bytes, status: int, code: str) -> None:
    problem(company.root("POST", "/incidents", body), status, code)


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", ""],
)
def test_other_types_of_body(company: Company, kind: str) -> None:
    problem(company.root("POST", "/incidents", b'{"title": "x"}', Content_Type=kind), 415, "unsupported_media_type")


def test_merge_patch_counts_as_json(company: Company) -> None:
    made = company.root.post("/incidents", {"title": "x"}).json()
    kind = "application/merge-patch+json; charset=utf-8"
    response = company.root("PATCH", f"/incidents/{made['number']}", b'{"title": "y"}', Content_Type=kind)
    assert response.json()["title"] == "y"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("colour=red", "colour"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=ten", "limit"),
        ("limit=5&limit=6", "limit"),
        ("state=gone", "state"),
        ("priority=9", "priority"),
        ("sort=title", "sort"),
        ("sort=-opened_at;drop", "sort"),
        ("cursor=nonsense", "cursor"),
        ("cursor=%00", "cursor"),
        ("opened_after=yesterday", "opened_after"),
        ("opened_after=2026-13-45T00:00:00Z", "opened_after"),
        ("q=%00", "q"),
        ("team=foreign", "team"),
        ("requester=sam@elsewhere.example", "requester"),
    ],
)
def test_bad_parameters(company: Company, query: str, field: str) -> None:
    found = problem(company.amira.get(f"/incidents?{query}"), 422, "invalid")
    assert [error["field"] for error in found["errors"]] == [field]


@pytest.mark.parametrize("path", ["/people", "/teams", "/services", "/organisations", "/categories"])
@pytest.mark.parametrize(
    "query", ["colour=red", "limit=0", "limit=201", "limit=1&limit=2", "cursor=WyJhIiwxXQ", "q=%00"]
)
def test_bad_parameters_elsewhere(company: Company, path: str, query: str) -> None:
    found = problem(company.root.get(f"{path}?{query}"), 422, "invalid")
    assert [error["field"] for error in found["errors"]] == [query.split("=")[0]]


def test_too_many_parameters(company: Company) -> None:
    assert company.root.get("/incidents?" + "&".join(f"a{n}=1" for n in range(5000))).status_code == 400


def test_a_fault_of_ours_says_nothing(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(frame, "_check_query", broken)
    response = company.root.get("/me")
    found = problem(response, 500, "fault")
    assert b"secret" not in response.content and b"Traceback" not in response.content
    assert found["request_id"] in found["detail"]


def test_database_away(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(frame, "sign_in", away)
    response = company.root.get("/me")
    problem(response, 503, "unavailable")
    assert int(response["Retry-After"]) > 0
    assert b"server closed" not in response.content


@override_settings(ALLOWED_HOSTS=["example.org"])
def test_strange_hosts_are_refused(company: Company) -> None:
    refused = company.root.post("/incidents", {"title": "x"}, Host="evil.example")
    problem(refused, 400, "unreadable")
    assert "evil" not in refused.content.decode()


def test_sentences_follow_the_person(company: Company) -> None:
    company.cast.claire.language = "da"
    company.cast.claire.save(update_fields=["language"])
    problem(company.claire.get("/incidents/INC-999999"), 404, "not_found")
    from django.utils.translation import get_language

    assert get_language() == "en"


def test_revoked_expired_and_deactivated(company: Company) -> None:
    from quell.kernel.people.models import ApiToken, Person

    assert company.claire.get("/me").status_code == 200
    ApiToken.objects.filter(person=company.cast.claire).update(expires_at="2020-01-01T00:00:00Z")
    problem(company.claire.get("/me"), 401, "not_signed_in")
    assert company.paul.get("/me").status_code == 200
    Person.objects.filter(pk=company.cast.paul.pk).update(is_active=False)
    problem(company.paul.get("/me"), 401, "not_signed_in")
