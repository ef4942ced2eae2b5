"""The published log itself, as it ships: the reader must find exactly the figures that are known of it."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files

import pytest

from quell.practices.incidents.rules.incident_log_reading import last_rows, whole_incidents
from quell.practices.incidents.rules.incident_log_rows import Refused, Table
from quell.practices.incidents.rules.incident_log_story import Story


def _rows() -> Iterator[tuple[int, list[str]]]:
    log = files("quell.practices.incidents") / "data" / "incident_event_log.csv.gz"
    with gzip.open(io.BytesIO(log.read_bytes()), "rt", encoding="utf-8", newline="") as text:
        reader = csv.reader(text)
        for cells in reader:
            yield reader.line_num, cells


@pytest.fixture(scope="module")
def told() -> tuple[int, list[Story], list[Refused], Counter[str]]:
    rows = _rows()
    table = Table(next(rows)[1])
    count, last = last_rows(rows, table)
    oddities: Counter[str] = Counter()
    rows = _rows()
    next(rows)
    found = list(whole_incidents(rows, table, last, oddities))
    stories = [one for one in found if isinstance(one, Story)]
    return count, stories, [one for one in found if isinstance(one, Refused)], oddities


def test_every_row_and_every_incident_is_read(told) -> None:
    count, stories, refused, _ = told
    assert (count, len(stories), refused) == (141_712, 24_918, [])
    assert sum(story.events for story in stories) == 141_712


def test_the_final_priorities(told) -> None:
    found = Counter(story.last.priority for story in told[1])
    assert found == {1: 270, 2: 408, 3: 23_466, 4: 774}


def test_reassignments_and_reopenings(told) -> None:
    stories = told[1]
    assert sum(story.last.transfers >= 1 for story in stories) == 11_369
    assert sum(story.last.transfers >= 3 for story in stories) == 2_848
    assert sum(story.last.reopenings >= 1 for story in stories) == 275


def test_the_most_frequent_path_in_their_words_and_in_ours(told) -> None:
    theirs: Counter[tuple[object, ...]] = Counter()
    ours: Counter[tuple[object, ...]] = Counter()
    for story in told[1]:
        theirs[tuple(step.source_state for step in story.steps if step.source_state)] += 1
        ours[tuple(step.changes["state"][1] for step in story.steps if "state" in step.changes)] += 1
    assert theirs.most_common(1) == [(("New", "Resolved", "Closed"), 6_281)]
    assert ours.most_common(1) == [(("new", "resolved", "closed"), 6_281)]


def test_every_incident_ends_closed_and_in_order(told) -> None:
    for story in told[1]:
        assert story.state == "closed" and story.closed_at is not None
        assert story.last.opened_at <= (story.responded_at or story.closed_at) <= story.closed_at
        assert story.resolved_at is None or story.resolved_at <= story.closed_at


def test_the_oddities_known_of_the_log(told) -> None:
    oddities = told[3]
    assert oddities["state_minus_100"] == 5
    assert oddities["updated_before_opened"] == 5
    assert oddities["out_of_order_in_file"] == 1
    assert oddities["caller_unknown"] == 3
    assert oddities["reopened_after_closing"] == 12
    assert "count_going_down" not in oddities and "final_values_changing" not in oddities
