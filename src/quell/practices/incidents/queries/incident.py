"""Reading incidents: one of them, lists of them, what is due. One SELECT serves API, pages and exports.

The busy paths are hand-written SQL over the spine: one statement, prepared, no object per row. What may be seen comes
from `kernel.records.visibility` and from nowhere else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.config.sql import dicts, row
from quell.kernel.records.visibility import internal_sql, visible_sql

Row = dict[str, Any]

COLUMNS = """
  r.id, r.number, r.version, r.title, r.description, o.code AS organisation, r.organisation_id,
  r.state, r.state_category, d.impact, d.urgency, r.priority, d.priority_source, d.priority_note, d.affected_users,
  rq.email AS requester, rq.name AS requester_name, rq.vip, ob.email AS opened_by,
  ow.email AS owner, ow.name AS owner_name, asg.email AS assignee, asg.name AS assignee_name,
  t.code AS team, t.name AS team_name, s.code AS service, s.name AS service_name,
  r.channel, c.path AS category, r.opened_at, r.responded_at, r.resolved_at, r.closed_at, r.updated_at, r.due_at,
  d.hold_reason, d.resume_at, d.close_due_at, d.resolution_code, d.resolution, d.cause_code, d.transfer_count,
  d.reopen_count, d.escalation_level, d.major, d.routing_dispute, d.handover_id, pr.number AS parent,
  r.requester_id, r.opened_by_id, r.owner_id, r.assignee_id, r.team_id, r.service_id, d.category_id
"""
JOINS = """
  JOIN incidents_incident d ON d.record_id = r.id
  JOIN people_organisation o ON o.id = r.organisation_id
  JOIN people_person rq ON rq.id = r.requester_id
  LEFT JOIN people_person ob ON ob.id = r.opened_by_id
  LEFT JOIN people_person ow ON ow.id = r.owner_id
  LEFT JOIN people_person asg ON asg.id = r.assignee_id
  LEFT JOIN people_team t ON t.id = r.team_id
  LEFT JOIN items_item s ON s.id = r.service_id
  LEFT JOIN incidents_category c ON c.id = d.category_id
  LEFT JOIN records_record pr ON pr.id = r.parent_id
"""
#: What the requester-facing representation never carries.
INTERNAL = ("cause_code", "priority_note", "escalation_level", "routing_dispute", "handover_id")

_ITEMS = """(SELECT jsonb_agg(jsonb_build_object('id', i.id, 'name', i.name, 'relation', ri.relation) ORDER BY i.name)
  FROM records_recorditem ri JOIN items_item i ON i.id = ri.item_id WHERE ri.record_id = r.id) AS items,
  (SELECT mt.number FROM records_link ml JOIN records_record mt ON mt.id = ml.target_id
   WHERE ml.source_id = r.id AND ml.kind = 'merged_into') AS merged_into"""


def one(actor: Actor, number: str, *, just_acted: bool = False) -> Row | None:
    """One incident with everything its page or representation shows; None when it is not there or not theirs.

    `internal` says whether the actor may read what requesters may not. Who has `just_acted` sees what came of it once
    more, without its internal part, even where the verb itself took it out of their sight: a transfer to another team.
    """
    visible, values = ("TRUE", {}) if just_acted else visible_sql(actor)
    internal, more = internal_sql(actor)
    rows = dicts(
        f"SELECT {COLUMNS}, {_ITEMS}, ({internal}) AS internal FROM records_record r {JOINS}"  # noqa: S608
        f" WHERE r.number = %(number)s AND r.kind = 'incident' AND {visible}",
        {"number": number, **values, **more},
    )
    return _cleared(rows[0]) if rows else None


def in_order(actor: Actor, ids: list[int]) -> list[Row]:
    """The incidents with these ids, in this order. The ids come from a query that has already asked who may see."""
    if not ids:
        return []
    internal, more = internal_sql(actor)
    rows = dicts(
        f"SELECT {COLUMNS}, {_ITEMS}, ({internal}) AS internal FROM records_record r {JOINS}"  # noqa: S608
        " WHERE r.id = ANY(%(ids)s)",
        {"ids": ids, **more},
    )
    by_id = {row["id"]: _cleared(row) for row in rows}
    return [by_id[record_id] for record_id in ids if record_id in by_id]


def _cleared(row: Row) -> Row:
    """Take out what this reader may not have."""
    row["internal"] = bool(row["internal"])  # SQL's third answer, from an empty owner, is a no
    if not row["internal"]:
        row.update(dict.fromkeys(INTERNAL, None))
    return row


def due_to_resume(now: datetime, limit: int) -> list[str]:
    """Numbers of incidents on hold whose day has come."""
    return _numbers("d.resume_at <= %(now)s AND r.state = 'on_hold'", now, limit)


def due_to_close(now: datetime, limit: int) -> list[str]:
    """Numbers of resolved incidents whose time of silence is over."""
    return _numbers("d.close_due_at <= %(now)s AND r.state = 'resolved'", now, limit)


def claim_to_alarm(now: datetime) -> str | None:
    """The number of one incident whose alarm is due, locked for this transaction; None when there is none that
    nobody else is at."""
    found = row(
        "SELECT r.number FROM incidents_incident d JOIN records_record r ON r.id = d.record_id"
        " WHERE d.alarm_due_at <= %(now)s AND r.assignee_id IS NULL AND r.state IN ('new', 'assigned', 'in_progress')"
        " ORDER BY d.alarm_due_at, r.id LIMIT 1 FOR UPDATE OF r SKIP LOCKED",
        {"now": now},
    )
    return found[0] if found else None


def _numbers(rule: str, now: datetime, limit: int) -> list[str]:
    rows = dicts(
        f"SELECT r.number FROM incidents_incident d JOIN records_record r ON r.id = d.record_id WHERE {rule}"  # noqa: S608
        " ORDER BY r.id LIMIT %(limit)s",
        {"now": now, "limit": limit},
        prepare=False,
    )
    return [row["number"] for row in rows]
