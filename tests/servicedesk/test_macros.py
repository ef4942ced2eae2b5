"""Macros: checked when written, all or nothing when run, and never more than the runner could do by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from quell.kernel.actions import outbox
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound, Refusal
from quell.kernel.people.models import Person
from quell.kernel.records.models import Note, Outgoing, Record, Reply
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade as incidents
from quell.practices.servicedesk import facade

pytestmark = pytest.mark.django_db
NOTE = {"verb": "comment", "inputs": {"body": "Called {{ requester.name }}", "visibility": "internal"}}
REPLY = {
    "verb": "comment",
    "inputs": {"body": {"en": "Dear {{ requester.first_name }}", "da": "Kære"}, "visibility": "public"},
}
TAKE = {"verb": "assign", "inputs": {"assignee": "{{ agent.email }}"}}
HOLD = {"verb": "hold", "inputs": {"hold_reason": "requester", "resume_at": "+2d"}}
RESOLVE = {"verb": "resolve", "inputs": {"resolution_code": "fixed", "resolution": "Reset."}}


def make(people: Cast, *steps: dict[str, Any], who: str = "amira", **given: object) -> int:
    return facade.create_macro(people.actor(who), {"name": "Password reset", "steps": list(steps), **given})


def test_everything_happens_in_order_as_the_runner(people: Cast, number: str) -> None:
    made = make(people, TAKE, NOTE, {"verb": "edit", "inputs": {"urgency": 2}}, HOLD)
    ran = facade.run_macro(people.actor("amira"), made, number)
    record = Record.objects.get(number=number)
    assert (ran.ok, ran.message_id) == (True, None)
    assert (record.assignee, record.state) == (people.amira, "on_hold")
    assert Note.objects.get().body == "Called Claire" and Note.objects.get().author == people.amira
    row = incidents.ticket(people.actor("amira"), number)
    assert row["urgency"] == 2 and row["resume_at"] > datetime.now(UTC) + timedelta(days=1)
    verbs = [one["verb"] for one in incidents.timeline(people.actor("amira"), row)]
    assert verbs == ["open", "assign", "note", "edit", "hold"]
    assert facade.macro_by_id(people.actor("amira"), made).uses == 1


def test_tasks_are_added_with_the_rest(people: Cast, number: str) -> None:
    made = make(people, TAKE, {"verb": "add_task", "inputs": {"title": "Ask {{ requester.first_name }} to sign"}})
    assert "Add the task “Ask Claire to sign”" in facade.preview_macro(people.actor("amira"), made, number).sentences
    assert not Record.objects.filter(kind="task").exists()
    facade.run_macro(people.actor("amira"), made, number)
    assert Record.objects.get(kind="task").title == "Ask Claire to sign"
    with pytest.raises(Invalid):
        make(people, {"verb": "add_task", "inputs": {"title": ""}})


def test_one_refusal_takes_everything_back(people: Cast, number: str) -> None:
    made = make(people, NOTE, {"verb": "assign", "inputs": {"team": "nowhere"}}, HOLD)
    with pytest.raises(Invalid) as refused:
        facade.run_macro(people.actor("amira"), made, number)
    assert refused.value.sentence.startswith("Step 2:")
    assert not Note.objects.exists() and Record.objects.get(number=number).state == "new"
    assert facade.macro_by_id(people.actor("amira"), made).uses == 0


def test_a_reply_goes_through_the_outbox_with_all_the_rest(people: Cast, number: str) -> None:
    amira, made = people.actor("amira"), make(people, TAKE, REPLY, RESOLVE)
    ran = facade.run_macro(amira, made, number)
    assert ran.message_id and Record.objects.get(number=number).state == "new" and not Reply.objects.exists()
    outbox.take_back(amira, ran.message_id)
    ran = facade.run_macro(amira, made, number)
    outbox.send_due(ran.message_id or 0, datetime.now(UTC) + timedelta(minutes=1))
    record = Record.objects.get(number=number)
    assert (record.state, record.assignee) == ("resolved", people.amira) and Reply.objects.get().body == "Dear Claire"


def test_the_requesters_language_decides(people: Cast, number: str) -> None:
    Person.objects.filter(pk=people.claire.pk).update(language="da")
    ran = facade.run_macro(people.actor("amira"), make(people, REPLY), number)
    assert Outgoing.objects.get(pk=ran.message_id).body == "Kære"


def test_a_preview_says_everything_and_does_nothing(people: Cast, number: str) -> None:
    made = make(people, TAKE, REPLY, HOLD, RESOLVE)
    seen = facade.preview_macro(people.actor("amira"), made, number)
    assert seen.sentences == (
        "Assign to amira@gungun.example",
        "Reply: “Dear Claire”",
        "Put on hold, waiting for the requester",
        "Resolve as Fixed: “Reset.”",
    )
    assert seen.refused == "" and Record.objects.get(number=number).version == 1
    incidents.act(people.actor("amira"), "cancel", number, {"reason": "twice"})
    seen = facade.preview_macro(people.actor("amira"), made, number)
    assert seen.refused.startswith("Step 1:") and seen.code == "wrong_state"


def test_a_gap_stops_it(people: Cast) -> None:
    number = incidents.report(people.actor("claire"), {"title": "No service"})
    made = make(people, {"verb": "comment", "inputs": {"body": "About {{ service }}", "visibility": "public"}})
    assert facade.preview_macro(people.actor("amira"), made, number).gaps == ("service",)
    with pytest.raises(Invalid, match="service"):
        facade.run_macro(people.actor("amira"), made, number)
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize(
    ("steps", "field", "words"),
    [
        ([], "steps", ""),
        ([{"verb": "delete_everything"}], "steps.0.verb", "no verb “delete_everything”"),
        ([{"verb": "attach", "inputs": {}}], "steps.0.verb", "no verb"),
        ([NOTE, {"verb": "hold", "inputs": {"hold_reason": "mood"}}], "steps.1.inputs.hold_reason", "Choose one of"),
        ([{"verb": "hold", "inputs": {}}], "steps.0.inputs.hold_reason", "needed"),
        ([{"verb": "assign", "inputs": {"colour": "red"}}], "steps.0.inputs.colour", "no such field"),
        (
            [{"verb": "comment", "inputs": {"body": {"en": "ok", "da": "{{ x }}"}, "visibility": "public"}}],
            "steps.0.inputs.body.da",
            "“x”",
        ),
        (
            [{"verb": "comment", "inputs": {"body": {"xx": "no"}, "visibility": "public"}}],
            "steps.0.inputs.body",
            "text",
        ),
        ([REPLY, REPLY], "steps", "once at most"),
        ([{"verb": "start"}] * 21, "steps", ""),
        ([{"verb": "start", "then": 1}], "steps.0.then", "no such field"),
    ],
)
def test_what_is_wrong_is_said_where(people: Cast, steps: list[dict[str, Any]], field: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        make(people, *steps)
    assert refused.value.errors[0].field == field and words in refused.value.errors[0].message


def test_never_more_than_the_runner_could_do(people: Cast, number: str) -> None:
    of_all = make(people, NOTE, who="mia", reach="organisation")
    incidents.act(people.actor("mia"), "assign", number, {"team": "network"})
    with pytest.raises(NotFound):
        facade.run_macro(people.actor("raj"), of_all, number)
    with pytest.raises(Forbidden):
        facade.run_macro(people.actor("otto"), of_all, number)
    for stranger in ("stella", "claire"):
        with pytest.raises(NotFound):
            facade.run_macro(people.actor(stranger), of_all, number)
    owner = make(people, {"verb": "edit", "inputs": {"owner": "jonas@gungun.example"}}, who="mia", reach="organisation")
    with pytest.raises(Refusal):
        facade.run_macro(people.actor("jonas"), owner, number)
    assert not Note.objects.exists()


def test_many_at_once_each_by_itself(people: Cast, number: str) -> None:
    other = incidents.report(people.actor("claire"), {"title": "Another"})
    incidents.act(people.actor("amira"), "cancel", other, {"reason": "twice"})
    made = make(people, TAKE, NOTE)
    done = facade.run_macro_on_many(people.actor("amira"), made, [number, other, number, "INC-999999"])
    assert [(one.number, one.ok) for one in done] == [(number, True), (other, False), ("INC-999999", False)]
    assert done[1].sentence and done[1].code == "wrong_state" and done[2].code == "not_found"
    assert Note.objects.count() == 1
    with pytest.raises(Invalid):
        facade.run_macro_on_many(people.actor("amira"), made, [])


def test_what_is_in_the_trash_does_not_run(people: Cast, number: str) -> None:
    amira, made = people.actor("amira"), make(people, NOTE)
    facade.trash_macro(amira, made)
    with pytest.raises(NotFound):
        facade.run_macro(amira, made, number)
    facade.restore_macro(amira, made)
    facade.run_macro(amira, made, number)
    with pytest.raises(NotFound):
        facade.edit_macro(people.actor("mia"), made, {"name": "Not yours"})


def test_while_it_is_written_it_says_what_it_would_do(people: Cast) -> None:
    said = facade.check_macro(people.actor("amira"), {"steps": [TAKE, {"verb": "escalate", "inputs": {
        "kind": "hierarchical", "to": "mia@gungun.example", "reason": "stuck"}}]})  # fmt: skip
    assert said == ["Assign to amira@gungun.example", "Escalate (hierarchical): “stuck”"]
    assert "comment" in facade.macro_verbs() and "attach" not in facade.macro_verbs()
