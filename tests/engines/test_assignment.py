"""Who gets the work: never somebody absent, unskilled or full; fair over time; the same twice for the same facts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quell.engines.assignment import (
    FIXED,
    LEAST_LOADED,
    POLICIES,
    PULL,
    ROUND_ROBIN,
    SKILL,
    STICKY,
    Candidate,
    Policy,
    choose,
    weight,
)
from quell.engines.presence import ABSENT, OFF_HOURS, SWITCHED_OFF

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOMENT = st.none() | st.integers(0, 90).map(lambda days: NOW - timedelta(days=days))
CANDIDATE = st.builds(
    Candidate,
    person=st.integers(1, 12),
    load=st.integers(0, 60).map(lambda half: half / 2),
    capacity=st.sampled_from([0.0, 5.0, 20.0, 30.0]),
    away=st.sampled_from(["", "", ABSENT, OFF_HOURS, SWITCHED_OFF]),
    skills=st.dictionaries(st.sampled_from(["network", "sql"]), st.integers(0, 5)),
    last_given=MOMENT,
    last_with_caller=MOMENT,
)
CANDIDATES = st.lists(CANDIDATE, max_size=8, unique_by=lambda one: one.person)
POLICY = st.builds(
    Policy,
    kind=st.sampled_from(POLICIES),
    needs=st.lists(st.tuples(st.sampled_from(["network", "sql"]), st.integers(1, 5)), max_size=2).map(tuple),
    person=st.integers(1, 12),
)


def is_able(policy: Policy, one: Candidate, new_weight: float) -> bool:
    knows = all(one.skills.get(skill, 0) >= level for skill, level in policy.needs)
    meant = policy.kind != FIXED or one.person == policy.person
    room = policy.kind == FIXED or one.load + new_weight <= one.capacity
    return meant and not one.away and knows and room


@given(POLICY, CANDIDATES, st.sampled_from([1.0, 2.0, 4.0]))
def test_only_the_able_are_chosen_and_somebody_is_if_anybody_is(policy, candidates, new_weight):
    choice = choose(policy, candidates, NOW, new_weight=new_weight)
    able = {one.person for one in candidates if is_able(policy, one, new_weight)}
    if policy.kind == PULL:
        assert choice.person is None
    else:
        assert (choice.person in able) if able else choice.person is None
        assert {person for person, _why in choice.passed_over} == {c.person for c in candidates} - able
    assert choice.because.code


@given(POLICY, CANDIDATES, st.randoms())
def test_the_order_of_candidates_does_not_matter(policy, candidates, chance):
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    assert choose(policy, shuffled, NOW) == choose(policy, candidates, NOW)


@given(st.integers(1, 7), st.integers(1, 60))
def test_turns_are_fair(people, pieces):
    """After any number of pieces, nobody has had two more than anybody else."""
    team = {n: Candidate(n, capacity=10_000) for n in range(1, people + 1)}
    had = Counter(dict.fromkeys(team, 0))
    for piece in range(pieces):
        moment = NOW + timedelta(minutes=piece)
        person = choose(Policy(ROUND_ROBIN), list(team.values()), moment).person
        had[person] += 1
        team[person] = replace(team[person], last_given=moment)
    assert max(had.values()) - min(had.values()) <= 1


@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=60),
    st.lists(st.sampled_from([10.0, 20.0]), min_size=2, max_size=5),
)
def test_the_least_loaded_end_up_level(priorities, capacities):
    """By weight and capacity: no share differs from another by more than one heavy piece."""
    team = {n: Candidate(n, capacity=c * 100) for n, c in enumerate(capacities)}
    for step, priority in enumerate(priorities):
        new = weight(priority)
        person = choose(Policy(LEAST_LOADED), list(team.values()), NOW, new_weight=new).person
        team[person] = replace(team[person], load=team[person].load + new, last_given=NOW + timedelta(seconds=step))
    shares = [one.load / one.capacity for one in team.values()]
    assert max(shares) - min(shares) <= weight(1) / min(one.capacity for one in team.values()) + 1e-9


AMIRA, JONAS, RAJ = 1, 2, 3


@pytest.mark.parametrize(
    ("policy", "candidates", "chosen", "code"),
    [
        (Policy(ROUND_ROBIN), [Candidate(AMIRA, last_given=NOW), Candidate(JONAS)], JONAS, ROUND_ROBIN),
        (Policy(LEAST_LOADED), [Candidate(AMIRA, 8, 40), Candidate(JONAS, 6, 20)], AMIRA, LEAST_LOADED),
        (Policy(SKILL, (("sql", 3),)), [Candidate(AMIRA), Candidate(RAJ, 9, skills={"sql": 3})], RAJ, SKILL),
        (Policy(SKILL, (("sql", 4),)), [Candidate(AMIRA), Candidate(RAJ, skills={"sql": 3})], None, "nobody"),
        (Policy(STICKY), [Candidate(AMIRA), Candidate(RAJ, 9, last_with_caller=NOW - timedelta(3))], RAJ, STICKY),
        (Policy(STICKY), [Candidate(AMIRA), Candidate(RAJ, 9, last_with_caller=NOW - timedelta(31))], AMIRA,
         LEAST_LOADED),
        (Policy(STICKY), [Candidate(AMIRA), Candidate(RAJ, away=ABSENT, last_with_caller=NOW)], AMIRA, LEAST_LOADED),
        (Policy(FIXED, person=JONAS), [Candidate(AMIRA), Candidate(JONAS, 100, 20)], JONAS, FIXED),
        (Policy(FIXED, person=JONAS), [Candidate(AMIRA), Candidate(JONAS, away=ABSENT)], None, "nobody"),
        (Policy(PULL), [Candidate(AMIRA)], None, PULL),
        (Policy(LEAST_LOADED), [Candidate(AMIRA, 19, 20), Candidate(JONAS, 20, 20)], None, "nobody"),
    ],
)  # fmt: skip
def test_by_example(policy, candidates, chosen, code):
    choice = choose(policy, candidates, NOW)
    assert (choice.person, choice.because.code) == (chosen, code)


def test_an_unknown_policy_is_a_fault():
    with pytest.raises(ValueError):
        choose(Policy("dice"), [], NOW)


def test_waiting_work_weighs_half():
    assert weight(1) == 2 * weight(1, waiting=True) > weight(3) > weight(5)
