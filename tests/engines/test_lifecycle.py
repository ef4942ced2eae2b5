"""The lifecycle engine, and the incident's own table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quell.engines.lifecycle import Lifecycle, NoTransition, State, move
from quell.practices.incidents.rules.lifecycle import INCIDENT, OPEN

STATES = sorted(INCIDENT.states)


def tiny(**more):
    return Lifecycle([State("a", "new"), State("b", "closed")], [move("go", ["a"], "b")], initial="a", **more)


def test_a_step_leads_where_the_table_says():
    assert tiny().step("a", "go") == "b"


def test_a_verb_that_does_not_apply_is_refused_with_state_and_verb():
    with pytest.raises(NoTransition) as refused:
        tiny().step("b", "go")
    assert (refused.value.state, refused.value.verb) == ("b", "go")


@pytest.mark.parametrize(
    ("states", "moves", "initial"),
    [
        ([State("a", "new")], [move("go", ["a"], "nowhere")], "a"),
        ([State("a", "new"), State("b", "new")], [], "a"),
        ([State("a", "new")], [], "b"),
        ([State("a", "new")], [move("go", ["a"]), move("go", ["a"])], "a"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(states, moves, initial):
    with pytest.raises(ValueError):
        Lifecycle(states, moves, initial=initial)


@given(st.lists(st.sampled_from(INCIDENT.verbs), max_size=40))
def test_whatever_is_tried_an_incident_is_always_in_a_known_state(verbs):
    state = INCIDENT.initial
    for verb in verbs:
        if INCIDENT.allows(state, verb):
            state = INCIDENT.step(state, verb)
        else:
            with pytest.raises(NoTransition):
                INCIDENT.step(state, verb)
        assert INCIDENT.category(state) in ("new", "active", "waiting", "resolved", "closed")


@given(st.sampled_from(STATES), st.sampled_from(INCIDENT.verbs))
def test_what_is_closed_or_cancelled_stays_so(state, verb):
    if state in ("closed", "cancelled"):
        assert not INCIDENT.allows(state, verb)


def test_only_resolved_incidents_can_be_reopened_or_closed():
    assert INCIDENT.sources("reopen") == INCIDENT.sources("close") == {"resolved"}


def test_every_open_incident_can_be_cancelled_and_resolved():
    assert INCIDENT.sources("cancel") == INCIDENT.sources("resolve") == set(OPEN)


def test_the_diagram_draws_every_change_of_state():
    drawn = INCIDENT.diagram()
    for source, verb, target in INCIDENT.edges():
        assert f"{source} --> {target}: {verb}" in drawn
