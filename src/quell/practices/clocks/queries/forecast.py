"""What will be late soon: running clocks by the moment each has worked out for itself (`breaches_at`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql
from quell.kernel.config.refusal import Invalid
from quell.kernel.records.visibility import internal_sql

from .asking import NONE, reader
from .naming import nobody, targets

#: Windows that are counted, in hours.
WINDOWS = (2, 8, 24)
#: What is listed: what breaks within the window, what is late already, what stands still.
SOON, LATE, PAUSED = "soon", "late", "paused"
LISTS = (SOON, LATE, PAUSED)
GROUPS = ("team", "assignee", "service", "metric")
MOST_HOURS = 24 * 31
#: What runs longer than this list is long is counted, and not listed.
LISTED = 100


@dataclass(frozen=True, slots=True)
class Coming:
    """How many of one team, person, service or metric break by when: `within` by hours, each window with those of the
    shorter ones; `late` already are, `paused` stand still and break no sooner than somebody goes on."""

    key: str
    name: str
    within: dict[int, int]
    late: int
    paused: int


@dataclass(frozen=True, slots=True)
class Next:
    """A clock that breaks soon."""

    number: str
    title: str
    record_kind: str
    kind: str
    metric: str
    target: str
    agreement: str
    team: str
    assignee: str
    service: str
    priority: int | None
    breaches_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is late soon, counted and listed. `which` says what is listed, at most LISTED of them."""

    rows: tuple[Coming, ...]
    total: Coming
    soon: tuple[Next, ...]
    hours: int
    group: str
    key: str
    which: str


_KEYS = {
    "team": ("CASE WHEN c.holder ~ '^[0-9]+$' THEN c.holder ELSE c.team_id::text END",
             "SELECT id::text, name FROM people_team WHERE id = ANY(%s::bigint[])"),
    "assignee": ("r.assignee_id::text", "SELECT id::text, name FROM people_person WHERE id = ANY(%s::bigint[])"),
    "service": ("c.service_id::text", "SELECT id::text, name FROM items_item WHERE id = ANY(%s::bigint[])"),
    "metric": ("c.metric", "SELECT code, max(name) FROM agreements_metric WHERE code = ANY(%s) GROUP BY code"),
}  # fmt: skip
_FROM = """
FROM clocks_clock c JOIN records_record r ON r.id = c.record_id
WHERE c.stopped_at IS NULL AND c.state IN ('running', 'paused', 'none') AND NOT c.informational AND {seen}
"""
_COUNTED = (
    """
SELECT coalesce({key}, 'none') AS key, {windows},
  count(*) FILTER (WHERE c.breaches_at <= %(now)s) AS late,
  count(*) FILTER (WHERE c.state = 'paused' AND (c.breaches_at IS NULL OR c.breaches_at > %(now)s)) AS paused
"""
    + _FROM
    + "GROUP BY GROUPING SETS ((1), ()) ORDER BY 1"
)
_SOON = (
    """
SELECT r.number, r.title, r.kind AS record_kind, c.kind, c.metric, c.target_id, coalesce(w.name, '') AS team,
  coalesce(p.name, '') AS assignee, coalesce(i.name, '') AS service, c.priority, c.breaches_at, c.due_at
"""
    + _FROM.replace(
        "WHERE",
        """LEFT JOIN people_team w ON w.id = CASE WHEN c.holder ~ '^[0-9]+$' THEN c.holder::bigint ELSE c.team_id END
LEFT JOIN people_person p ON p.id = r.assignee_id LEFT JOIN items_item i ON i.id = c.service_id WHERE""",
    )
    + """ AND {which}
  AND (%(key)s = '' OR coalesce({key}, 'none') = %(key)s)
ORDER BY c.breaches_at, c.id LIMIT %(limit)s"""
)

_WHICH = {
    SOON: "c.state <> 'paused' AND c.breaches_at > %(now)s AND c.breaches_at <= %(until)s",
    LATE: "c.breaches_at <= %(now)s",
    PAUSED: "c.state = 'paused' AND (c.breaches_at IS NULL OR c.breaches_at > %(now)s)",
}


def forecast(
    actor: Actor, now: datetime, *, hours: int = 24, group: str = "team", key: str = "", which: str = SOON
) -> Forecast:
    """What breaks within so many hours, grouped, with the clocks themselves, the next first; `key` lists those of one
    group only, `which` says what to list. Raises Forbidden, Invalid."""
    reader(actor)
    for name, value, choices in (("group", group, GROUPS), ("which", which, LISTS)):
        if value not in choices:
            raise Invalid.field(name, _("Choose one of: %(choices)s.") % {"choices": ", ".join(choices)})
    if not 1 <= hours <= MOST_HOURS:
        raise Invalid.field("hours", _("Choose from %(low)d to %(high)d.") % {"low": 1, "high": MOST_HOURS})
    seen, values = internal_sql(actor)
    by, naming = _KEYS[group]
    windows = sorted({*WINDOWS, hours})
    counts = ", ".join(
        "count(*) FILTER (WHERE c.state <> 'paused' AND c.breaches_at > %(now)s"
        f" AND c.breaches_at <= %(now)s + interval '{one} hours') AS within_{one}"
        for one in windows
    )
    given: dict[str, Any] = {**values, "now": now, "until": now + timedelta(hours=hours), "key": key, "limit": LISTED}
    counted = sql.dicts(_COUNTED.format(key=by, windows=counts, seen=seen), given, prepare=False)
    known = dict(sql.rows(naming, [[row["key"] for row in counted if row["key"] not in (None, NONE)]]))
    rows = [_coming(row, known, group, windows) for row in counted if row["key"] is not None]
    rows = [row for row in rows if row.late or row.paused or any(row.within.values())]
    rows.sort(key=lambda row: (-row.within[hours], -row.late, row.name))
    empty = {"key": None, "late": 0, "paused": 0, **{f"within_{one}": 0 for one in windows}}
    whole = next((row for row in counted if row["key"] is None), empty)
    listed = sql.dicts(_SOON.format(key=by, seen=seen, which=_WHICH[which]), given, prepare=False)
    promised = targets({str(row["target_id"]) for row in listed})
    soon = [
        Next(target=(named := promised[str(row.pop("target_id"))]).name, agreement=named.detail, **row)
        for row in listed
    ]
    return Forecast(tuple(rows), _coming(whole, {}, "", windows), tuple(soon), hours, group, key, which)


def _coming(row: dict[str, Any], known: dict[str, str], group: str, windows: list[int]) -> Coming:
    key = row["key"] or ""
    name = known.get(key) or (nobody(group) if group != "assignee" else _("Nobody"))
    return Coming(key, name, {one: row[f"within_{one}"] for one in windows}, row["late"], row["paused"])
