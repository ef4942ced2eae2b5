"""Reading the journal from where one stopped: every entry once, also those that are committed out of order."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from quell.kernel.live.changes import GAP_SECONDS, MOST, Change, Reader

AT = datetime(2026, 11, 21, tzinfo=UTC)


def entry(entry_id: int) -> Change:
    return Change(entry_id, AT, "edit", False, 1, 1, 1, "INC-1", "incident", 1, None, None, None, 1, None, ())


def read(reader: Reader, committed: set[int], now: float = 0.0) -> list[int]:
    """One look: what the statement would give."""
    settled, known, most = reader.asked()
    found = sorted(one for one in committed if one > settled and one not in known)[:most]
    reader.took([entry(one) for one in found], now)
    return found


@given(st.permutations(range(1, 12)), st.integers(1, 4))
def test_every_entry_once_whatever_the_order(order: list[int], step: int) -> None:
    reader, committed, seen = Reader(), set[int](), list[int]()
    for at in range(0, len(order), step):
        committed.update(order[at : at + step])
        seen += read(reader, committed)
    assert sorted(seen) == sorted(order)
    assert reader.asked()[:2] == (11, [])


def test_a_gap_is_waited_for_and_then_given_up() -> None:
    reader = Reader()
    assert read(reader, {1, 2, 4}, now=0.0) == [1, 2, 4]
    assert reader.asked()[:2] == (2, [4])
    assert read(reader, {1, 2, 4, 5}, now=GAP_SECONDS - 1) == [5]
    assert read(reader, {1, 2, 3, 4, 5}, now=GAP_SECONDS - 1) == [3]
    assert reader.settled == 5
    read(reader, {7}, now=100.0)
    read(reader, {7}, now=100.0 + GAP_SECONDS)
    assert reader.asked()[:2] == (7, [])


def test_a_flood_is_passed_over() -> None:
    reader = Reader()
    flood = [entry(one) for one in range(1, MOST + 1)]
    assert reader.took(flood, 0.0)
    assert reader.asked()[:2] == (MOST, [])


def test_numbers_an_import_keeps_to_itself_are_passed_over() -> None:
    reader = Reader()
    assert not reader.took([entry(1_000_000)], 0.0)
    assert reader.asked()[:2] == (1_000_000, [])
