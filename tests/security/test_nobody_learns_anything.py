"""Strangers, colleagues and visitors try every address with every number, id and file of a victim, by page and by API:
none learns a word, none changes a thing, and what is hidden answers exactly as what does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

import quell.workspaces
from quell.kernel.people.models import Membership
from quell.kernel.people.tokens import issue
from quell.kernel.records.models import Record
from quell.practices.incidents import facade

from .addresses import (
    NOWHERE,
    Route,
    answers_of,
    comparable,
    fillings,
    hidden,
    operations,
    pages,
    routes,
    send,
    text_of,
)
from .bodies import NAMED, form_bodies, json_body, properties, superset, view_name
from .traces import Undone, difference, state
from .world import INTERNAL, INTRUDERS, PLACES, RECORD, STRANGERS, Someone, World

pytestmark = pytest.mark.django_db
BEFORE = True
KINDS = {"pages": pages, "api": operations}
#: Words that one of the two never says to anybody: the other has them.
UNSAID = {
    "pages": ("quokkasteps", "quokkahours"),
    "api": (
        "quokkadraft", "quokkaref", "quokkaflu", "quaggahouse", "quaggaplace", "quaggaskill", "quaggarule",
    ),
}  # fmt: skip
#: Query parameters of lists that name something; `NOWHERE` has what does not exist.
ASKED = {**NAMED, "role": ("code", "agent"), "agreement": ("code", "hidden-promise"),
         "again": ("number", ""), "q": ("code", ""), "query": ("code", ""),
         "number": ("number", ""), "numbers": ("number", ""), "selected": ("number", "")}  # fmt: skip
#: What colleagues of the victim do for themselves, with what their whole organisation may know.
FOR_THEMSELVES = ("/me-too", "/not-me", "/dismiss", "/follow", "/unfollow")
#: How a page's module reads a parameter of its address.
READ = r'GET[^\n]*"%s"|asked\(request, "%s"|for name in \([^)]*"%s"'.replace("%s", "%(name)s")
#: Those that name nothing of anybody's.
PLAIN = {
    "limit",
    "cursor",
    "sort",
    "state",
    "state_category",
    "priority",
    "channel",
    "hold_reason",
    "major",
    "mine",
    "opened_after",
    "opened_before",
    "updated_after",
    "due_before",
    "clock",
    "active",
    "kind",
    "show",
    "title",
    "tab",
    "lines",
    "part",
    "trashed",
    "unread",
    "before",
    "next",
    "subject",
    "size",
    "task",
    "impact",
    "urgency",
    "visibility",
    "at_most",
    "text",
    "phase",
    "most",
    "as",
    "at",
    "back",
    "caret",
    "copy",
    "field",
    "foresee",
    "list",
    "metric",
    "newer",
    "older",
    "open",
    "shelf",
    "slot",
    "started_after",
    "started_before",
    "trash",
    "try",
    "version",
    "week",
    "key",
    "figure",
    "start",
    "which",
    "zone",
    "period",
    "year",
    "hours",
    "end",
    "source",
    "group",
    "basis",
    "unit",
    "percent",
    "from",
    "to",
    "amount",
    "by",
    "holder",
    "target",
}


@pytest.fixture(scope="module")
def forms(world: World) -> dict[str, dict[str, Any]]:
    """The product's own forms, as those see them who may use them."""
    return form_bodies(world)


def secrets_from(name: str) -> tuple[str, ...]:
    """The words this person may not read."""
    return (*RECORD, *PLACES) if name in STRANGERS else RECORD


def must_be_silent(name: str, answer: Any, sent: str, where: str) -> None:
    """No 5xx, and no secret word that was not in the question itself."""
    assert answer.status_code < 500, f"{name}: {where} → {answer.status_code}"
    said = text_of(answer).lower() if not answer.streaming else b"".join(answer).decode("utf-8", "replace").lower()
    learnt = [word for word in secrets_from(name) if word in said and word not in sent.lower()]
    assert not learnt, f"{name} learns {learnt} from {where} ({answer.status_code})"


def ways_in(someone: Someone, route: Route) -> dict[str, str] | None:
    """The headers that belong to a route: the token for the API, the session's cookie for pages."""
    return someone.bearer if route.api else None


def body_for(route: Route, method: str, path: str, world: World, forms: dict[str, dict[str, Any]]) -> Any:
    """What somebody would send there."""
    if route.api:
        body = json_body(route, method)
        return {**body, "number": world.number} if isinstance(body, dict) and "number" in body else body
    return forms.get(view_name(path)) or superset(world)


def test_every_parameter_is_known(world: World) -> None:
    """A new route with a new kind of parameter stands here until `addresses.py` knows how to fill it."""
    unknown = []
    for route in routes():
        try:
            assert list(fillings(world, route))
        except KeyError as missing:
            unknown.append((route.template, str(missing)))
    asked = {name for route in operations() for names in route.parameters.values() for name in names}
    for file in Path(next(iter(quell.workspaces.__path__))).rglob("*.py"):
        asked |= set(re.findall(r'(?:GET\.get(?:list)?\(|GET\[|asked\(request, )"(\w+)"', file.read_text()))
    assert not unknown
    assert sorted(asked - set(ASKED) - PLAIN) == [], (
        "say in ASKED what belongs to the victim, or in PLAIN that it names nothing"
    )


def test_a_trace_is_found(world: World) -> None:
    """Without this, that nothing changed would prove nothing: one row in one table is seen, and rolled back."""
    before, records = state(), Record.objects.filter(number=world.number)
    for change in (lambda: records.update(version=4711), lambda: Membership.objects.first().delete()):
        with Undone() as attempt:
            change()
            assert attempt.changed(before) in (["records_record"], ["people_membership"])
        with Undone() as attempt:
            assert attempt.changed(before) == []
            with transaction.atomic():
                change()
                transaction.set_rollback(True)
            assert attempt.changed(before) == []
    assert not difference(before, state())


@pytest.mark.parametrize("kind", KINDS)
def test_the_world_is_there_for_those_who_may(world: World, forms: dict[str, dict[str, Any]], kind: str) -> None:
    """Without this, silence would prove nothing: each word is found by somebody, each address leads somewhere."""
    said, empty = "", []
    for route in KINDS[kind]():
        for values, _twin in fillings(world, route):
            path, statuses = route.fill(values), set()
            if any(f"/admin/{room}/" in path for room in ("categories", "task-templates", "escalation")):
                path += "?organisation=gungun"  # an organisation's own are reached through it
            for method, name in [(m, n) for m in route.methods for n in ("raj", "root", "claire", "absent")]:
                if method != "GET" and (not route.names or not statuses <= {404, 405}):
                    break  # it is known to be there
                with Undone():
                    sent = body_for(route, method, path, world, forms)
                    answer = send(world[name].browser, method, path, bearer=ways_in(world[name], route), body=sent)
                    statuses.add(answer.status_code)
                    said += text_of(answer).lower() if method == "GET" else ""
                if answer.status_code == 200:
                    break
            if route.names and statuses <= {404, 405}:
                empty.append(path)
    # Why somebody is away is for themselves and those who lead them.
    if kind == "pages":
        said += text_of(send(world["absent"].browser, "GET", "/profile/availability")).lower()
    assert tuple(word for word in (*RECORD, *PLACES) if word not in said) == UNSAID[kind]
    assert not empty, "these addresses lead nowhere even for those who may"


@pytest.mark.parametrize("name", INTRUDERS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_address_with_everything_of_the_victim(
    world: World, forms: dict[str, dict[str, Any]], name: str, kind: str
) -> None:
    """Silent, without effect, and the same as for what is not there."""
    someone, before = world[name], state()
    known = {value for one in hidden(world).values() for value in one.values}
    told_apart, changed = [], []
    for route in KINDS[kind]():
        share = INTRUDERS.index(name), len(INTRUDERS)
        for values, twin in fillings(world, route, colleague=name not in STRANGERS, share=share):
            path = route.fill(values)
            for method in route.methods:
                if not route.names and method != "GET":
                    continue  # one's own affairs; tried with the victim's names below
                where = f"{method} {path}"
                body = body_for(route, method, path, world, forms)
                with Undone() as attempt:
                    answer = send(someone.browser, method, path, bearer=ways_in(someone, route), body=body)
                    must_be_silent(name, answer, path + str(body), where)
                    if method != "GET" and route.names and (gone := attempt.changed(before)):
                        if name in STRANGERS or not path.endswith(FOR_THEMSELVES):
                            changed.append((where, gone))
                    seen = comparable(answer, {*values.values(), *(twin or {}).values()} & {*known, *NOWHERE.values()})
                if twin is None:
                    continue
                with Undone():
                    if hasattr(body, "get") and hasattr(body.get("file"), "seek"):
                        body["file"].seek(0)
                    other = send(someone.browser, method, route.fill(twin), bearer=ways_in(someone, route), body=body)
                    names = {*values.values(), *twin.values()} & {*known, *NOWHERE.values()}
                    if comparable(other, names) != seen:
                        told_apart.append((where, answer.status_code, other.status_code))
    assert not changed
    assert not told_apart
    assert not difference(before, state())


@pytest.mark.parametrize("name", STRANGERS)
def test_nothing_of_theirs_changed_when_the_victim_came(world: World, name: str) -> None:
    """Every list, count, choice and counter reads as it did before there was anything to hide."""
    before, after = world.before[name], answers_of(world[name])  # type: ignore[attr-defined]
    # These tell the time, and when one's own token was last used.
    moving = {"/styleguide", "/profile/tokens", "/api/v1/tokens"}
    assert [path for path in before if before[path] != after[path] and path not in moving] == []


@pytest.mark.parametrize("name", INTRUDERS)
def test_lists_filters_and_searches(world: World, name: str) -> None:
    """Asking for the victim's words, numbers, people and places gives what asking for nonsense gives."""
    someone, told_apart = world[name], []
    for route in routes():
        if route.names or "GET" not in route.methods:
            continue
        same: dict[str, Any] = {}  # several questions have the same nonsense beside them
        for hidden_ones, nothing in asked_together(world, route, colleague=name not in STRANGERS):
            answers = []
            for query in (hidden_ones, nothing):
                with Undone():
                    answer = same.get(str(query)) or send(
                        someone.browser, "GET", route.template, bearer=ways_in(someone, route), query=query
                    )
                    if not answer.streaming:
                        same[str(query)] = answer
                    must_be_silent(name, answer, str(hidden_ones), f"{route.template}?{query}")
                    names = {*hidden_ones.values(), *nothing.values()}
                    answers.append(comparable(answer, {*names, *(one.upper() for one in names)}))
            if answers[0] != answers[1]:
                told_apart.append((route.template, hidden_ones))
    assert not told_apart


def asked_together(world: World, route: Route, *, colleague: bool) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Queries with what is hidden, each beside the same with what does not exist. A list of incidents names every
    parameter at fault, so all are asked at once there; elsewhere one by one."""
    lists = "given(" in route.source
    names = route.parameters.get("GET", ()) if route.api else facade.PARAMETERS if lists else tuple(ASKED)
    every: list[tuple[str, str, str]] = []
    for name in names:
        if name in ASKED and (route.api or lists or re.search(READ % {"name": name}, route.source)):
            for value, nothing in questions(world, name, colleague=colleague):
                if name == "q" or not lists:
                    yield {name: value}, {name: nothing}
                else:
                    every.append((name, value, nothing))
    if every:
        yield {name: value for name, value, _no in every}, {name: nothing for name, _value, nothing in every}


def questions(world: World, parameter: str, *, colleague: bool) -> list[tuple[str, str]]:
    """(what is hidden, what does not exist) for a query parameter."""
    kind, value = ASKED[parameter]
    if parameter in ("q", "query"):
        words = [(word, "quixotism") for word in ("quokkatitle", "quokkanote", "quokkaref")]
        places = [] if colleague else [(word, "quixotism") for word in ("quagga",)]
        return [(world.number, NOWHERE["number"]), *words, *places]
    if kind == "number" or parameter == "parent":
        return [(world.number, NOWHERE["number"])]
    if colleague or parameter in ("role", "attachments"):
        return []
    return [(value, NOWHERE[kind])]


@pytest.mark.parametrize("name", ["sam", "stella", "alva"])
def test_naming_the_victims_things_in_ones_own(world: World, name: str) -> None:
    """On one's own record or place: another organisation's team, person, service, category or number is as unknown
    as one that does not exist, in every field of every operation."""
    someone, told_apart = world[name], []
    own = {"number": world.own[name], "email": someone.person.email, "code": "elsewhere"}  # type: ignore[union-attr]
    for route in operations():
        if not set(route.names) <= set(own) or route.template.startswith(
            ("/api/v1/teams/", "/api/v1/services/", "/api/v1/roles/")
        ):
            continue
        for method in route.methods:
            content = route.schemas.get(method, {}).get("application/json")
            if content is None:
                continue
            fields = properties(content["schema"])
            for given in sorted(set(fields) & set(NAMED)):
                answers = []
                value, nothing = hidden_value(world, route, given)
                for one in (value, nothing):
                    body = {k: v for k, v in json_body(route, method).items() if k not in NAMED}
                    if (
                        "organisation" in fields
                        and given != "organisation"
                        and "organisation" in content_required(content)
                    ):
                        body["organisation"] = "elsewhere"
                    typed = (
                        [int(one) if one.isdigit() else one]
                        if given in ("members", "leads", "teams", "attachments")
                        else one
                    )
                    with Undone():
                        answer = send(
                            someone.browser, method, route.fill(own), bearer=someone.bearer, body={**body, given: typed}
                        )
                        must_be_silent(name, answer, value, f"{method} {route.template} {given}")
                        answers.append((answer.status_code, comparable(answer, {value, nothing})))
                if answers[0] != answers[1]:
                    told_apart.append((method, route.template, given, answers[0][0], answers[1][0]))
                assert answers[0][0] >= 400, f"{name} may name {given}={value} in {method} {route.template}"
    assert not told_apart


def content_required(content: dict[str, Any]) -> list[str]:
    """The fields a body must have."""
    from .bodies import _required

    return _required(content["schema"])


def hidden_value(world: World, route: Route, given: str) -> tuple[str, str]:
    """What is hidden, and what does not exist, for a field of a body."""
    kind, value = NAMED[given]
    if given == "parent" and "categories" in route.template:
        return "quaggacategory", NOWHERE["path"]
    if given == "to":
        return (
            ("mia@gungun.example", NOWHERE["email"])
            if "escalate" in route.template
            else (world.number, NOWHERE["number"])
        )
    if given in ("record", "into"):
        return world.number, NOWHERE["number"]
    if given == "attachments":
        return str(world.ids["public"]), NOWHERE["id"]
    return value, NOWHERE[kind]


def test_a_report_for_a_colleague_does_not_tell_which_organisations_exist(world: World) -> None:
    """Two fields together: the refusal must not depend on whether the organisation is there."""
    answers = set()
    for place in ("gungun", NOWHERE["code"]):
        body = {"title": "x", "requester": "stella@elsewhere.example", "organisation": place}
        answer = send(world["sam"].browser, "POST", "/api/v1/incidents", bearer=world["sam"].bearer, body=body)
        answers.add(comparable(answer, {place}))
    assert len(answers) == 1


@pytest.mark.parametrize("name", ["paul", "jonas", "sam", "stella", "alva"])
@pytest.mark.parametrize("verb", ["take", "assign", "transfer", "resolve", "edit", "watch"])
def test_in_bulk(world: World, name: str, verb: str) -> None:
    """Rows ticked by hand, and "all that match": the victim's are not among them."""
    before = state()
    row = {**superset(world), "verb": verb}
    for ticked, twin in (
        ({"selected": [world.number]}, {"selected": [NOWHERE["number"]]}),
        ({"all_matching": "1", "query": "?q=quokkatitle"}, {"all_matching": "1", "query": "?q=quixotism"}),
    ):
        answers = []
        for asked in (ticked, twin):
            sent = {key: value for key, value in row.items() if key != "selected"} | asked
            with Undone() as attempt:
                answer = send(world[name].browser, "POST", "/incidents/bulk", body=sent, partial=True)
                must_be_silent(name, answer, str(sent), f"bulk {verb} {asked}")
                assert not attempt.changed(before)
                answers.append(comparable(answer, {world.number, NOWHERE["number"], "quokkatitle", "quixotism"}))
        assert answers[0] == answers[1]


@pytest.mark.parametrize("name", ["claire", "wanda"])
def test_the_public_part_has_no_inside(world: World, forms: dict[str, dict[str, Any]], name: str) -> None:
    """The requester and somebody it is shared with read every address: what is internal is not there."""
    someone = world[name]
    for route in routes():
        for values, _twin in fillings(world, route):
            path = route.fill(values)
            searched = (
                "q" in route.parameters.get("GET", ())
                or "search" in route.template
                or route.template.endswith("/requests")
            )
            for query in ({}, {"q": "quokkanote"}, {"q": "quokkahiddenfile"}):
                if query and (route.names or not searched):
                    continue
                if "GET" in route.methods:
                    with Undone():
                        answer = send(someone.browser, "GET", path, bearer=ways_in(someone, route), query=query)
                        said = text_of(answer).lower().replace(str(query.get("q")), "")
                        assert [word for word in INTERNAL if word in said] == [], f"{name}: {path}"
                        if query:
                            assert world.number.lower() not in said, f"{name} finds by internal words: {path}"
            for method in set(route.methods) - {"GET"}:
                body = body_for(route, method, path, world, forms)
                with Undone():
                    answer = send(someone.browser, method, path, bearer=ways_in(someone, route), body=body)
                    assert answer.status_code < 500, (method, path)
                    said = text_of(answer).lower()
                    assert [w for w in INTERNAL if w in said and w not in str(body)] == [], f"{name}: {method} {path}"


def test_a_reading_token_changes_nothing(world: World) -> None:
    """Raj may do everything to the incident; a token of his that may only read may not."""
    _token, secret = issue(world.cast.raj, "reader", read_only=True)
    bearer, before = {"Authorization": f"Bearer {secret}"}, state()
    for route in operations():
        for values, _twin in fillings(world, route):
            for method in set(route.methods) - {"GET"}:
                path = route.fill(values)
                with Undone() as attempt:
                    answer = send(world["visitor"].browser, method, path, bearer=bearer, body=json_body(route, method))
                    assert 400 <= answer.status_code < 500, (method, path, answer.status_code)
                    assert not attempt.changed(before), (method, path)
    assert Record.objects.get(number=world.number).version > 1


def test_each_key_fits_its_own_door_only(world: World) -> None:
    """A session's cookie opens no API, a token opens no page."""
    claire = world["claire"]
    for route in routes():
        for values, _twin in fillings(world, route):
            path = route.fill(values)
            for method in route.methods:
                with Undone():
                    client = claire.browser if route.api else world["visitor"].browser
                    answer = send(client, method, path, bearer=None if route.api else claire.bearer, body={})
                    must_be_silent("visitor", answer, path, f"{method} {path}")
                    if route.api and not path.endswith("openapi.json"):
                        assert answer.status_code == 401, path
