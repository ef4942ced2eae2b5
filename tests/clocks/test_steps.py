"""The escalation matrix as data (capability SL08): made, changed, removed and tried; managers hear at last."""

from __future__ import annotations

import pytest

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory.people import edit_person
from quell.kernel.config.refusal import Conflict, Forbidden, Invalid, NotFound, Stale
from quell.kernel.journal.models import Entry
from quell.kernel.records.models import Record
from quell.practices.clocks import facade
from quell.practices.clocks.models import EscalationStep
from quell.practices.clocks.rules.escalating import SHIPPED, comes_at, levels

OURS = {"organisation": "gungun", "percent": 75, "audiences": ["assignee"]}


@pytest.fixture
def ann(promised) -> Actor:
    """Ann looks after the settings of Gungun, and Stella's company is not hers."""
    return promised.actor("ann")


def test_a_step_is_made_changed_and_removed_and_each_is_written_down(ann, promised):
    made = facade.create_step(ann, OURS)
    facade.edit_step(ann, made, {"percent": 80, "verb": "edit", "inputs": {"urgency": 1}}, version=1)
    row = facade.step(ann, made)
    assert (row["percent"], row["verb"], row["inputs"], row["version"]) == (80, "edit", {"urgency": 1}, 2)
    with pytest.raises(Stale):
        facade.edit_step(ann, made, {"percent": 81}, version=1)
    facade.delete_step(ann, made)
    with pytest.raises(NotFound):
        facade.step(ann, made)
    lines = Entry.objects.filter(subject="escalation_step", subject_id=made).order_by("id")
    assert [(line.verb, line.actor_id) for line in lines] == [(v, ann.person_id) for v in ("create", "edit", "remove")]
    assert lines[1].changes["percent"] == [75, 80]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        pytest.param({"audiences": []}, "audiences", id="nobody-and-nothing"),
        pytest.param({"audiences": ["boss"]}, "audiences", id="no-such-word"),
        pytest.param({"audiences": ["managers:21"]}, "audiences", id="too-high"),
        pytest.param({"audiences": ["role:king"]}, "audiences", id="no-such-role"),
        pytest.param({"audiences": ["sam@elsewhere.example"]}, "audiences", id="a-stranger"),
        pytest.param({"metrics": ["joy"]}, "metrics", id="no-such-metric"),
        pytest.param({"verb": "close"}, "verb", id="a-verb-it-may-not"),
        pytest.param({"verb": "transfer", "inputs": {"to": "network"}}, "inputs", id="inputs-of-another-verb"),
        pytest.param({"verb": "comment", "inputs": {"body": "x", "visibility": "public"}}, "inputs", id="in-public"),
        pytest.param({"percent": 0}, "percent", id="no-percent"),
    ],
)
def test_what_cannot_be_meant_is_refused_beside_its_field(ann, wrong, field):
    with pytest.raises(Invalid) as no:
        facade.create_step(ann, {**OURS, **wrong})
    assert [error.field.split(".")[0] for error in no.value.errors] == [field]


@pytest.mark.parametrize("who", ["mia", "ann"])
def test_each_place_is_for_those_who_look_after_it(promised, who):
    actor = promised.actor(who)
    with pytest.raises(Forbidden):
        facade.create_step(actor, {**OURS, "organisation": None})
    theirs = EscalationStep.objects.create(organisation=promised.elsewhere, percent=50, audiences=["assignee"])
    assert facade.step_page(actor, None, 50, 0) == []
    with pytest.raises(NotFound):
        facade.edit_step(actor, theirs.pk, {"percent": 60})
    everybodys = EscalationStep.objects.create(percent=50, audiences=["assignee"])
    with pytest.raises(Forbidden if who == "ann" else NotFound):
        facade.delete_step(actor, everybodys.pk)


def test_the_houses_own_are_copied_once_to_be_changed(ann, promised):
    assert [step.percent for step in facade.steps_in(promised.gungun.pk)] == [percent for percent, _who in SHIPPED]
    facade.copy_shipped(ann, "gungun")
    rows = facade.steps_of(promised.gungun.pk)
    assert [(row["percent"], tuple(row["audiences"])) for row in rows] == list(SHIPPED)
    with pytest.raises(Conflict):
        facade.copy_shipped(ann, "gungun")


def test_managers_hear_and_who_would_is_told_before(promised, report_at, act, ann):
    for person, manager in (("jonas", "mia"), ("mia", "otto")):
        edit_person(promised.actor("root"), f"{person}@gungun.example", {"manager": f"{manager}@gungun.example"})
    words = ("manager", "managers:2", "managers:9")
    for percent, word in zip((10, 20, 30), words, strict=True):
        facade.create_step(ann, {**OURS, "percent": percent, "audiences": [word]})
    number = report_at()
    record = Record.objects.get(number=number).pk

    def hear(percent: int) -> list[str]:
        return sorted({name for one in facade.would_hear(record, percent) for name in one.people})

    assert hear(10) == ["Otto"]  # nobody works on it: who leads is Mia, and Otto stands above her
    act("assign", number, 0.1, assignee="jonas@gungun.example", team="network")
    assert [hear(percent) for percent in (5, 10, 20, 30)] == [[], ["Mia"], ["Otto"], ["Otto"]]


def test_a_step_at_which_nothing_warns_never_comes(promised):
    assert facade.warned_percents(promised.actor("ann")) == [50, 75, 90, 100]
    percents = [50, 60, 80, 95, 200]
    assert [comes_at(one, percents, [50, 75, 90, 100]) for one in percents] == [[50], [75], [90], [100], []]


@pytest.mark.parametrize(("word", "up"), [("manager", 1), ("managers:3", 3), ("managers:", 0), ("managers:x", 0)])
def test_how_high_a_word_means(word, up):
    assert levels(word) == up
