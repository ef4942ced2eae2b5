"""What promises cost, in the private instance of a benchmark: `python -m quell.project.bench.promising WORD`, told
where by its environment.

`promise` makes the agreement under which incidents of the instance are created, `take-back` removes it, `hold` lets it
hold (1) or not (0), `count` says how many clocks run; `create` measures creating with and without clocks, by turns in
one process, in so many rounds of fifty as a number behind it says; `sweep` fills a million open clocks, has a thousand
come due, and looks at them. Each prints one JSON document.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import click

HOUR = 3600
WEEK = ("mon", "tue", "wed", "thu", "fri")
PROMISED_EACH = ("response", "resolution")
#: Hours to a first answer and to the resolution, by priority.
PROMISED = {1: (1, 4), 2: (2, 8), 3: (4, 16), 4: (8, 40), 5: (16, 80)}
OPEN_CLOCKS, DUE = 1_000_000, 1000
ROUNDS, EACH = 20, 50


def promise(code: str = "bench") -> dict[str, Any]:
    """An SLA of a whole organisation by priority, in office hours. Does nothing when it is there."""
    from quell.kernel.people.models import Organisation
    from quell.practices.agreements.actions.revise import bump
    from quell.practices.agreements.models import Agreement, Metric, Target, Version
    from quell.practices.calendars.models import Calendar, CalendarVersion

    if Agreement.objects.filter(code=code).exists():
        return {"made": False}
    home, now = Organisation.objects.get(code=code), datetime.now(UTC)
    hours = {"zone": "Europe/Copenhagen", "weekly": {day: [["08:00", "16:00"]] for day in WEEK}}
    calendar = Calendar.objects.create(code=f"{code}-hours", name="Office hours", organisation=home)
    CalendarVersion.objects.create(
        calendar=calendar, number=1, kind=CalendarVersion.WEEKLY, document=hours, spec=hours, at=now
    )
    agreement = Agreement.objects.create(code=code, name=code, kind="sla", organisation=home, created_at=now)
    version = Version.objects.create(agreement=agreement, number=1, valid_from=date(2000, 1, 1), created_at=now)
    for place, (priority, both) in enumerate(PROMISED.items()):
        for metric, length in zip(PROMISED_EACH, both, strict=True):
            Target.objects.create(
                version=version, position=place, metric=Metric.objects.filter(code=metric).latest("version"),
                target_kind="duration", amount=length * HOUR, calendar=f"{code}-hours", priorities=[priority],
                pauses_on=["requester"], on_change="carry", on_reopen="continue", breach_rule="elapsed",
                warn_at=[50, 75, 90], goal_percent=95,
            )  # fmt: skip
    # What has been agreed is never changed, so it is agreed last.
    version.state, version.activated_at = "active", now
    version.in_force_from = datetime(2000, 1, 1, tzinfo=UTC)
    version.save()
    bump()
    return {"made": True}


def take_back() -> dict[str, Any]:
    """Nothing is promised any more, and no clock runs."""
    from django.db import transaction

    from quell.kernel.config import sql
    from quell.practices.agreements.actions.revise import bump

    with transaction.atomic():
        # What has been agreed is never changed: triggers see to that. This is a private server, made for the purpose.
        sql.execute("SET LOCAL session_replication_role = replica")
        for table in ("clocks_clock", "clocks_choice", *(f"agreements_{one}" for one in ("target", "version"))):
            sql.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
        sql.execute("DELETE FROM agreements_agreement")
        sql.execute("DELETE FROM calendars_calendarversion")
        sql.execute("DELETE FROM calendars_calendar")
        sql.execute("UPDATE records_record SET due_at = NULL WHERE due_at IS NOT NULL")
        bump()
    return {"made": False}


def hold(yes: int) -> dict[str, Any]:
    """Do the promises that were made hold for what is created from now on? No clock is touched."""
    from django.db import transaction

    from quell.kernel.config import sql
    from quell.practices.agreements.actions.revise import bump

    until = None if yes else datetime(2000, 1, 2, tzinfo=UTC)
    with transaction.atomic():
        sql.execute("SET LOCAL session_replication_role = replica")
        sql.execute("UPDATE agreements_version SET in_force_until = %s", [until])
        bump()
    return {"held": bool(yes)}


def count() -> dict[str, Any]:
    """How many clocks run. A clock that cannot be counted is logged and has no row."""
    from quell.practices.clocks.models import Clock

    return {"clocks": Clock.objects.filter(stopped_at=None).count()}


def create(rounds: int = ROUNDS) -> dict[str, Any]:
    """Creating through the API's own road, with clocks and without, by turns: seconds each, and statements each."""
    from django.db import transaction

    from quell.kernel.access.actor import actor_for_person
    from quell.kernel.actions import open as opening
    from quell.kernel.config import sql
    from quell.kernel.people.models import Person
    from quell.practices.incidents.actions.report import Report, report

    from .data import AGENT

    promise()
    actor = actor_for_person(Person.objects.get(email=AGENT).pk, channel="api")
    assert actor is not None  # made by `data`
    prepared = list(opening._prepare)
    seen = [0]
    run = sql._run

    def counted(*words: Any, **more: Any) -> Any:
        seen[0] += 1
        return run(*words, **more)

    sql._run = counted
    told: dict[str, list[float]] = {"with": [], "without": []}
    statements: dict[str, int] = {}
    for _round in range(rounds):
        for name in told:
            opening._prepare[:] = prepared if name == "with" else []
            before = seen[0]
            begun = time.monotonic()
            for _time in range(EACH):
                with transaction.atomic():
                    report(actor, Report.model_validate({"title": "The printer on the second floor prints only stars"}))
            told[name].append((time.monotonic() - begun) / EACH)
            statements[name] = (seen[0] - before) // EACH
    if count()["clocks"] < len(PROMISED_EACH) * rounds * EACH:
        raise SystemExit("What is promised was not counted: the log says why.")
    middle = {name: sorted(times)[len(times) // 2] for name, times in told.items()}
    return {
        "with_ms": round(middle["with"] * 1000, 3),
        "without_ms": round(middle["without"] * 1000, 3),
        "added_statements": statements["with"] - statements["without"],
    }


_FILL = """
INSERT INTO clocks_clock (record_id, organisation_id, kind, metric, holder, number, target_id, calendars_as_of,
  service_id, team_id, priority, state, outcome, started_at, length, spent, spent_at, paused, due_at, breaches_at,
  warnings, reasons, informational, late_recorded, told, breach_told, next_look_at, fault, breach_cause,
  excluded_because)
SELECT r.id, r.organisation_id, 'sla', 'resolution', 'bench', n, t.id, 0, r.service_id, r.team_id, r.priority,
  'running', '', now(), '8 hours', '0', now(), '0', now() + '9 days', now() + '9 days',
  jsonb_build_array(jsonb_build_array(50, now() + '5 days'), jsonb_build_array(75, now() + '7 days')), '{}', FALSE,
  FALSE, 0, FALSE, now() + '5 days' + n * interval '1 second', '', '', ''
FROM (SELECT * FROM records_record WHERE kind = 'incident' ORDER BY id LIMIT %(records)s) r
CROSS JOIN generate_series(1, %(each)s) n
CROSS JOIN (SELECT min(id) AS id FROM agreements_target) t
"""
_COME_DUE = """
UPDATE clocks_clock SET warnings = jsonb_build_array(jsonb_build_array(50, now() - interval '1 second'),
    jsonb_build_array(75, now() + '7 days')), next_look_at = now() - interval '1 second', told = 0
WHERE id IN (SELECT id FROM clocks_clock WHERE holder = 'bench' ORDER BY id LIMIT %s)
"""


def sweep() -> dict[str, Any]:
    """A thousand of a million open clocks come due; how long until all of them are told."""
    from quell.kernel.config import sql
    from quell.kernel.jobs.app import quietly
    from quell.kernel.records.models import Record
    from quell.practices.clocks import facade

    promise()
    records = min(Record.objects.filter(kind="incident").count(), OPEN_CLOCKS)
    sql.execute(_FILL, {"records": records, "each": -(-OPEN_CLOCKS // records)}, prepare=False)
    sql.execute("ANALYZE clocks_clock")
    times = []
    with quietly():  # the jobs that tell people of it are others' work, and measured there
        for _time in range(3):
            sql.execute(_COME_DUE, [DUE], prepare=False)
            begun = time.monotonic()
            told = facade.sweep(datetime.now(UTC) + timedelta(seconds=1))
            times.append(time.monotonic() - begun)
    found = sql.row("SELECT count(*) FROM clocks_clock WHERE stopped_at IS NULL")
    sql.execute("DELETE FROM clocks_clock WHERE holder = 'bench'")
    return {"told": told, "seconds": round(min(times), 3), "open": found[0] if found else 0}


WORDS: dict[str, Callable[..., dict[str, Any]]] = {
    "promise": promise, "take-back": take_back, "hold": hold, "count": count, "create": create, "sweep": sweep,
}  # fmt: skip


def main(words: list[str]) -> int:
    """The entry point."""
    from quell.project.database import available

    with available():
        click.echo(json.dumps(WORDS[words[0]](*map(int, words[1:]))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
