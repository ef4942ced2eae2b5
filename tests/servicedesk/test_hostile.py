"""Written by somebody who means harm: texts, macros, views and queries that should run code, hold up the house, or show
more than their writer or their reader may see (security.md)."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client

from quell.kernel.config.refusal import Refusal
from quell.kernel.people.tokens import issue
from quell.kernel.testing.cast import Cast
from quell.practices.communications import facade as communications
from quell.practices.incidents import facade as incidents
from quell.practices.incidents.models import Incident
from quell.practices.incidents.queries.incident import INTERNAL
from quell.practices.incidents.rules.query_fields import FIELDS
from quell.practices.servicedesk import facade
from quell.practices.servicedesk.rules import variables

pytestmark = pytest.mark.django_db
#: Ways into other template languages, shells and attributes. None of them is a name from the list of variables.
CODE = [
    "{{ request.user.password }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ requester.password }}",
    "{{ requester.__class__ }}",
    "{{ agent.email|safe }}",
    "{{ number() }}",
    "{{ 7*7 }}",
    "{{ NUMBER }}",
    "{{ num\u200bber }}",
    "{{ \uff4eumber }}",
    "{{ settings.SECRET_KEY }}",
    "{{ {{ number }} }}",
]
#: What is not ours to replace stays as it was written.
PLAIN = ["{% load ssrf %}", "${7*7}", "#{7*7}", "%(number)s", "{number}", "{0.__class__}", "<%= number %>", "`id`"]


def search(people: Cast, who: str, query: str) -> Any:
    """What the API answers that person."""
    bearer = {"Authorization": f"Bearer {issue(getattr(people, who), 'search')[1]}"}
    return Client(raise_request_exception=False).get("/api/v1/incidents", {"query": query}, headers=bearer)


@pytest.mark.parametrize("text", CODE)
def test_no_text_reaches_code_and_the_refusal_says_where(people: Cast, text: str) -> None:
    amira = people.actor("amira")
    with pytest.raises(Refusal) as said:
        facade.create_canned(amira, {"name": "x", "texts": {"en": f"Dear,\n{text}"}})
    assert said.value.errors and "2" in said.value.errors[0].message  # the line
    steps = [{"verb": "comment", "inputs": {"body": {"en": text}, "visibility": "public"}}]
    with pytest.raises(Refusal):
        facade.create_macro(amira, {"name": "x", "steps": steps})


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_variable_is_only_text(people: Cast, number: str, text: str) -> None:
    made = facade.create_canned(people.actor("amira"), {"name": "x", "texts": {"en": text}})
    assert facade.speak(people.actor("amira"), made, number).text == text


def test_a_value_is_never_read_as_a_text(people: Cast) -> None:
    """What the requester called it may look like a variable; it is put in as it is."""
    amira = people.actor("amira")
    number = incidents.report(people.actor("claire"), {"title": "{{ agent.email }} ⟦service⟧ {{ number }}"})
    made = facade.create_canned(amira, {"name": "x", "texts": {"en": "About {{ title }}"}})
    filled = facade.speak(amira, made, number)
    assert filled.text == "About {{ agent.email }} ⟦service⟧ {{ number }}"


@pytest.mark.parametrize("text", ["{" * 100_000, "{{ x" * 25_000, "}}" * 50_000, "{{\n" * 30_000, "⟦" * 100_000])
def test_a_text_of_braces_holds_nobody_up(text: str) -> None:
    """One worker serves many: a text is read once from its beginning to its end, whatever it holds."""
    begun = time.process_time()
    assert len(variables.faults(text)) <= variables.MOST_FAULTS
    variables.fill(text, {})
    variables.gaps(text)
    assert time.process_time() - begun < 2


HUGE = "9" * 400


@pytest.mark.parametrize(
    "query",
    [
        "opened>+99999y", "opened<-99999y", "opened:0000-00-00", "opened:9999-12-31", f"opened>{HUGE}",
        f"opened:-{HUGE}d", f"priority:{HUGE}", "priority:\uff11", "affected_users>-1", f"parent:INC-{HUGE}",
        "parent:INC-\u0661", "(" * 1999, "-" * 1999, "not " * 400, "a or " * 390, '"' * 1999, '"\\' * 900, "a," * 900,
        "team:" + "a," * 900, "team:network\u202e", "team:\uff4eetwork", "is:%s", "is:%(a_me)s", "%(a_me)s",
        "'; drop table records_record; --", "priority_note:x", "internal:x", "password:x", "sort:-priority_note",
        "sort:number;drop", "x\x00y", "\ud7ff\ufffe", "\\", "\u2028", "\U0001f600" * 900, "e\u0301" * 900, "x" * 2001,
    ],
)  # fmt: skip
def test_no_query_breaks_anything(people: Cast, number: str, query: str) -> None:
    """It is answered, or refused with the place; at once, and for requesters as for agents."""
    for who in ("claire", "amira"):
        begun = time.process_time()
        answer = search(people, who, query)
        assert answer.status_code in (200, 422), answer.content
        if answer.status_code == 422:
            (error,) = answer.json()["errors"]
            assert error["field"] == "query" and error["message"]
        assert time.process_time() - begun < 2


def test_what_is_hidden_is_not_asked_about(people: Cast, number: str) -> None:
    """No field names what requesters do not read, and `is:` gives them one answer whatever it is."""
    assert [name for name in INTERNAL if FIELDS.find(name) is not None] == []
    answers = []
    for disputed in (False, True):
        Incident.objects.update(routing_dispute=disputed)
        answers.append(
            [len(search(people, "claire", query).json()["items"]) for query in ("is:disputed", "-is:disputed")]
        )
    assert answers[0] == answers[1] == [0, 1]
    assert len(search(people, "mia", "is:disputed").json()["items"]) == 1


def test_markup_in_announcements_and_names_stays_text(people: Cast) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)>[x](javascript:alert(1))"
    said = {"title": bad, "severity": "information", "text": bad, "publish": True}
    shown = communications.create(people.actor("mia"), said)
    client = Client()
    client.force_login(people.claire)
    for page in ("/portal/", f"/portal/news/{shown}"):
        told = client.get(page).content.decode()
        assert "alert(1)" in told
        assert not [one for one in ("<script>alert", "<img src=x", 'href="javascript:') if one in told]
