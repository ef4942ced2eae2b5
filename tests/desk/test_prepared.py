"""Keeping canned replies and macros: writing them with a preview, faults beside their fields, trash and back."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from quell.kernel.testing.cast import Cast
from quell.practices.servicedesk import facade
from quell.practices.servicedesk.models import CannedReply, Macro
from quell.workspaces.desk import keeping

from .conftest import HTMX, Enter

pytestmark = pytest.mark.django_db


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_text_is_written_changed_put_away_and_taken_back(amira: Client) -> None:
    assert "No canned replies yet" in page(amira, "/texts") and "requester.first_name" in page(amira, "/texts/new")
    given = {"name": "Works again", "folder": "Mail", "reach": "personal", "text_en": "Dear {{ requester.name }}"}
    assert amira.post("/texts/new", {**given, "text_zh_hans": "您好"}).status_code == 302
    made = CannedReply.objects.get()
    assert made.texts == {"en": "Dear {{ requester.name }}", "zh-hans": "您好"}
    shown = page(amira, "/texts")
    assert "Works again" in shown and "Mail" in shown and "Only me" in shown
    assert "您好" in page(amira, f"/texts/{made.pk}")
    amira.post(f"/texts/{made.pk}", {**given, "name": "Fine again", "version": "1"})
    assert CannedReply.objects.get().name == "Fine again" and CannedReply.objects.get().texts.keys() == {"en"}
    late = amira.post(f"/texts/{made.pk}", {**given, "name": "Too late", "version": "1"})
    assert late.status_code == 412 and "Too late" in late.content.decode()
    amira.post(f"/texts/{made.pk}/trash")
    assert "Take back" in page(amira, "/texts")
    amira.post(f"/texts/{made.pk}/restore")
    assert f'href="/texts/{made.pk}"' in page(amira, "/texts")


def test_a_fault_stands_beside_its_field_and_nothing_is_lost(amira: Client) -> None:
    given = {"name": "x", "reach": "personal", "text_en": "Kept text", "text_da": "a\n{{ salary }}"}
    answer = amira.post("/texts/new", given)
    shown = answer.content.decode()
    assert answer.status_code == 422 and "Kept text" in shown and not CannedReply.objects.exists()
    assert "there is no variable “salary”" in shown and "id_text_da-error" in shown
    assert amira.post("/texts/new", {"name": "x", "reach": "personal"}).status_code == 422
    assert amira.post("/texts/new", {"name": "", "reach": "personal", "text_en": "y"}).status_code == 422


def test_the_preview_shows_sample_values_and_faults(amira: Client) -> None:
    shown = amira.post("/texts/preview", {"text_en": "Dear {{ requester.first_name }}, {{ x }}"}, headers=HTMX)
    assert "Dear Claire" in shown.content.decode() and "no variable “x”" in shown.content.decode()
    assert "sample values" in amira.post("/texts/preview", {}, headers=HTMX).content.decode()


def test_what_is_for_everybody_is_changed_by_leads_only(amira: Client, people: Cast, enter: Enter) -> None:
    refused = amira.post("/texts/new", {"name": "x", "reach": "organisation", "text_en": "y"})
    assert refused.status_code == 403 and not CannedReply.objects.exists()
    mia = enter(people.mia)
    mia.post("/texts/new", {"name": "For all", "reach": "organisation", "text_en": "y"})
    made = CannedReply.objects.get()
    shown = page(amira, "/texts")
    assert "For all" in shown and f'href="/texts/{made.pk}"' not in shown
    assert amira.get(f"/texts/{made.pk}").status_code == 403
    assert amira.post(f"/texts/{made.pk}/trash").status_code == 403
    assert enter(people.stella).get(f"/texts/{made.pk}").status_code == 404
    assert "For all" not in page(enter(people.stella), "/texts")


WHOLE: dict[str, Any] = {
    "name": "Password reset", "reach": "personal", "tasks": "Call back\nTell the lead", "assignee": "{{ agent.email }}",
    "urgency": "2", "writes": "public", "text_en": "Dear {{ requester.first_name }}", "text_da": "Kære",
    "state": "hold", "hold_reason": "requester", "hold_days": "2", "resolution_code": "fixed",
}  # fmt: skip


def test_a_macro_is_put_together_in_order(amira: Client) -> None:
    assert amira.post("/macros/new", WHOLE).status_code == 302
    made = Macro.objects.get()
    assert made.steps == [
        {"verb": "add_task", "inputs": {"title": "Call back"}},
        {"verb": "add_task", "inputs": {"title": "Tell the lead"}},
        {"verb": "assign", "inputs": {"assignee": "{{ agent.email }}"}},
        {"verb": "edit", "inputs": {"urgency": 2}},
        {"verb": "comment", "inputs": {
            "body": {"en": "Dear {{ requester.first_name }}", "da": "Kære"}, "visibility": "public"}},
        {"verb": "hold", "inputs": {"hold_reason": "requester", "resume_at": "+2d"}},
    ]  # fmt: skip
    shown = page(amira, f"/macros/{made.pk}")
    assert "Call back\nTell the lead" in shown and "Kære" in shown and "Steps as data" not in shown
    again = {**WHOLE, "state": "resolve", "resolution": "Reset.", "version": "1"}
    amira.post(f"/macros/{made.pk}", again)
    assert Macro.objects.get().steps[-1] == {
        "verb": "resolve",
        "inputs": {"resolution_code": "fixed", "resolution": "Reset."},
    }
    amira.post(f"/macros/{made.pk}/trash")
    amira.post(f"/macros/{made.pk}/restore")
    assert f'href="/macros/{made.pk}"' in page(amira, "/macros")


def test_the_macro_form_says_where_it_is_wrong(amira: Client) -> None:
    answer = amira.post("/macros/new", {**WHOLE, "text_da": "{{ x }}", "tasks": "Kept task"})
    shown = answer.content.decode()
    assert answer.status_code == 422 and "Kept task" in shown and "id_text_da-error" in shown
    assert amira.post("/macros/new", {"name": "Empty", "reach": "personal"}).status_code == 422
    assert not Macro.objects.exists()


def test_what_it_would_do_while_one_writes(amira: Client) -> None:
    shown = amira.post("/macros/preview", WHOLE, headers=HTMX).content.decode()
    assert "Add the task “Call back”" in shown and "Reply: “Dear Claire”" in shown
    faulty = amira.post("/macros/preview", {**WHOLE, "text_en": "{{ x }}"}, headers=HTMX).content.decode()
    assert "no variable “x”" in faulty
    assert "Nothing yet" in amira.post("/macros/preview", {}, headers=HTMX).content.decode()


def test_steps_the_form_cannot_say_are_changed_as_data(amira: Client, people: Cast) -> None:
    steps = [{"verb": "start", "inputs": {}}, {"verb": "assign", "inputs": {"team": "network"}}]
    made = facade.create_macro(people.actor("amira"), {"name": "Odd", "steps": steps})
    assert "Steps as data" in page(amira, f"/macros/{made}")
    given = {"name": "Odd", "reach": "personal", "version": "1"}
    broken = amira.post(f"/macros/{made}", {**given, "as_data": "[{"})
    assert broken.status_code == 422 and "This is not JSON: line 1" in broken.content.decode()
    wrong = amira.post(f"/macros/{made}", {**given, "as_data": '[{"verb": "explode"}]'})
    assert wrong.status_code == 422 and "explode" in wrong.content.decode()
    for nonsense in ("7", '"x"', "[[]]", '[{"verb": 3}]'):
        assert amira.post(f"/macros/{made}", {**given, "as_data": nonsense}).status_code == 422
    amira.post(f"/macros/{made}", {**given, "as_data": json.dumps(list(reversed(steps)))})
    assert [one["verb"] for one in Macro.objects.get().steps] == ["assign", "start"]


def test_the_list_goes_on_page_by_page(people: Cast, amira: Client) -> None:
    actor = people.actor("amira")
    for at in range(keeping.SHOWN + 3):
        steps = [{"verb": "comment", "inputs": {"body": "Hello", "visibility": "internal"}}]
        folder = "Zoo" if at >= keeping.SHOWN else "Access"
        facade.create_macro(actor, {"name": f"Macro {at:03}", "folder": folder, "reach": "personal", "steps": steps})
    first = amira.get("/macros").content.decode()
    assert first.count("Macro 0") >= keeping.SHOWN and "Macro 050" not in first and "Internal note" in first
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    second = amira.get("/macros" + html.unescape(following[1])).content.decode()
    assert "Zoo" in second and "Macro 050" in second and "Macro 052" in second and "Macro 049" not in second
    assert 'rel="next"' not in second and "First page" in second
    found = amira.get("/macros?q=Zoo").content.decode()
    assert "Macro 051" in found and "Macro 001" not in found
    for cursor in ("nonsense", "W10", "WyIvbWFjcm9zIiwiWzFdIl0"):
        assert amira.get(f"/macros?cursor={cursor}").status_code == 422
    assert amira.get("/texts" + html.unescape(following[1])).status_code == 422


def test_a_view_is_pinned_by_its_star(amira: Client, number: str) -> None:
    def menu() -> str:
        return amira.get("/incidents/look?part=views&list=", headers=HTMX).content.decode()

    assert 'name="put" value="resolved-lately" aria-pressed="false"' in menu()
    back = "/incidents/?view=resolved-lately"
    shown = amira.get(back).content.decode()
    assert 'name="put" value="resolved-lately" aria-pressed="false"' in shown
    answer = amira.post("/views/arrange/queue", {"put": "resolved-lately", "next": back})
    assert answer.status_code == 302 and answer["Location"] == back
    assert 'name="drop" value="resolved-lately" aria-pressed="true"' in menu()
    shown = amira.get(back).content.decode()
    assert 'name="drop" value="resolved-lately" aria-pressed="true"' in shown and 'aria-current="page"' in shown
    amira.post("/views/arrange/queue", {"drop": "resolved-lately", "next": back})
    assert 'name="put" value="resolved-lately"' in menu()
    assert 'class="star"' not in amira.get("/incidents/?q=nothing").content.decode()
