"""What pages weigh on the wire, as served (ux.md 3.9). kB are 1,000 bytes, of what really travels."""

from __future__ import annotations

import re
import urllib.request

import pytest
from django.test import Client
from playwright.sync_api import Page

from quell.practices.incidents import facade

from .conftest import House, Known, Window

pytestmark = pytest.mark.browser
KB = 1000
TICKET, LIST, PORTAL = 15 * KB, 25 * KB, 10 * KB
STYLE, SCRIPT = 20 * KB, 45 * KB
AGENT_VIEW, PORTAL_VIEW = 90 * KB, 70 * KB
MOST_NODES = 1500


@pytest.fixture(scope="module")
def number(house: House, known: Known) -> str:
    """A ticket with twenty messages, in a house whose lists are longer than their page."""
    claire, amira = house.people.actor("claire"), house.people.actor("amira")
    found = facade.report(claire, {"title": "VPN drops after every restart", "description": "Log below. " * 40})
    for at in range(10):
        told = {"body": f"Try {at}: gateway {at * 7919} restarted, tunnel rebuilt.", "visibility": "public"}
        facade.act(amira, "comment", found, told)
        facade.act(claire, "comment", found, {**told, "body": f"Try {at} changed nothing; error {at * 104729}."})
    return found


def travelled(house: House, person: str, path: str) -> int:
    """Bytes of the page's own document."""
    client = Client()
    client.force_login(getattr(house.people, person))
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    asked = urllib.request.Request(
        house.address + path, headers={"Cookie": cookies, "Accept-Encoding": "gzip, deflate, br"}
    )
    with urllib.request.urlopen(asked) as answer:
        assert answer.headers["Content-Encoding"] == "gzip", path
        assert {"Accept-Encoding", "HX-Request"} <= set(re.split(r",\s*", answer.headers["Vary"]))
        return len(answer.read())


def test_documents(house: House, number: str) -> None:
    assert travelled(house, "amira", f"/incidents/{number}?state=open") <= TICKET
    assert travelled(house, "amira", "/incidents/?state=open&sort=priority") <= LIST
    assert travelled(house, "amira", "/") <= LIST
    for path in ("/portal/", "/portal/report", "/portal/requests", f"/portal/requests/{number}"):
        assert travelled(house, "claire", path) <= PORTAL, path


def first_view(page: Page, path: str) -> dict[str, int]:
    """Bytes by kind that a browser with nothing kept loads for a page."""
    wire = page.context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    found: dict[str, int] = {}

    def ended(told: dict[str, int | str]) -> None:
        kind = kinds.get(str(told["requestId"]), "Other")
        found[kind] = found.get(kind, 0) + int(told["encodedDataLength"])

    wire.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]}))
    wire.on("Network.loadingFinished", ended)
    wire.send("Network.enable")
    page.goto(path)
    page.wait_for_load_state("networkidle")
    wire.detach()
    return found


@pytest.mark.parametrize(
    ("person", "path", "most"),
    [
        ("amira", "/", AGENT_VIEW),
        ("amira", "/incidents/?state=open&sort=priority", AGENT_VIEW),
        ("amira", "/incidents/{number}?state=open", AGENT_VIEW),
        ("root", "/admin/matrix", AGENT_VIEW),
        ("claire", "/portal/", PORTAL_VIEW),
        ("claire", "/portal/report", PORTAL_VIEW),
        ("claire", "/portal/requests", PORTAL_VIEW),
    ],
)
def test_first_views(window: Window, number: str, person: str, path: str, most: int) -> None:
    page = window(person).new_page()
    found = first_view(page, path.replace("{number}", number))
    assert found.get("Stylesheet", 0) <= STYLE, found
    assert found.get("Script", 0) <= SCRIPT, found
    assert found.get("Font", 0) == 0
    assert 0 < sum(found.values()) <= most, found
    assert page.evaluate("document.querySelectorAll('*').length") <= MOST_NODES


def test_what_is_not_a_page_is_not_packed(house: House) -> None:
    asked = urllib.request.Request(f"{house.address}/healthz", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked) as answer:
        assert answer.headers["Content-Encoding"] is None
