"""Moving what is to be done from one record to another, and exactly back: for merging and its undoing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from quell.kernel.config import sql


@dataclass(frozen=True, slots=True)
class Moved:
    """What `move` has moved: (task, position before) and (line, position before)."""

    tasks: tuple[tuple[int, int], ...]
    lines: tuple[tuple[int, int], ...]


_MOVE_TASKS = """
WITH last AS (
  SELECT coalesce(max(t.position), 0) AS n FROM tasks_task t JOIN records_record r ON r.id = t.record_id
  WHERE r.parent_id = %(to)s AND r.kind = 'task'
), going AS (
  SELECT t.record_id, t.position, row_number() OVER (ORDER BY t.position, t.record_id) AS step
  FROM tasks_task t JOIN records_record r ON r.id = t.record_id
  WHERE r.parent_id = %(from)s AND r.kind = 'task' AND r.state = 'open'
), records AS (
  UPDATE records_record r SET parent_id = %(to)s FROM going WHERE r.id = going.record_id
), places AS (
  UPDATE tasks_task t SET position = last.n + going.step FROM going, last WHERE t.record_id = going.record_id
)
SELECT record_id, position FROM going ORDER BY step
"""
_MOVE_LINES = """
WITH last AS (
  SELECT coalesce(max(position), 0) AS n FROM tasks_checklistline WHERE record_id = %(to)s
), going AS (
  SELECT id, position, row_number() OVER (ORDER BY position, id) AS step FROM tasks_checklistline
  WHERE record_id = %(from)s AND removed_at IS NULL AND ticked_at IS NULL
), places AS (
  UPDATE tasks_checklistline l SET record_id = %(to)s, position = last.n + going.step
  FROM going, last WHERE l.id = going.id
)
SELECT id, position FROM going ORDER BY step
"""
_BACK_TASKS = """
WITH back AS (SELECT * FROM unnest(%(ids)s::bigint[], %(places)s::int[]) AS b(id, place)), records AS (
  UPDATE records_record r SET parent_id = %(to)s FROM back WHERE r.id = back.id
)
UPDATE tasks_task t SET position = back.place FROM back WHERE t.record_id = back.id
"""
_BACK_LINES = """
UPDATE tasks_checklistline l SET record_id = %(to)s, position = back.place
FROM unnest(%(ids)s::bigint[], %(places)s::int[]) AS back(id, place) WHERE l.id = back.id
"""


def move(from_id: int, to_id: int) -> Moved:
    """Move open tasks and unticked lines from one record to the end of another's, both locked by the caller, who also
    writes the history. Returns what `move_back` needs."""
    values = {"from": from_id, "to": to_id}
    return Moved(
        tuple((row[0], row[1]) for row in sql.rows(_MOVE_TASKS, values)),
        tuple((row[0], row[1]) for row in sql.rows(_MOVE_LINES, values)),
    )


def move_back(moved: Moved, to_id: int) -> None:
    """Undo `move`: the same tasks and lines stand again where they stood. Both records are locked by the caller."""
    for statement, places in ((_BACK_TASKS, moved.tasks), (_BACK_LINES, moved.lines)):
        if places:
            ids, old = [one for one, _place in places], [place for _one, place in places]
            sql.execute(statement, {"to": to_id, "ids": ids, "places": old})


def movable(record_ids: Iterable[int]) -> list[tuple[str, str]]:
    """(record's number, title) of every open task and unticked line of these records: what a move would take along."""
    return [
        (number, title)
        for number, title in sql.rows(
            """SELECT p.number, r.title FROM records_record r JOIN records_record p ON p.id = r.parent_id
            WHERE r.parent_id = ANY(%(ids)s) AND r.kind = 'task' AND r.state = 'open'
            UNION ALL SELECT p.number, l.text FROM tasks_checklistline l JOIN records_record p ON p.id = l.record_id
            WHERE l.record_id = ANY(%(ids)s) AND l.removed_at IS NULL AND l.ticked_at IS NULL""",
            {"ids": list(record_ids)},
        )
    ]
