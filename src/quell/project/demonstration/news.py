"""The inboxes of the demonstration on its first morning: what was said in the last days, read as people read.

Lines are made by the same rules as everybody's, but carry the moment of what they tell, and whoever was at work since
has read most of them. Alarms are there only for what lies untaken now, once each.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from quell.kernel.config import sql
from quell.kernel.notify.announce import announce_entry

from . import office
from .colleagues import SITES
from .company import CODE

#: Of what is older than this nobody has anything in the inbox any more.
NEWS = timedelta(days=3)
#: Share of the lines that were read by somebody at their desk, and of those read, the share that is put away too.
READ, PUT_AWAY = 0.9, 0.45
#: How long after a line people look at it, in hours of the desk.
LOOKS_AFTER = (0.2, 3.0)

_ENTRIES = """
SELECT e.id FROM journal_entry e JOIN records_record r ON r.id = e.record_id
JOIN people_organisation o ON o.id = r.organisation_id
WHERE e.at > %(since)s AND %(code)s = ANY(ARRAY(SELECT above.code FROM people_organisation above
    WHERE above.id = ANY(o.path)))
  AND (e.verb <> 'alarm' OR (r.assignee_id IS NULL AND r.state_category IN ('new', 'active') AND NOT EXISTS (
    SELECT FROM journal_entry later WHERE later.record_id = r.id AND later.verb = 'alarm' AND later.id > e.id)))
ORDER BY e.id
"""
_LINES = """
SELECT n.id, e.at, n.reason, p.timezone, r.assignee_id IS NOT NULL OR r.state_category NOT IN ('new', 'active')
FROM notify_notification n JOIN journal_entry e ON e.id = n.entry_id JOIN people_person p ON p.id = n.person_id
JOIN records_record r ON r.id = n.record_id WHERE n.entry_id = ANY(%s) ORDER BY n.entry_id, p.email
"""
_KEEP = """
UPDATE notify_notification n SET created_at = told.at, read_at = told.read_at, done_at = told.done_at
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[]) AS told(id, at, read_at, done_at)
WHERE n.id = told.id
"""


def deliver(random: Random, now: datetime) -> None:
    """Fill the inboxes, once, in the caller's transaction; nothing leaves by mail."""
    entries = [entry for (entry,) in sql.rows(_ENTRIES, {"since": now - NEWS, "code": CODE})]
    for entry in entries:
        announce_entry(entry)
    lines = [_read(random, now, *row) for row in sql.rows(_LINES, [entries])]
    if lines:
        sql.execute(_KEEP, [list(column) for column in zip(*lines, strict=True)])


def _read(
    random: Random, now: datetime, line: int, at: datetime, reason: str, zone: str, taken: bool
) -> tuple[int, datetime, datetime | None, datetime | None]:
    """(line, when it came, when it was read, when it was put away)."""
    look, read, away = random.uniform(*LOOKS_AFTER), random.random() < READ, random.random() < PUT_AWAY
    looked = office.next_open(at + timedelta(hours=look), zone or SITES["lyon"][0])
    if not read or looked >= now or reason == "unassigned":
        return line, at, None, None
    # The common queue's lines are done for everybody once somebody has it.
    return line, at, looked, looked if away or (reason == "queue" and taken) else None
