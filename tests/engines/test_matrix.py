"""Priorities and scores: the worked numbers of domain.md 4.2 and 7.3."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quell.engines.matrix import DEFAULT_CELLS, SMALL_CELLS, faults, priority, score, total

LEVEL = st.integers(1, 4)


@pytest.mark.parametrize(
    ("case", "impact", "urgency", "users", "services", "flagged", "age", "expected_priority", "expected_score"),
    [
        ("seed switch failure", 1, 1, 120, 3, False, 0, 1, 81.41),
        ("tax site at month's end", 2, 1, 6, 1, True, 0, 1, 66.23),
        ("virus on ten PCs", 2, 2, 10, 1, False, 0, 2, 55.96),
        ("impatient colleague", 3, 2, 1, 1, False, 0.5, 3, 44.76),
        ("HR PC crashed", 3, 2, 1, 1, False, 0, 3, 42.26),
        ("VIP: mail slow", 4, 3, 1, 1, True, 0, 4, 31.01),
    ],
)
def test_worked_examples(case, impact, urgency, users, services, flagged, age, expected_priority, expected_score):
    factors = score(impact, urgency, users=users, services=services, flagged=flagged, age_share=age)
    assert priority(DEFAULT_CELLS, impact, urgency) == expected_priority
    assert total(factors) == pytest.approx(expected_score, abs=0.011), case


def test_the_small_matrix_is_that_of_the_domain_page():
    assert [priority(SMALL_CELLS, i, u) for i in (1, 2, 3) for u in (1, 2, 3)] == [1, 2, 3, 2, 3, 4, 3, 4, 5]


@given(LEVEL, LEVEL)
def test_a_small_matrix_serves_four_levels(impact, urgency):
    assert 1 <= priority(SMALL_CELLS, impact, urgency) <= 5


@pytest.mark.parametrize("level", [0, -1])
def test_levels_below_one_are_refused(level):
    with pytest.raises(ValueError):
        priority(DEFAULT_CELLS, level, 1)


@given(LEVEL, LEVEL, st.integers(0, 10**9), st.integers(0, 100), st.booleans(), st.floats(0, 50))
def test_the_score_stays_between_0_and_100(impact, urgency, users, services, flagged, age):
    assert 0 <= total(score(impact, urgency, users=users, services=services, flagged=flagged, age_share=age)) <= 100


@given(st.lists(st.integers(-3, 9), min_size=16, max_size=16))
def test_a_matrix_without_faults_never_ranks_worse_harm_lower(cells):
    grid = [cells[i : i + 4] for i in range(0, 16, 4)]
    if not faults(grid):
        for i in range(1, 4):
            for u in range(1, 5):
                assert priority(grid, i, u) <= priority(grid, i + 1, u)


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (None, "shape"),
        ([[1]], "shape"),
        ([[1, 2, 3], [1, 2, 3], [1, 2]], "shape"),
        ([[1, 2, 3], [2, 3, 4], [3, 4, 6]], "range"),
        ([[1, 2, 3], [2, 3, 4], [3, 4, True]], "range"),
        ([[2, 1, 3], [2, 3, 4], [3, 4, 5]], "order"),
        ([[1, 2, 3], [2, 3, 4], [1, 4, 5]], "order"),
    ],
)
def test_a_bad_matrix_says_what_is_wrong(cells, fault):
    assert faults(cells) == [fault]


def test_the_shipped_matrices_are_sound():
    assert not faults([list(row) for row in DEFAULT_CELLS])
    assert not faults([list(row) for row in SMALL_CELLS])
