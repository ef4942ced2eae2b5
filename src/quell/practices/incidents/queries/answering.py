"""How soon people were answered: reports and first human answers, for the expected time the portal names (SD23)."""

from __future__ import annotations

from datetime import datetime

from quell.kernel.config import sql

#: Channels on which somebody waits for an answer; on the phone and at the counter one has it at once.
WAITED_ON = ("portal", "email", "chat", "api")
#: Enough for a median; the newest of them.
MOST = 400

_TIMES = """
SELECT r.opened_at, r.responded_at FROM records_record r JOIN people_organisation o ON o.id = r.organisation_id,
  people_organisation own
WHERE own.id = %(own)s AND o.path[1] = own.path[1] AND r.kind = 'incident' AND r.channel = ANY(%(channels)s)
  AND r.opened_at > %(since)s AND (r.responded_at IS NOT NULL OR r.state_category IN ('new', 'active', 'waiting'))
ORDER BY r.opened_at DESC LIMIT %(most)s
"""


def answer_times(organisation_id: int, since: datetime) -> list[tuple[datetime, datetime | None]]:
    """(opened, answered) of reports of the whole company an organisation belongs to, newest first; None for one that
    still waits. What was withdrawn unanswered is left out."""
    values = {"own": organisation_id, "channels": list(WAITED_ON), "since": since, "most": MOST}
    return [(row[0], row[1]) for row in sql.rows(_TIMES, values)]
