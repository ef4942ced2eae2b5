"""From rows of the log to whole incidents, holding no more of them than needed.

The file is read twice. The first reading (`last_rows`) learns at which row each incident is mentioned for
the last time; the second (`whole_incidents`) hands an incident out as soon as its last row has passed. An
export in which incidents are interleaved is therefore read rightly, and one like the published log, where
the rows of an incident stand together, is read with a single incident in memory. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from .incident_log_rows import Event, Refused, RowFault, Table, spaced_twice
from .incident_log_story import Story, tell

Row = tuple[int, Sequence[str]]  # the line a row starts on, and its cells


def last_rows(rows: Iterable[Row], table: Table) -> tuple[int, dict[str, int]]:
    """How many rows there are, and the line of each incident's last one."""
    last: dict[str, int] = {}
    count = 0
    for line, cells in rows:
        if not _blank(cells):
            count += 1
            number = table.number_of(cells)
            if number:
                last[number] = line
    return count, last


def whole_incidents(
    rows: Iterable[Row], table: Table, last: dict[str, int], oddities: Counter[str]
) -> Iterator[Story | Refused]:
    """Incidents as they become whole, and rows that had to be refused, in the order of the file.

    `oddities` is counted up while reading. A row that repeats another one of its incident cell by cell is
    refused: it says nothing new, and taking it twice would tell the story wrongly.
    """
    waiting: dict[str, dict[Event, int]] = {}
    spaced: dict[str, bool] = {}
    for line, cells in rows:
        if _blank(cells):
            oddities["blank_lines"] += 1
            continue
        number = table.number_of(cells)
        try:
            event = table.event(cells, line)
        except RowFault as fault:
            yield Refused(line, number, fault.code, fault.column, fault.value)
        else:
            seen = waiting.setdefault(number, {})
            first_line = seen.setdefault(event._replace(line=0), line)
            if first_line != line:
                yield Refused(line, number, "row-repeated", "", str(first_line))
            elif _spaced(cells, spaced):
                oddities["double_spaces_in_label"] += 1
        if number and last[number] == line:
            events = waiting.pop(number, None)
            if events:
                story = tell([event._replace(line=at) for event, at in events.items()])
                oddities.update(story.oddities)
                yield story


def _spaced(cells: Sequence[str], known: dict[str, bool]) -> bool:
    """Whether any label of a row has two spaces in it; cells repeat, so each is looked at once."""
    found = False
    for cell in cells:
        if "  " in cell:
            if cell not in known:
                known[cell] = spaced_twice(cell)
            found = found or known[cell]
    return found


def _blank(cells: Sequence[str]) -> bool:
    return not any(cell.strip() for cell in cells) if len(cells) < 2 else False
