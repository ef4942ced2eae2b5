"""Every address of the product, taken from Django's resolver and from the OpenAPI document, and how to fill them.

A new route is tried without a line here. A parameter that `HIDDEN` and `OPEN` do not know fails the tests until
somebody says what belongs to the victim there and what does not exist.
"""

from __future__ import annotations

import copy
import html
import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any
from urllib.parse import quote

import orjson
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from quell.kernel.api.frame import mounted
from quell.kernel.api.openapi import document
from quell.workspaces.desk import forms, verbs, work

from .world import Someone, World

HEX = "0123456789abcdef0123456789abcdef"
#: What does not exist, by the kind of thing.
NOWHERE = {
    "number": "INC-999999", "id": "990099009900", "code": "nowhere-at-all", "email": "nobody@nowhere.example",
    "path": "nowhere-at-all",
}  # fmt: skip


@dataclass(frozen=True)
class Hidden:
    """A parameter that names something of the victim's: its values, and the kind for what does not exist."""

    kind: str
    values: tuple[str, ...]
    place: bool = False  #: colleagues of the victim may know it


def hidden(world: World) -> dict[str, Hidden]:
    """By the name of the parameter, or by `collection/{name}` where the name alone says too little."""
    ids = {name: str(value) for name, value in world.ids.items()}
    place = {"place": True}
    return {
        "number": Hidden("number", (world.number,)),
        "tasks/{number}": Hidden("number", (world.task,)),
        "task": Hidden("number", (world.task,)),
        "lines/{line_id}": Hidden("id", (ids["tick"],)),
        "checklist-lines/{line_id}": Hidden("id", (ids["tick"],)),
        "template_id": Hidden("id", (ids["template"],), **place),
        "entry_id": Hidden("id", (ids["hours"],)),
        "clock_id": Hidden("id", (ids["clock"],)),
        "step_id": Hidden("id", (ids["step"],), **place),
        "attachment_id": Hidden("id", (ids["public"], ids["hidden"])),
        "line": Hidden("id", (ids["line"],)),
        "line_id": Hidden("id", (ids["line"],)),
        "absence_id": Hidden("id", (ids["absence"],), **place),
        "message_id": Hidden("id", (ids["message"],)),
        "canned_id": Hidden("id", (ids["canned"],)),
        "text_id": Hidden("id", (ids["canned"],)),
        "macro_id": Hidden("id", (ids["macro"],)),
        "reminder_id": Hidden("id", (ids["reminder"],)),
        "enclosure_id": Hidden("id", (ids["enclosed"],)),
        "file_id": Hidden("id", (ids["enclosed"],)),
        "token_id": Hidden("id", (ids["token"],)),
        "device_id": Hidden("id", (ids["device"],)),
        "grant_id": Hidden("id", (ids["grant"],), **place),
        "person_id": Hidden("id", (ids["person"],), **place),
        "team_id": Hidden("id", (ids["team"],), **place),
        "organisation_id": Hidden("id", (ids["place"],), **place),
        "category_id": Hidden("id", (ids["category"],), **place),
        "announcement_id": Hidden("id", (ids["outage"],), **place),
        "views/{key}": Hidden("id", (ids["view"],)),
        "batch_id": Hidden("id", (ids["batch"],)),
        "export_id": Hidden("id", (ids["export"],)),
        "services/{code}": Hidden("code", ("quaggaservice",), **place),
        "calendars/{code}": Hidden("code", ("quaggahours",), **place),
        "holiday-sets/{code}": Hidden("code", ("quaggafeast",), **place),
        "agreements/{code}": Hidden("code", ("quaggaagreement",), **place),
        "health/{code}": Hidden("code", ("quaggaservice",), **place),
        "teams/{code}": Hidden("code", ("quaggateam",), **place),
        "organisations/{code}": Hidden("code", ("gungun",), **place),
        "email": Hidden("email", ("quaggaperson@gungun.example",), **place),
    }


def everybodys(world: World) -> dict[str, tuple[str, ...]]:
    """Parameters that name nothing of anybody's."""
    return {
        "verb": (*forms.VERBS, *verbs.AT_ONCE),
        "{task}/{verb}": work.VERBS,
        "{line_id}/{verb}": work.LINE_VERBS,
        "name": (*forms.FACTS,),
        "styleguide/{name}": ("queue",),
        "role_id": (str(world.ids["role"]),),
        "roles/{code}": ("agent",),
        "metrics/{code}": ("resolution",),
        "version_number": ("1",),
        "settings/{key}": ("incidents.follow_up_days",),
        "place": ("queue", "home"),
        "uidb64": ("MQ",),
        "token": ("set-password", "c1a2b3-" + HEX),
    }


@dataclass(frozen=True)
class Route:
    """An address with open places, and its methods (None: any a page may know)."""

    template: str
    names: tuple[str, ...]
    methods: tuple[str, ...]
    api: bool
    schemas: Mapping[str, Any] = field(default_factory=dict, hash=False, compare=False)
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False, compare=False)
    source: str = field(default="", hash=False, compare=False)

    def key(self, name: str) -> str:
        """`collection/{name}`: the step before an open place says what it is a place of."""
        before = self.template.split("{" + name + "}")[0].rstrip("/").rsplit("/", 1)[-1]
        return f"{before}/{{{name}}}"

    def fill(self, values: Mapping[str, str]) -> str:
        """The address with its open places filled."""
        path = self.template
        for name in self.names:
            path = path.replace("{" + name + "}", quote(values[name], safe="@+"))
        return path


@cache
def pages() -> list[Route]:
    """Every page, without the API."""
    found = []
    for path, view in _patterns(get_resolver()):
        if path.startswith("api/"):
            continue
        module = sys.modules[getattr(view, "view_class", view).__module__]
        template = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)
        found.append(
            Route(
                template,
                tuple(re.findall(r"{(\w+)}", template)),
                ("GET", "POST"),
                api=False,
                source=inspect.getsource(module),
            )
        )
    return found


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, Any]]:
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield path, one.callback
        else:
            yield from _patterns(one, path)


@cache
def api_document() -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = orjson.loads(orjson.dumps(document(mounted()[0])))
    return found


@cache
def operations() -> list[Route]:
    """Every path of the API with its methods, the schemas of its bodies and the names of its query parameters."""
    found = []
    for path, methods in api_document()["paths"].items():
        schemas = {m.upper(): one["requestBody"]["content"] for m, one in methods.items() if "requestBody" in one}
        parameters = {
            m.upper(): tuple(p["name"] for p in one.get("parameters", []) if p["in"] == "query")
            for m, one in methods.items()
        }
        names = tuple(re.findall(r"{(\w+)}", path))
        found.append(Route(path, names, tuple(m.upper() for m in methods), True, schemas, parameters))
    return found


def routes() -> list[Route]:
    """All of them."""
    return [*pages(), *operations()]


def fillings(
    world: World, route: Route, *, colleague: bool = False, share: tuple[int, int] = (0, 1)
) -> Iterator[tuple[dict[str, str], dict[str, str] | None]]:
    """Each way to fill a route with the victim's things, and beside it the same with what does not exist (None when
    nothing here is hidden from this reader). `share` (which, of how many) takes a part of what is not the victim's,
    such as verbs. Raises KeyError for a parameter nobody has spoken for."""
    secret, plain = hidden(world), everybodys(world)
    choices: list[list[tuple[str, str]]] = []
    for name in route.names:
        known = secret.get(route.key(name)) or secret.get(name)
        if known is not None and route.key(name) not in plain:
            twin = None if colleague and known.place else NOWHERE[known.kind]
            choices.append([(value, twin or value) for value in known.values])
        else:
            values = plain[route.key(name)] if route.key(name) in plain else plain[name]
            some = values[share[0] % len(values) :: share[1]]
            choices.append([(value, value) for value in some])
    for chosen in product(*choices):
        mine = dict(zip(route.names, (one for one, _twin in chosen), strict=True))
        twin_values = dict(zip(route.names, (twin for _one, twin in chosen), strict=True))
        yield mine, (twin_values if twin_values != mine else None)


def send(
    client: Client,
    method: str,
    path: str,
    *,
    bearer: Mapping[str, str] | None = None,
    body: Any = None,
    query: Mapping[str, str] | None = None,
    partial: bool = False,
) -> Any:
    """A request as a browser (form) or a program (`bearer`, JSON) sends it. Cookies that it sets are not kept: what the
    request did is rolled back, so the next one must come from the same session."""
    kept = copy.copy(client.cookies)
    try:
        return _send(client, method, path, dict(bearer or {}), body, query, partial=partial)
    finally:
        client.cookies = kept


def _send(
    client: Client,
    method: str,
    path: str,
    headers: dict[str, str],
    body: Any,
    query: Mapping[str, str] | None,
    *,
    partial: bool,
) -> Any:
    if partial:
        headers |= {"HX-Request": "true", "HX-Request-Type": "partial"}
    if method in ("GET", "HEAD"):
        return client.generic(method, path, QUERY_STRING=_encoded(query or {}), headers=headers)
    if path.startswith("/api/") and not isinstance(body, Form):
        return client.generic(method, path, orjson.dumps(body or {}), content_type="application/json", headers=headers)
    return client.post(path, body or {}, headers=headers)


class Form(dict[str, Any]):
    """A body that goes as multipart/form-data."""


def _encoded(query: Mapping[str, str]) -> str:
    return "&".join(f"{quote(name)}={quote(value, safe='')}" for name, value in query.items())


def said(cookie: str) -> str:
    """The sentences a cookie carries to the next page; its signature holds the second it was made in."""
    return "messages=" + repr([str(one) for one in CookieStorage(HttpRequest())._decode(cookie) or []])


def text_of(answer: Any) -> str:
    """Body and headers as one text."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    cookies = "\n".join(
        morsel.OutputString() if name != "messages" else said(morsel.value) for name, morsel in answer.cookies.items()
    )
    return headers + "\n" + cookies + "\n\n" + content.decode("utf-8", "replace")


_NOISE = re.compile(
    r"""csrfmiddlewaretoken"\s+value="[^"]+"|name="token"\s+value="[^"]*"|csrf-\d+=\w+|[0-9a-f]{32,}|[A-Za-z0-9]{64}"""
    r"""|X-Request-ID: \S+|"request_id":"[^"]+"|Content-Length: \d+|Expires: [^\n]+|expires=[^;\n]+"""
    r"""|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)?|\b\d\d:\d\d\b|data-since="\d+"|"(?:last|id)": ?"[\w-]{32}"""
)


def comparable(answer: Any, names: Iterable[str]) -> str:
    """An answer without what differs from call to call, and with `names` (numbers, ids, codes) made the same."""
    text = f"{answer.status_code}\n{html.unescape(text_of(answer))}"
    forms = {f for n in names for f in (n, quote(n, safe=""), quote(quote(n, safe=""), safe=""), quote(n), n.lower())}
    if forms:
        alternatives = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
        text = re.sub(rf"(?:(?<!\w)|(?<=%[0-9A-F][0-9A-F]))(?:{alternatives})(?!\w)", "§", text)
    return _NOISE.sub("~", text)


def answers_of(someone: Someone) -> dict[str, str]:
    """What every address without open places shows to somebody, by page and by API."""
    found = {}
    for route in routes():
        if not route.names and "GET" in route.methods and not route.template.endswith(("openapi.json", "/sign-out")):
            bearer = someone.bearer if route.api else None
            found[route.template] = comparable(send(someone.browser, "GET", route.template, bearer=bearer), ())
    return found
