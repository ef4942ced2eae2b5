"""Reading rows of the event log: every trap of the file, and what a stranger's file may hold."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quell.practices.incidents.rules.incident_log_reading import last_rows, whole_incidents
from quell.practices.incidents.rules.incident_log_rows import (
    COLUMNS,
    Event,
    NotTheLog,
    Refused,
    RowFault,
    Table,
    label,
    moment,
    spaced_twice,
)
from quell.practices.incidents.rules.incident_log_story import Story

from .log_rows import life, row

TABLE = Table(COLUMNS)


def read(rows: list[list[str]]) -> tuple[list[Story], list[Refused], Counter[str]]:
    numbered = list(enumerate(rows, start=2))
    table = Table(COLUMNS)
    _, last = last_rows(numbered, table)
    oddities: Counter[str] = Counter()
    found = list(whole_incidents(numbered, table, last, oddities))
    return (
        [one for one in found if isinstance(one, Story)],
        [one for one in found if isinstance(one, Refused)],
        oddities,
    )


def test_an_ordinary_row_gives_everything_it_says() -> None:
    event = TABLE.event(row(), 2)
    assert event.number == "INC0000045"
    assert event.opened_by == "Opened by 8"  # two spaces in the file
    assert event.opened_at == datetime(2016, 2, 29, 1, 16, tzinfo=UTC)
    assert (event.impact, event.urgency, event.priority) == (2, 2, 3)
    assert event.resolver is None and event.ci is None
    assert event.closed_at == datetime(2016, 3, 5, 12, 0, tzinfo=UTC)  # day first: 5 March, not 3 May


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("29/2/2016 01:16", datetime(2016, 2, 29, 1, 16, tzinfo=UTC)),
        ("01/02/2016 1:06", datetime(2016, 2, 1, 1, 6, tzinfo=UTC)),
        ("?", None),
        ("", None),
    ],
)
def test_dates_are_day_first_and_utc(cell: str, expected: datetime | None) -> None:
    assert moment(cell) == expected


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2016-02-29 01:16", "date-unreadable"),
        ("29/2/2016", "date-unreadable"),
        ("30/2/2016 01:16", "date-impossible"),
        ("2/29/2016 01:16", "date-impossible"),
        ("29/2/2016 24:00", "date-impossible"),
        ("1/1/0000 00:00", "date-impossible"),
        ("\uff12\uff19/2/2016 01:16", "date-unreadable"),
    ],
)
def test_dates_that_are_none(cell: str, code: str) -> None:
    with pytest.raises(RowFault) as fault:
        moment(cell)
    assert fault.value.code == code


@pytest.mark.parametrize(
    ("values", "code", "column"),
    [
        ({"incident_state": "Pending"}, "state-unknown", "incident_state"),
        ({"incident_state": "?"}, "state-unknown", "incident_state"),
        ({"opened_at": "?"}, "value-missing", "opened_at"),
        ({"sys_updated_at": "?"}, "value-missing", "sys_updated_at"),
        ({"impact": "4 - None"}, "level-unknown", "impact"),
        ({"priority": "5 - Planning"}, "level-unknown", "priority"),
        ({"reassignment_count": "-1"}, "count-unreadable", "reassignment_count"),
        ({"reopen_count": "1e3"}, "count-unreadable", "reopen_count"),
        ({"sys_mod_count": "99999999999"}, "count-unreadable", "sys_mod_count"),
        ({"active": "yes"}, "flag-unreadable", "active"),
        ({"number": "CHG0000045"}, "number-unreadable", "number"),
        ({"caller_id": "x" * 101}, "label-too-long", "caller_id"),
        ({"caller_id": "Caller\x07 1"}, "label-unprintable", "caller_id"),
    ],
)
def test_a_row_that_cannot_be_understood_says_which_column(values: dict[str, str], code: str, column: str) -> None:
    with pytest.raises(RowFault) as fault:
        TABLE.event(row(**values), 7)
    assert (fault.value.code, fault.value.column) == (code, column)


def test_a_row_too_short_or_too_long_is_refused() -> None:
    for cells in (row()[:-1], [*row(), "x"], []):
        with pytest.raises(RowFault, match="row-width"):
            TABLE.event(cells, 7)


def test_columns_may_stand_in_any_order_with_others_beside_them() -> None:
    table = Table([*reversed(COLUMNS), "extra"])
    event = table.event([*reversed(row()), "whatever"], 2)
    assert event == TABLE.event(row(), 2)


def test_a_table_that_is_not_the_log_names_what_it_lacks() -> None:
    with pytest.raises(NotTheLog) as fault:
        Table(["number", "title", "priority"])
    assert fault.value.code == "columns-missing"
    assert "sys_updated_at" in fault.value.columns and "priority" not in fault.value.columns
    with pytest.raises(NotTheLog) as fault:
        Table([*COLUMNS, "number"])
    assert (fault.value.code, fault.value.columns) == ("columns-doubled", ("number",))


def test_interleaved_incidents_are_told_whole() -> None:
    first, second = life("INC0000001"), life("INC0000002")
    mixed = [cells for pair in zip(first, second, strict=True) for cells in pair]
    stories, refused, _ = read(mixed)
    assert [story.number for story in stories] == ["INC0000001", "INC0000002"]
    assert [story.events for story in stories] == [5, 5]
    assert not refused


def test_a_refused_row_does_not_take_its_incident_with_it() -> None:
    rows = life()
    rows[-1] = row(incident_state="Closed", sys_updated_at="31/2/2016 12:00")
    stories, refused, _ = read(rows)
    assert refused == [Refused(6, "INC0000045", "date-impossible", "sys_updated_at", "31/2/2016 12:00")]
    assert len(stories) == 1 and stories[0].events == 4
    assert stories[0].state == "resolved" and stories[0].closed_at is None


def test_a_row_given_twice_counts_once_and_is_told() -> None:
    rows = life()
    rows.insert(2, rows[1])
    stories, refused, _ = read(rows)
    assert refused == [Refused(4, "INC0000045", "row-repeated", "", "3")]
    assert stories[0].events == 5


def test_nothing_is_silently_dropped() -> None:
    rows = [*life(), [], row(number="nonsense"), ["only", "three", "cells"]]
    stories, refused, oddities = read(rows)
    assert len(stories) == 1
    assert [one.code for one in refused] == ["number-unreadable", "row-width"]
    assert oddities["blank_lines"] == 1
    assert oddities["double_spaces_in_label"] == 5


@given(st.text(max_size=60))
def test_a_label_is_single_spaced_or_refused(cell: str) -> None:
    try:
        found = label(cell)
    except RowFault as fault:
        assert fault.code == "label-unprintable"
        return
    if found is not None:
        assert found == " ".join(found.split()) and "\x00" not in found
        assert not spaced_twice(found)
        assert label(found) == found


@given(st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31)))
def test_every_moment_the_log_could_write_is_read_back(when: datetime) -> None:
    cell = f"{when.day}/{when.month}/{when.year:04d} {when.hour:02d}:{when.minute:02d}"
    assert moment(cell) == when.replace(second=0, microsecond=0, tzinfo=UTC)


@given(st.lists(st.lists(st.text(max_size=12), max_size=40), max_size=8))
def test_rubbish_never_breaks_the_reader(rows: list[list[str]]) -> None:
    stories, refused, oddities = read(rows)
    assert len(refused) + oddities["blank_lines"] == len(rows)
    assert not stories


@given(st.lists(st.sampled_from(COLUMNS), unique=True), st.text(max_size=20))
def test_a_row_is_either_an_event_or_a_named_fault(columns: list[str], cell: str) -> None:
    try:
        event = TABLE.event(row(**dict.fromkeys(columns, cell)), 3)
    except RowFault as fault:
        assert fault.column in columns
    else:
        assert isinstance(event, Event)
