"""The portal on a phone’s home screen: a manifest whose icons are there, a worker that keeps nothing of anybody’s."""

from __future__ import annotations

import re
import struct

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from quell.kernel.testing.cast import Cast

from .conftest import Enter

pytestmark = pytest.mark.django_db


def test_the_manifest_names_icons_of_their_size(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    said = answer.json()
    assert (said["start_url"], said["display"]) == ("/portal/", "standalone")
    for icon in said["icons"]:
        found = finders.find(re.sub(r"^/static/|\.[0-9a-f]{12}(?=\.png)", "", icon["src"]))
        assert found, icon["src"]
        with open(found, "rb") as file:  # noqa: PTH123 - a path from the finder
            width, height = struct.unpack(">II", file.read(24)[16:])
        assert icon["sizes"] == f"{width}x{height}"
    assert {icon.get("purpose", "any") for icon in said["icons"]} == {"any", "maskable"}


def test_the_manifest_speaks_the_visitors_language(client: Client) -> None:
    assert client.get("/manifest.webmanifest", headers={"Accept-Language": "da"}).json()["lang"] == "da"


def test_the_worker_keeps_the_offline_page_and_static_files_only(client: Client) -> None:
    answer = client.get("/service-worker.js")
    script = answer.content.decode()
    assert answer["Content-Type"].startswith("text/javascript") and "no-store" in answer["Cache-Control"]
    kept = re.search(r"const FILES = (\[.*?\]);", script)
    assert kept and all(name.startswith("/static/") for name in re.findall(r'"([^"]+)"', kept[1]))
    assert '"/offline"' in script and "/portal" not in re.sub(r'"/static/[^"]*"', "", script)
    assert "cache.put" not in script and "eval" not in script


def test_the_offline_page_is_the_same_for_everybody(people: Cast, enter: Enter, client: Client) -> None:
    page = client.get("/offline").content
    assert page == enter(people.claire).get("/offline").content
    assert b"csrf" not in page and b"Claire" not in page and b"data-user" not in page


def test_pages_of_the_portal_point_at_the_manifest(people: Cast, enter: Enter) -> None:
    answer = enter(people.claire).get("/portal/")
    assert b'rel="manifest"' in answer.content
    assert "worker-src" not in answer["Content-Security-Policy"]  # 'self' by default-src is enough
