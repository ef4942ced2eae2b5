"""Tasks: their life, who may, what their parent's history says, and what holds a resolution back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quell.kernel.config.refusal import Conflict, Forbidden, Invalid, NotFound, Stale, WrongState
from quell.kernel.journal.models import Entry
from quell.kernel.notify.announce import announce_entry
from quell.kernel.notify.models import Notification
from quell.kernel.records.find import find
from quell.kernel.records.models import Record
from quell.practices.incidents import facade as incidents
from quell.practices.tasks import facade

FIXED = {"resolution_code": "fixed", "resolution": "Cable replaced."}


@pytest.fixture
def task(people, incident):
    return facade.add(people.actor("amira"), incident, {"title": "Pull the logs", "assignee": "amira@gungun.example"})


def _state(people, number):
    return facade.task(people.actor("amira"), number)["state"]


def test_a_task_has_a_number_a_place_and_a_line_in_both_histories(people, incident, task):
    row = facade.task(people.actor("amira"), task)
    assert task.startswith("TSK-")
    assert (row["parent"], row["position"], row["state"], row["assignee"]) == (
        incident,
        1,
        "open",
        "amira@gungun.example",
    )
    own = [e["verb"] for e in facade.timeline(row)]
    amira = people.actor("amira")
    theirs = incidents.timeline(amira, incidents.ticket(amira, incident))
    assert own == ["open"]
    assert [(e["verb"], e["data"].get("task"), e["visibility"]) for e in theirs if e["verb"] == "add_task"] == [
        ("add_task", task, "internal")
    ]


@pytest.mark.parametrize(
    ("verb", "inputs", "state"),
    [("complete", {}, "done"), ("skip", {"reason": "not needed"}, "skipped"), ("assign", {"team": "network"}, "open")],
)
def test_each_verb_leads_where_the_table_says(people, task, verb, inputs, state):
    facade.act(people.actor("amira"), verb, task, inputs)
    assert _state(people, task) == state
    assert Entry.objects.filter(record__number=task, verb=verb, public=False).count() == 1


def test_what_is_over_comes_back_only_by_reopening(people, task):
    amira = people.actor("amira")
    facade.act(amira, "complete", task)
    for verb, inputs in (("complete", {}), ("skip", {"reason": "x"}), ("assign", {"team": "network"})):
        with pytest.raises(WrongState):
            facade.act(amira, verb, task, inputs)
    facade.act(amira, "reopen", task)
    assert _state(people, task) == "open"
    with pytest.raises(WrongState):
        facade.act(amira, "reopen", task)


def test_skipping_needs_a_reason_that_stays(people, task):
    amira = people.actor("amira")
    with pytest.raises(Invalid):
        facade.act(amira, "skip", task, {})
    facade.act(amira, "skip", task, {"reason": "the supplier did it"})
    assert facade.task(amira, task)["skip_reason"] == "the supplier did it"


def test_the_requester_learns_nothing_of_tasks(people, incident, task):
    claire = people.actor("claire")
    for look in (
        lambda: facade.task(claire, task),
        lambda: facade.work(claire, incident),
        lambda: facade.add(claire, incident, {"title": "mine"}),
        lambda: facade.act(claire, "complete", task),
        lambda: facade.add_line(claire, incident, {"text": "mine"}),
    ):
        with pytest.raises((NotFound, Forbidden)):
            look()
    assert facade.page(claire, facade.Asked()) == []
    assert find(claire, task) == []
    assert "TSK" not in str(incidents.timeline(claire, incidents.ticket(claire, incident)))
    for entry in Entry.objects.all():
        announce_entry(entry.pk)
    assert not Notification.objects.filter(person=people.claire, record__number=task).exists()


def test_whoever_added_a_task_and_lost_the_right_to_see_its_place_sees_it_no_more(people, incident):
    number = facade.add(people.actor("amira"), incident, {"title": "look at the switch"})
    from quell.kernel.people.models import RoleGrant

    RoleGrant.objects.filter(person=people.amira).delete()
    with pytest.raises(NotFound):
        facade.task(people.actor("amira"), number)
    assert find(people.actor("amira"), "switch") == []


def test_a_task_lies_with_its_parents_team_and_goes_along(people, incident):
    amira = people.actor("amira")
    incidents.act(amira, "assign", incident, {"team": "network"})
    stays = facade.add(amira, incident, {"title": "test the till", "team": "applications"})
    goes = facade.add(amira, incident, {"title": "look at the cable"})
    assert facade.task(amira, goes)["team"] == "network"
    with pytest.raises(NotFound):
        facade.task(people.actor("raj"), goes)
    assert facade.task(people.actor("raj"), stays)["team"] == "applications"
    # Jonas sees the inside of the parent, and with it every task there.
    assert [row["number"] for row in facade.work(people.actor("jonas"), incident).tasks] == [stays, goes]
    assert facade.task(people.actor("jonas"), stays)["title"] == "test the till"
    incidents.act(amira, "transfer", incident, {"team": "service-desk", "reason": "not ours"})
    assert facade.task(amira, goes)["team"] == "service-desk"
    assert facade.task(amira, stays)["team"] == "applications"


@pytest.mark.parametrize(
    ("name", "refusal"), [("raj", NotFound), ("sam", NotFound), ("stella", NotFound), ("otto", Forbidden)]
)
def test_only_those_who_work_there_change_tasks(people, incident, name, refusal):
    amira = people.actor("amira")
    incidents.act(amira, "assign", incident, {"team": "network"})
    task = facade.add(amira, incident, {"title": "look at the cable"})
    with pytest.raises(refusal):
        facade.act(people.actor(name), "complete", task)
    with pytest.raises(refusal):
        facade.add(people.actor(name), incident, {"title": "x"})


def test_an_incident_is_resolved_when_nothing_is_open_and_says_what_is(people, incident, task):
    amira = people.actor("amira")
    second = facade.add(amira, incident, {"title": "Tell the shop"})
    with pytest.raises(Invalid) as refused:
        incidents.act(amira, "resolve", incident, FIXED)
    assert task in refused.value.sentence
    assert second in refused.value.sentence
    assert {e.field for e in refused.value.errors} == {"tasks"}
    facade.act(amira, "complete", task)
    facade.act(amira, "skip", second, {"reason": "they know"})
    incidents.act(amira, "resolve", incident, FIXED)
    with pytest.raises(WrongState):
        facade.act(amira, "reopen", task)
    with pytest.raises(WrongState):
        facade.add(amira, incident, {"title": "late"})


def test_a_required_line_holds_the_resolution_back_and_another_does_not(people, incident):
    amira = people.actor("amira")
    needed = facade.add_line(amira, incident, {"text": "Photo of the label", "required": True})
    facade.add_line(amira, incident, {"text": "Coffee"})
    with pytest.raises(Invalid) as refused:
        incidents.act(amira, "resolve", incident, FIXED)
    assert "Photo of the label" in refused.value.sentence
    assert "Coffee" not in refused.value.sentence
    facade.tick(amira, needed)
    incidents.act(amira, "resolve", incident, FIXED)


def test_a_task_is_not_done_before_its_required_lines(people, task):
    amira = people.actor("amira")
    line = facade.add_line(amira, task, {"text": "Router", "required": True})
    with pytest.raises(WrongState):
        facade.act(amira, "complete", task)
    facade.tick(amira, line)
    facade.act(amira, "complete", task)


def test_closing_for_good_leaves_no_open_task(people, incident, task):
    incidents.act(people.actor("claire"), "cancel", incident, {"reason": "works again"})
    row = facade.task(people.actor("amira"), task)
    assert row["state"] == "skipped"
    assert incident in row["skip_reason"]


def test_tasks_stand_in_order_and_can_be_put_elsewhere(people, incident):
    amira = people.actor("amira")
    one, two, three = (facade.add(amira, incident, {"title": t}) for t in ("one", "two", "three"))
    facade.act(amira, "place", three, {"position": 1})
    assert [r["number"] for r in facade.work(amira, incident).tasks] == [three, one, two]
    facade.act(amira, "place", three, {"position": 99})
    rows = facade.work(amira, incident).tasks
    assert [r["number"] for r in rows] == [one, two, three]
    assert [r["position"] for r in rows] == [1, 2, 3]


def test_lines_are_ticked_by_somebody_at_some_time(people, incident):
    amira = people.actor("amira")
    line = facade.add_line(amira, incident, {"text": "Router"})
    facade.tick(amira, line)
    row = facade.line(amira, line)
    assert row["ticked_by"] == "amira@gungun.example"
    assert datetime.now(UTC) - row["ticked_at"] < timedelta(minutes=1)
    facade.tick(people.actor("mia"), line)
    assert facade.line(amira, line)["ticked_by"] == "amira@gungun.example"
    facade.untick(amira, line)
    assert facade.line(amira, line)["ticked_at"] is None
    facade.change_line(amira, line, {"text": "Router and switch"}, version=facade.line(amira, line)["version"])
    with pytest.raises(Stale):
        facade.change_line(amira, line, {"text": "x"}, version=1)
    facade.remove_line(amira, line)
    assert facade.work(amira, incident).lines == []
    with pytest.raises(NotFound):
        facade.tick(amira, line)
    verbs = list(
        Entry.objects.filter(record__number=incident, public=False).order_by("id").values_list("verb", flat=True)
    )
    assert verbs == ["add_line", "tick", "untick", "edit_line", "remove_line"]


def test_lines_can_be_put_elsewhere(people, incident):
    amira = people.actor("amira")
    ids = [facade.add_line(amira, incident, {"text": t}) for t in "abc"]
    facade.change_line(amira, ids[2], {"position": 1})
    assert [row["text"] for row in facade.work(amira, incident).lines] == ["c", "a", "b"]


def test_facts_change_with_a_version(people, task):
    amira = people.actor("amira")
    due = datetime(2031, 1, 1, tzinfo=UTC)
    facade.act(amira, "edit", task, {"title": "Pull all logs", "due_at": due, "required": True}, version=1)
    row = facade.task(amira, task)
    assert (row["title"], row["due_at"], row["required"]) == ("Pull all logs", due, True)
    with pytest.raises(Stale):
        facade.act(amira, "edit", task, {"title": "x"}, version=1)
    facade.act(amira, "edit", task, {"due_at": None})
    assert facade.task(amira, task)["due_at"] is None
    facade.act(amira, "comment", task, {"body": "half done"})
    assert [e["body"] for e in facade.timeline(facade.task(amira, task)) if e["verb"] == "note"] == ["half done"]


def test_a_task_has_no_tasks(people, task):
    with pytest.raises(Invalid):
        facade.add(people.actor("amira"), task, {"title": "deeper"})


def test_people_and_teams_of_other_companies_are_unknown(people, incident):
    for inputs in (
        {"assignee": "stella@elsewhere.example"},
        {"team": "foreign"},
        {"assignee": "claire@gungun.example"},
    ):
        with pytest.raises(Invalid):
            facade.add(people.actor("amira"), incident, {"title": "x", **inputs})


def test_parent_and_children_ignore_tasks(people, incident, task):
    """A task is a record below an incident, but none of its child incidents."""
    amira = people.actor("amira")
    facade.act(amira, "complete", task)
    incidents.act(amira, "resolve", incident, {**FIXED, "children": True})
    assert Record.objects.get(number=incident).state == "resolved"


# --- templates ---------------------------------------------------------------------------------------------------

LINES = [
    {"kind": "task", "title": "Disable account", "team": "applications", "due_seconds": 3600, "required": True},
    {"kind": "check", "title": "Badge returned", "required": True},
    {"kind": "task", "title": "Collect laptop"},
]


@pytest.fixture
def template(people):
    return facade.create_template(
        people.actor("ann"), {"name": "Leaver", "organisation": "gungun", "lines": LINES, "team": "service-desk"}
    )


def test_a_template_puts_its_lines_on_a_record(people, incident, template):
    amira = people.actor("amira")
    numbers = facade.apply_template(amira, incident, template)
    work = facade.work(amira, incident)
    assert [(t["number"], t["title"], t["team"]) for t in work.tasks] == [
        (numbers[0], "Disable account", "applications"),
        (numbers[1], "Collect laptop", "service-desk"),
    ]
    assert work.tasks[0]["required"]
    assert abs(work.tasks[0]["due_at"] - datetime.now(UTC) - timedelta(hours=1)) < timedelta(minutes=1)
    assert [(line["text"], line["required"]) for line in work.lines] == [("Badge returned", True)]
    assert (work.finished, work.all) == (0, 3)
    assert facade.progress(Record.objects.get(number=incident).pk) == (0, 3)


def test_templates_are_kept_by_administrators_and_known_where_they_belong(people, template):
    for name in ("amira", "mia", "claire", "stella", "otto"):
        with pytest.raises((Forbidden, Invalid)):
            facade.create_template(people.actor(name), {"name": "x", "organisation": "gungun", "lines": LINES[1:2]})
        with pytest.raises((Forbidden, NotFound)):
            facade.edit_template(people.actor(name), template, {"name": "y"})
    with pytest.raises(NotFound):
        facade.template_row(people.actor("stella"), template)
    with pytest.raises(NotFound):
        facade.template_row(people.actor("claire"), template)
    assert facade.template_row(people.actor("amira"), template)["name"] == "Leaver"
    with pytest.raises(Conflict):
        facade.create_template(people.actor("ann"), {"name": "Leaver", "organisation": "gungun", "lines": LINES})


def test_a_template_in_the_trash_cannot_be_chosen_and_can_come_back(people, incident, template):
    ann, amira = people.actor("ann"), people.actor("amira")
    facade.trash_template(ann, template)
    assert [t.pk for t in facade.usable(Record.objects.get(number=incident).pk)] == []
    with pytest.raises(Invalid):
        facade.apply_template(amira, incident, template)
    facade.restore_template(ann, template)
    assert len(facade.apply_template(amira, incident, template)) == 2
    with pytest.raises(Stale):
        facade.edit_template(ann, template, {"name": "x"}, version=1)
    facade.edit_template(ann, template, {"lines": LINES[2:]})
    assert [line["title"] for line in facade.template_row(ann, template)["lines"]] == ["Collect laptop"]


def test_another_companys_template_is_unknown(people, template):
    theirs = incidents.report(people.actor("sam"), {"title": "x"})
    with pytest.raises(Invalid):
        facade.apply_template(people.actor("stella"), theirs, template)


@pytest.mark.parametrize("how", ["reported", "edited"])
def test_a_category_brings_its_templates_along_once(people, how):
    root, amira = people.actor("root"), people.actor("amira")
    incidents.create_category(root, {"code": "doors", "name": "Doors"})
    incidents.create_category(root, {"code": "lock", "name": "Lock", "parent": "doors"})
    incidents.create_category(root, {"code": "doorsteps", "name": "Doorsteps"})
    facade.create_template(
        people.actor("ann"),
        {"name": "Lock", "organisation": "gungun", "categories": ["doors"], "required": True, "lines": LINES[2:]},
    )
    if how == "reported":
        number = incidents.report(people.actor("claire"), {"title": "jammed", "category": "doors/lock"})
    else:
        number = incidents.report(people.actor("claire"), {"title": "jammed"})
        incidents.act(amira, "edit", number, {"category": "doorsteps"})
        assert facade.work(amira, number).tasks == []
        incidents.act(amira, "edit", number, {"category": "doors/lock"})
    assert [t["title"] for t in facade.work(amira, number).tasks] == ["Collect laptop"]
    incidents.act(amira, "edit", number, {"category": "doorsteps"})
    incidents.act(amira, "edit", number, {"category": "doors"})
    assert len(facade.work(amira, number).tasks) == 1


def test_what_a_category_demands_is_named_when_it_was_never_added(people):
    incidents.create_category(people.actor("root"), {"code": "doors", "name": "Doors"})
    number = incidents.report(people.actor("claire"), {"title": "jammed", "category": "doors"})
    template = facade.create_template(
        people.actor("ann"),
        {"name": "Door check", "organisation": "gungun", "categories": ["doors"], "required": True, "lines": LINES[2:]},
    )
    amira = people.actor("amira")
    with pytest.raises(Invalid) as refused:
        incidents.act(amira, "resolve", number, FIXED)
    assert "Door check" in refused.value.sentence
    for task in facade.apply_template(amira, number, template):
        facade.act(amira, "complete", task)
    incidents.act(amira, "resolve", number, FIXED)


def test_macros_and_bulk_add_tasks_by_a_verb_of_the_incident(people, incident, template):
    amira = people.actor("amira")
    incidents.act(amira, "add_tasks", incident, {"template": template, "titles": ["Call back"]})
    titles = [task["title"] for task in facade.work(amira, incident).tasks]
    assert titles == ["Disable account", "Collect laptop", "Call back"]
    with pytest.raises(Invalid):
        incidents.act(amira, "add_tasks", incident, {})
    with pytest.raises(Forbidden):
        incidents.act(people.actor("claire"), "add_tasks", incident, {"titles": ["mine"]})
