"""How long a report of attainment takes over a million finished clocks, in the private instance of a benchmark:
`python -m quell.project.bench.attaining`, told where by its environment. Prints one JSON document."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from typing import Any

import click

from . import promising

FINISHED, FROM = 1_000_000, 10_000_000
_FILL = """
INSERT INTO clocks_clock (record_id, organisation_id, kind, metric, holder, number, target_id, calendars_as_of,
  service_id, team_id, priority, state, outcome, started_at, stopped_at, length, spent, spent_at, paused, due_at,
  warnings, reasons, informational, late_recorded, told, breach_told, fault, breach_cause, excluded_because)
SELECT r.id, r.organisation_id, 'sla', 'resolution', '', %(from)s + n, t.id, 0, r.service_id, r.team_id, r.priority,
  'stopped', CASE WHEN x.share < 0.95 THEN 'met' ELSE 'breached' END, x.at - interval '1 day', x.at, '8 hours',
  x.share * interval '500 minutes', x.at, x.share * interval '90 minutes', x.at + interval '1 hour', '[]', '{}', FALSE,
  FALSE, 0, FALSE, '', '', ''
FROM (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM records_record WHERE kind = 'incident'
  ORDER BY id LIMIT %(records)s) r
CROSS JOIN generate_series(1, %(each)s) n
CROSS JOIN LATERAL (SELECT (hashint8(r.id * 7919 + n) & 65535) / 65536.0 AS share,
  %(now)s - (hashint8(r.id * 104729 + n) & 1048575) * interval '1 minute' AS at) x
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS whole FROM agreements_target) t
  ON t.place = (r.place + n) %% t.whole
"""


def attain() -> dict[str, Any]:
    """Two years of finished clocks in one report by target, by service and by month: the slowest of their best."""
    from quell.kernel.access.actor import HOUSE
    from quell.kernel.config import sql
    from quell.kernel.records.models import Record
    from quell.practices.clocks import facade

    promising.promise()
    now = datetime.now(UTC)
    records = min(Record.objects.filter(kind="incident").count(), FINISHED)
    values = {"records": records, "each": -(-FINISHED // records), "from": FROM, "now": now}
    sql.execute(_FILL, values, prepare=False)
    sql.execute("VACUUM ANALYZE clocks_clock")
    period = f"{now.year - 3}-01-01..{now.year}-12-31"
    slowest, decided = 0.0, 0
    for group in ("target", "service", "month"):
        asked = facade.asked_of(HOUSE, {"period": period, "group": group}, now)
        times = []
        for _time in range(3):
            begun = time.monotonic()
            decided = facade.report(HOUSE, asked, now).total.decided
            times.append(time.monotonic() - begun)
        slowest = max(slowest, min(times))
    sql.execute("DELETE FROM clocks_clock WHERE number > %s", [FROM])
    return {"seconds": round(slowest, 2), "finished": decided}


def main() -> int:
    """The entry point."""
    from quell.project.database import available

    with available():
        click.echo(json.dumps(attain()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
