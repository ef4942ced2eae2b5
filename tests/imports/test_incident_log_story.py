"""Telling an incident: the order of its events, the verbs, what is kept of each change, what is odd."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quell.practices.incidents.rules.incident_log_rows import COLUMNS, STATES, Event, Table
from quell.practices.incidents.rules.incident_log_story import STATE_OF, Story, tell
from quell.practices.incidents.rules.lifecycle import INCIDENT

from .log_rows import life, row

TABLE = Table(COLUMNS)


def events(rows: list[list[str]]) -> list[Event]:
    return [TABLE.event(cells, line) for line, cells in enumerate(rows, start=2)]


def story_of(*rows: list[str]) -> Story:
    return tell(events(list(rows)))


def test_an_ordinary_life_reads_as_it_happened() -> None:
    story = tell(events(life()))
    assert [step.verb for step in story.steps] == [
        "opened",
        "transferred",
        "started",
        "held",
        "resolved",
        "closed",
    ]
    handed_over, started, held = story.steps[1:4]
    assert handed_over.changes == {
        "team": ("Group 56", "Group 24"),
        "assignee": (None, "Resolver 31"),
        "transfer_count": (0, 1),
    }
    assert started.changes == {"state": ("new", "in_progress")}
    assert held.changes == {"state": ("in_progress", "on_hold"), "hold_reason": (None, "requester")}
    assert [step.source_state for step in story.steps if step.source_state] == [
        "New",
        "Active",
        "Awaiting User Info",
        "Resolved",
        "Closed",
    ]
    assert story.title == "Symptom 72 · Category 55 / Subcategory 170"
    assert story.category == ("Category 55", "Subcategory 170")
    assert (story.state, story.channel, story.requester) == ("closed", "phone", "Caller 2403")
    assert story.responded_at == story.steps[1].event.updated_at
    assert story.resolved_at == story.last.resolved_at and story.closed_at == story.last.closed_at


def test_rows_in_any_order_tell_the_same_story() -> None:
    rows = life()
    told = tell(events(rows))
    shuffled = events(rows)
    random.Random(137).shuffle(shuffled)
    again = tell(shuffled)
    assert again._replace(oddities=()) == told._replace(oddities=())
    assert "out_of_order_in_file" in again.oddities and "out_of_order_in_file" not in told.oddities


def test_within_a_minute_the_update_number_decides() -> None:
    story = story_of(
        row(incident_state="Resolved", sys_mod_count=2, sys_updated_at="29/2/2016 08:53"),
        row(incident_state="Active", sys_mod_count=1, sys_updated_at="29/2/2016 08:53"),
        row(sys_mod_count=0),
    )
    assert [step.source_state for step in story.steps] == ["New", "Active", "Resolved"]


def test_final_values_do_not_leak_into_an_incident_that_is_not_over() -> None:
    story = story_of(row(), row(incident_state="Active", sys_mod_count=1, sys_updated_at="29/2/2016 02:00"))
    assert (story.state, story.resolved_at, story.closed_at) == ("in_progress", None, None)
    assert "still_open" in story.oddities


def test_a_state_without_a_word_is_work_in_progress() -> None:
    story = story_of(
        row(),
        row(incident_state="-100", sys_mod_count=1, sys_updated_at="16/6/2016 12:02"),
        row(incident_state="-100", sys_mod_count=2, sys_updated_at="16/6/2016 12:03"),
        row(incident_state="Resolved", sys_mod_count=3, sys_updated_at="16/6/2016 12:03"),
    )
    assert [step.changes["state"] for step in story.steps if "state" in step.changes] == [
        (None, "new"),
        ("new", "in_progress"),
        ("in_progress", "resolved"),
    ]
    assert story.steps[1].source_state == "-100"
    assert story.oddities.count("state_minus_100") == 2


def test_updated_before_opened_is_kept_and_told() -> None:
    story = story_of(
        row(opened_at="29/2/2016 09:41", sys_updated_at="29/2/2016 07:27", incident_state="Active"),
        row(opened_at="29/2/2016 09:41", sys_updated_at="29/2/2016 09:59", sys_mod_count=1),
    )
    assert story.oddities.count("updated_before_opened") == 1
    assert story.responded_at == story.last.opened_at  # nobody answers before being asked


def test_reopened_after_resolving_and_after_closing() -> None:
    story = story_of(
        row(incident_state="Resolved"),
        row(incident_state="Active", reopen_count=1, sys_mod_count=1, sys_updated_at="1/3/2016 08:00"),
        row(incident_state="Closed", reopen_count=1, sys_mod_count=2, sys_updated_at="2/3/2016 08:00"),
        row(incident_state="Active", reopen_count=2, sys_mod_count=3, sys_updated_at="3/3/2016 08:00"),
        row(incident_state="New", reopen_count=2, sys_mod_count=4, sys_updated_at="3/3/2016 08:05"),
    )
    assert [step.verb for step in story.steps] == ["opened", "reopened", "closed", "reopened", "started"]
    assert story.steps[1].changes == {"state": ("resolved", "in_progress"), "reopen_count": (0, 1)}
    assert story.oddities.count("reopened_after_closing") == 1


def test_one_update_that_did_several_things_gives_a_step_for_each() -> None:
    story = story_of(
        row(),
        row(
            incident_state="Resolved",
            sys_mod_count=1,
            sys_updated_at="29/2/2016 08:53",
            category="Category 9",
            urgency="1 - High",
            assignment_group="Group 70",
            reassignment_count=1,
            location="Location 51",
            rfc="CHG0000132",
        ),
    )
    assert [step.verb for step in story.steps[1:]] == ["classified", "prioritised", "transferred", "resolved"]
    assert story.steps[1].changes == {
        "category": (("Category 55", "Subcategory 170"), ("Category 9", "Subcategory 170"))
    }
    assert story.steps[-1].changes["location"] == ("Location 143", "Location 51")
    assert story.steps[-1].changes["change"] == (None, "CHG0000132")


def test_an_update_that_shows_nothing_still_stands_in_the_history() -> None:
    story = story_of(row(), row(sys_mod_count=1, sys_updated_at="29/2/2016 02:00", made_sla="false"))
    assert story.steps[1].verb == "touched" and story.steps[1].changes == {}


def test_waiting_for_something_else_is_holding_again() -> None:
    story = story_of(
        row(incident_state="Awaiting Vendor"),
        row(incident_state="Awaiting Problem", sys_mod_count=1, sys_updated_at="29/2/2016 02:00"),
        row(incident_state="Active", sys_mod_count=2, sys_updated_at="29/2/2016 03:00"),
    )
    assert [step.verb for step in story.steps] == ["opened", "held", "resumed"]
    assert story.steps[0].changes["hold_reason"] == (None, "supplier")
    assert story.steps[1].changes == {"hold_reason": ("supplier", "problem")}
    assert story.steps[2].changes == {"state": ("on_hold", "in_progress"), "hold_reason": ("problem", None)}


def test_what_nobody_knows_is_not_made_up() -> None:
    story = story_of(
        row(
            u_symptom="?",
            category="?",
            subcategory="?",
            caller_id="?",
            contact_type="?",
            assignment_group="?",
        )
    )
    assert story.title == "INC0000045"
    assert (story.category, story.requester, story.channel) == ((), None, "import")
    assert "caller_unknown" in story.oddities
    assert "team" not in story.steps[0].changes


def test_the_last_known_caller_answers_for_an_unknown_one() -> None:
    story = story_of(row(), row(caller_id="?", sys_mod_count=1, sys_updated_at="29/2/2016 02:00"))
    assert story.requester == "Caller 2403"


def test_every_state_of_the_log_is_a_state_of_the_incident() -> None:
    assert set(STATE_OF) == STATES
    for state, _ in STATE_OF.values():
        INCIDENT.category(state)


STATE_WORDS = st.sampled_from(sorted(STATES))
UPDATES = st.lists(
    st.tuples(
        STATE_WORDS,
        st.sampled_from(["?", "Group 1", "Group 2"]),
        st.sampled_from(["?", "Resolver 1"]),
        st.integers(0, 59),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("field", ["state", "team", "assignee", "transfer_count"])
@given(updates=UPDATES)
def test_the_changes_always_join_up(field: str, updates: list[tuple[str, str, str, int, int]]) -> None:
    """Folding the changes of any story, in order, gives the facts of its last event: nothing lost, nothing twice."""
    rows = [
        row(
            incident_state=state,
            assignment_group=group,
            assigned_to=person,
            reassignment_count=transfers,
            sys_mod_count=at,
            sys_updated_at=f"29/2/2016 02:{minute:02d}",
        )
        for at, (state, group, person, minute, transfers) in enumerate(updates)
    ]
    story = tell(events(rows))
    value: object = None
    for step in story.steps:
        if field in step.changes:
            before, after = step.changes[field]
            assert (value or None) == (before or None)
            value = after
    last = story.last
    expected = {
        "state": story.state,
        "team": last.group,
        "assignee": last.resolver,
        "transfer_count": last.transfers,
    }[field]
    assert (value or None) == (expected or None)
    assert len({step.event.line for step in story.steps}) == len(rows)
    moments = [step.event.updated_at for step in story.steps]
    assert moments == sorted(moments)
