"""What every answer carries, page or API, found or refused; and the doors of the browser: CSRF, redirects, Host."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from .addresses import Route, fillings, operations, pages, routes, send
from .world import World

pytestmark = pytest.mark.django_db
#: No link of ours, in any of the ways browsers have been fooled with.
AWAY = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "///evil.example",
    "javascript:alert(1)",
    "http://testserver@evil.example/",
    "/\t/evil.example",
    "\x01https://evil.example",
    "https://testserver.evil.example/",
)
#: Pages that only tell machines how the instance is, and set no cookie either.
HEALTH = ("/healthz", "/readyz")


def must_be_guarded(answer: Any, route: Route, where: str) -> None:
    """The headers of security.md 3.4, on whatever was answered."""
    policy = answer.headers.get("Content-Security-Policy", "")
    assert answer.headers.get("X-Content-Type-Options") == "nosniff", where
    assert "default-src" in policy, where
    assert "frame-ancestors 'none'" in policy or "sandbox" in policy, where
    assert (
        "unsafe-inline" not in policy.replace("style-src 'unsafe-inline'; sandbox", "") and "unsafe-eval" not in policy
    ), where
    assert answer.headers.get("Referrer-Policy") in ("same-origin", "no-referrer"), where
    file = "/attachments/" in where and answer.status_code in (200, 304)
    cache = answer.headers.get("Cache-Control", "")
    if file:
        assert "private" in cache, where
    elif not where.endswith("openapi.json"):
        assert "no-store" in cache or answer.headers.get("Content-Type", "").startswith("text/css"), where
    if route.api:
        assert not answer.cookies and "Access-Control-Allow-Origin" not in answer.headers, where
    assert "Server" not in answer.headers and "X-Powered-By" not in answer.headers, where


@pytest.mark.parametrize("name", ["root", "claire", "visitor"])
def test_every_answer_is_guarded(world: World, name: str) -> None:
    someone = world[name]
    for route in routes():
        for values, _twin in fillings(world, route, share=(0, 6)):
            path = route.fill(values)
            for method in ("GET", "OPTIONS", "PUT") if name == "visitor" else ("GET",):
                headers = someone.bearer if route.api else {}
                answer = someone.browser.generic(method, path, headers=headers)
                assert answer.status_code < 500, path
                must_be_guarded(answer, route, f"{method} {path}")
                if answer.streaming:
                    b"".join(answer.streaming_content)
    for path in ("/nowhere", "/api/v1/nowhere", "/api/nowhere", "/%00", "/incidents/%ff"):
        answer = someone.browser.get(path)
        assert 400 <= answer.status_code < 500 or answer.status_code == 302, path
        must_be_guarded(answer, Route(path, (), ("GET",), path.startswith("/api")), path)


def test_every_unsafe_page_wants_a_csrf_token(world: World) -> None:
    """Generated from the resolver: a new form without one fails here, signed in or not."""
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(world.cast.root)
    methods = ("POST", "PUT", "PATCH", "DELETE")
    for client, tried in (
        (strict, methods),
        (Client(enforce_csrf_checks=True, raise_request_exception=False), methods[:1]),
    ):
        for route in pages():
            if route.template in HEALTH:
                continue
            for values, _twin in fillings(world, route, share=(0, 7)):
                for method in tried:
                    answer = client.generic(method, route.fill(values))
                    assert answer.status_code in (403, 405), (method, route.template, answer.status_code)
                    if method == "POST":
                        forged = client.post(
                            route.fill(values),
                            {"csrfmiddlewaretoken": "x" * 64},
                            headers={"Origin": "https://evil.example"},
                        )
                        assert forged.status_code in (403, 405), route.template


def test_cookies_are_kept_from_scripts_and_other_sites(world: World) -> None:
    cache.clear()
    client = Client()
    world.wanda.set_password("correct horse 4711")
    world.wanda.save()
    answer = client.post("/sign-in", {"login": world.wanda.email, "password": "correct horse 4711"})
    assert answer.status_code == 302
    session = next(cookie for name, cookie in answer.cookies.items() if "session" in name)
    assert session["httponly"] and session["samesite"] == "Lax"
    assert all(cookie["samesite"] in ("Lax", "Strict") for cookie in answer.cookies.values())


@pytest.mark.parametrize("away", AWAY)
def test_nobody_is_sent_away(world: World, away: str) -> None:
    """`next` by address and by form, on every page that might follow it; and hidden in a path."""
    cache.clear()
    world.wanda.set_password("correct horse 4711")
    world.wanda.save()
    signed = {"login": world.wanda.email, "password": "correct horse 4711", "next": away}
    answers = [
        Client().post("/sign-in", signed),
        Client().post("/preferences", {"theme": "dark", "next": away}),
        world["claire"].browser.get("/sign-in", {"next": away}),
        Client().get("/sign-in", {"next": away}),
        send(world["claire"].browser, "POST", "/sign-out", body={"next": away}),
        Client().get("//evil.example/%2e%2e"),
    ]
    assert answers[0].status_code == 302
    for answer in answers:
        place = answer.headers.get("Location", "/")
        assert place.startswith("/") and not place.startswith(("//", "/\\")) and "evil" not in place.split("?")[0], (
            place
        )


def test_no_route_follows_a_foreign_next(world: World) -> None:
    """Generated: every page, asked to go elsewhere."""
    for route in pages():
        for values, _twin in fillings(world, route, share=(0, 5)):
            path = route.fill(values)
            if "sign-out" in path:
                continue
            for method in ("GET", "POST"):
                extra = {"next": "https://evil.example/", "url": "//evil.example", "return": "https://evil.example/"}
                answer = send(world["visitor"].browser, method, path, body=extra, query=extra)
                place = answer.headers.get("Location", "/")
                assert place.startswith("/") and not place.startswith("//"), (method, path, place)


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "evil.example:8000", "testserver@evil.example", "[::2]", ""]
)
def test_an_unknown_host_is_refused(world: World, host: str) -> None:
    """By page and by API; and no answer repeats it."""
    someone = world["claire"]
    for path, headers in (
        ("/portal/", {}),
        ("/sign-in", {}),
        ("/api/v1/me", someone.bearer),
        ("/api/v1/openapi.json", {}),
    ):
        answer = someone.browser.get(path, headers={**headers, "Host": host})
        assert answer.status_code == 400, path
        assert b"evil" not in answer.content


def test_a_forwarded_host_is_not_believed(world: World) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Host": "evil.example", "Forwarded": "host=evil.example"}
    answer = world["claire"].browser.get("/portal/", headers=headers)
    assert answer.status_code == 200 and b"evil.example" not in answer.content
    made = send(
        world["claire"].browser,
        "POST",
        "/api/v1/incidents",
        bearer={**world["claire"].bearer, **headers},
        body={"title": "x"},
    )
    assert made.status_code == 201 and "evil" not in made.headers["Location"] and b"evil" not in made.content


def test_the_api_knows_no_cookie(world: World) -> None:
    """With a session alone every operation is a stranger's; so no page of another site can call it."""
    for route in operations():
        for method in route.methods:
            for values, _twin in fillings(world, route):
                if not route.template.endswith("openapi.json"):
                    assert send(world["claire"].browser, method, route.fill(values), body={}).status_code == 401
