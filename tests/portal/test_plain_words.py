"""Two plain questions decide impact and urgency; four plain stages say where a request stands."""

from __future__ import annotations

from itertools import product

import pytest

from quell.practices.incidents.rules.lifecycle import INCIDENT
from quell.practices.incidents.rules.plain_words import (
    AFFECTED,
    FINISHED,
    SEVERITY,
    STAGES,
    UNFINISHED,
    impact_and_urgency,
    stage,
)


@pytest.mark.parametrize(
    ("affected", "severity", "impact", "urgency"),
    [
        ("me", "annoying", 4, 4),
        ("me", "slow", 4, 3),
        ("me", "stopped", 3, 2),
        ("me", "standstill", 3, 1),
        ("team", "annoying", 3, 4),
        ("team", "standstill", 3, 1),
        ("site", "slow", 2, 3),
        ("site", "stopped", 2, 2),
        ("company", "annoying", 1, 4),
        ("company", "standstill", 1, 1),
    ],
)
def test_the_answers_weigh_as_the_levels_are_defined(affected: str, severity: str, impact: int, urgency: int) -> None:
    assert impact_and_urgency(affected, severity) == (impact, urgency)


def test_a_worse_answer_never_weighs_less() -> None:
    for (i, who), (u, how) in product(enumerate(AFFECTED), enumerate(SEVERITY)):
        impact, urgency = impact_and_urgency(who, how)
        assert 1 <= impact <= 4 and 1 <= urgency <= 4
        if i:
            assert impact <= impact_and_urgency(AFFECTED[i - 1], how)[0]
        if u:
            milder = impact_and_urgency(who, SEVERITY[u - 1])
            assert impact <= milder[0] and urgency < milder[1]


@pytest.mark.parametrize(("affected", "severity"), [("", "slow"), ("me", ""), ("nobody", "slow"), ("me", "1")])
def test_other_answers_are_refused(affected: str, severity: str) -> None:
    with pytest.raises(ValueError, match="answer"):
        impact_and_urgency(affected, severity)


def test_every_state_has_its_stage() -> None:
    for code in INCIDENT.states:
        assert stage(code).reached in STAGES
    assert set(UNFINISHED) | set(FINISHED) == set(INCIDENT.states)


def test_only_the_requesters_own_turn_is_waiting() -> None:
    assert stage("on_hold", "requester").waiting and stage("resolved").waiting
    assert not stage("on_hold", "supplier").waiting and not stage("in_progress").waiting
    assert stage("cancelled").withdrawn and not stage("closed").withdrawn
