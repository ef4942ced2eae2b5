"""Shells, error pages, preferences and the rings round every page."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from quell.kernel.config.refusal import Refusal, WrongState
from quell.kernel.ui import errors, middleware
from quell.kernel.ui.styleguide import SAMPLES

PAGES = ["/styleguide", *(f"/styleguide/{name}" for name in SAMPLES)]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_one_heading_a_skip_link_a_language_and_a_strict_policy(client: Client, address: str) -> None:
    answer = client.get(address)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert len(re.findall(r"<h1\b", html)) == 1
    assert '<a class="skip" href="#main">' in html
    assert re.search(r'<html lang="[a-z-]+"', html)
    assert 'id="main"' in html
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert answer["Cache-Control"] == "no-store"
    assert "HX-Request" in answer["Vary"]


def test_theme_and_density_come_from_the_cookie_and_nothing_else_does(client: Client) -> None:
    client.cookies["theme"] = "dark"
    client.cookies["density"] = '"><script>'
    html = client.get("/styleguide").content.decode()
    assert 'data-theme="dark"' in html
    assert "data-density" not in html


def test_preferences_keep_and_forget(client: Client) -> None:
    answer = client.post("/preferences", {"theme": "dark", "density": "compact", "next": "/styleguide"})
    assert (answer.status_code, answer["Location"]) == (302, "/styleguide")
    assert client.cookies["theme"].value == "dark"
    assert client.cookies["density"].value == "compact"
    client.post("/preferences", {"theme": "auto"})
    assert client.cookies["theme"].value == ""
    assert client.get("/preferences").status_code == 405


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example", ""]
)
def test_preferences_never_lead_away(client: Client, target: str) -> None:
    assert client.post("/preferences", {"theme": "dark", "next": target})["Location"] == "/"


def test_not_found_is_a_page_for_people_and_a_toast_for_a_fragment(client: Client) -> None:
    whole = client.get("/nowhere-at-all")
    assert whole.status_code == 404
    assert b"<h1>Not found</h1>" in whole.content
    assert b"nowhere-at-all" not in whole.content.split(b"<body")[1]
    part = client.get("/nowhere-at-all", headers={"HX-Request": "true"})
    assert part.status_code == 404
    assert part["HX-Retarget"] == "#toasts"
    assert b"<html" not in part.content


def _request(**headers: str) -> HttpRequest:
    request = RequestFactory().get("/x", headers=headers)
    request.user = AnonymousUser()
    return request


def test_a_refusal_says_its_own_sentence() -> None:
    def refuse(request: HttpRequest) -> HttpResponse:
        raise Refusal

    ring = middleware.Pages(refuse)
    answer = ring.process_exception(_request(), WrongState("This incident is closed; reopen it first."))
    assert answer is not None
    assert answer.status_code == 409
    assert b"This incident is closed; reopen it first." in answer.content
    partial = ring.process_exception(_request(**{"HX-Request": "true"}), WrongState("Closed <b>"))
    assert partial is not None
    assert b"Closed &lt;b&gt;" in partial.content
    assert ring.process_exception(_request(), RuntimeError("secret")) is None


def test_a_form_sent_by_script_is_told_where_to_go(client: Client) -> None:
    answer = client.post("/preferences", {"theme": "dark", "next": "/styleguide"}, headers={"X-Form": "1"})
    assert (answer.status_code, answer["Quell-Location"], answer.content) == (204, "/styleguide", b"")
    assert "Location" not in answer
    assert client.cookies["theme"].value == "dark"


def test_the_api_answers_for_itself() -> None:
    request = RequestFactory().get("/api/v1/incidents")
    ring = middleware.Pages(lambda request: HttpResponse("{}", content_type="application/json"))
    assert "Content-Security-Policy" not in ring(request)
    assert ring.process_exception(request, WrongState("no")) is None


def test_a_fault_tells_only_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    request = _request()
    request.request_id = "7F3K"  # type: ignore[attr-defined]
    answer = errors.server_error(request)
    assert answer.status_code == 500
    assert b"7F3K" in answer.content
    assert b"quell.css" in answer.content

    def broken(name: str) -> str:
        raise ValueError(name)

    monkeypatch.setattr(errors, "static", broken)
    assert b"/static/quell/quell.css" in errors.server_error(request).content


def test_the_persona_speaks_the_persons_language_and_zone() -> None:
    class Person:
        language, timezone = "da", "Asia/Shanghai"

    seen: list[tuple[str | None, str]] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append((translation.get_language(), timezone.get_current_timezone_name()))
        return HttpResponse()

    request = RequestFactory().get("/", headers={"Accept-Language": "fr"})
    request.user = Person()  # type: ignore[assignment]
    answer = middleware.Persona(view)(request)
    assert seen == [("da", "Asia/Shanghai")]
    assert answer["Content-Language"] == "da"
    Person.language, Person.timezone = "xx", "Nowhere/../../etc/passwd"
    middleware.Persona(view)(request)
    assert seen[1] == ("en", "UTC")


def test_a_toast_is_appended_to_a_fragment() -> None:
    html = errors.toast(_request(), "Assigned to Amira", undo_url="/undo/7")
    assert html.startswith('<hx-partial hx-target="#toasts" hx-swap="beforeend">')
    assert 'action="/undo/7"' in html
