"""What a report is asked for, and the rows it may count: the one description behind figures, drill-down and export.

Every figure and the list of clocks behind it are made from the same source with the same conditions, so that they
cannot differ. Only clocks of records whose inside the reader may see are counted (`internal_sql`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql
from quell.kernel.config.refusal import Forbidden, Invalid
from quell.kernel.records.visibility import internal_sql

from ..rules import periods
from ..rules.periods import Period

RESOLVED, DUE = "resolved", "due"
BASES = (RESOLVED, DUE)
#: What a clock counts as. `open_breached` runs still and is late already; `informational` ones are never judged.
FIGURES = (
    "met", "breached", "excluded", "open_within", "open_breached", "cancelled", "superseded", "informational",
)  # fmt: skip
#: Figures put together, as they are asked for by name.
DECIDED, LIVE, UNCODED, CODED, COUNTED = "decided", "live", "uncoded", "coded", "counted"
WHOLES = {
    "all": FIGURES,
    DECIDED: ("met", "breached"),
    LIVE: ("met", "breached", "open_breached"),
    # Each stretch of time once: what was replaced lives on in what replaced it.
    COUNTED: ("met", "breached", "open_within", "open_breached"),
    "broken": ("breached", "open_breached"),
    "open": ("open_within", "open_breached"),
    CODED: ("breached", "open_breached"),
    UNCODED: ("breached", "open_breached"),
}
#: SQL of what clocks `c` can be grouped by. A clock kept for a holder belongs to that team.
GROUPS = {
    "none": "''",
    "target": "c.target_id::text",
    "metric": "c.metric",
    "kind": "c.kind",
    "agreement": "t.agreement_id::text",
    "service": "c.service_id::text",
    "team": "CASE WHEN c.holder ~ '^[0-9]+$' THEN c.holder ELSE c.team_id::text END",
    "organisation": "c.organisation_id::text",
    "priority": "c.priority::text",
    "month": "width_bucket(date_part('epoch', {moment}), %(months)s::float8[])::text",
    "cause": "c.breach_cause",
}
KINDS = ("sla", "ola", "uc")
#: The key of what belongs to no service, no team.
NONE = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """A report: its period, what puts a clock into it (`resolved`: when it stopped; `due`: when it was due), what it
    is grouped by, and which clocks it is about. Filters are codes as people write them, "" or None for any; an
    organisation stands for those below it too; a target is meant by its id."""

    period: Period
    basis: str = RESOLVED
    group: str = "target"
    kind: str = ""
    metric: str = ""
    agreement: str = ""
    service: str = ""
    team: str = ""
    organisation: str = ""
    target: str = ""
    priority: int | None = None

    @property
    def filters(self) -> dict[str, str]:
        """What it is narrowed to, as in an address."""
        names = ("kind", "metric", "agreement", "service", "team", "organisation", "target")
        found = {name: text for name in names if (text := getattr(self, name))}
        return found | ({"priority": str(self.priority)} if self.priority is not None else {})

    @property
    def parameters(self) -> dict[str, str]:
        """The whole of it, as in an address."""
        asked = {"period": self.period.text, "basis": self.basis, "group": self.group, "zone": self.period.zone}
        return asked | self.filters


def zone_of(actor: Actor, text: str = "") -> str:
    """The zone of a report: the one asked for, else the reader's own; raises Invalid."""
    if not text:
        return actor.timezone or settings.TIME_ZONE
    if text not in available_timezones():
        raise Invalid.field("zone", _("There is no time zone of this name."))
    return text


def asked_of(actor: Actor, given: Mapping[str, Any], now: datetime) -> Asked:
    """A report from the words of an address; without a period this month's. Raises Invalid."""
    zone = zone_of(actor, str(given.get("zone") or ""))
    text = str(given.get("period") or "")
    try:
        period = periods.read(text, zone) if text else periods.of_moment(periods.MONTH, now, zone)
    except periods.PeriodFault:
        raise Invalid.field(
            "period", _("Write a period as 2026-10, 2026-Q4, 2026-W41, 2026 or 2026-10-01..2026-10-15.")
        ) from None
    words = {name: str(given.get(name) or "") for name in ("metric", "agreement", "service", "team", "organisation")}
    if any("\x00" in word for word in words.values()):
        raise Invalid.field("metric", _("There is a sign in it that cannot be stored."))
    choices = {"basis": (BASES, RESOLVED), "group": (tuple(GROUPS), "target"), "kind": (KINDS, "")}
    for name, (known, usual) in choices.items():
        words[name] = str(given.get(name) or usual)
        if words[name] not in known and words[name] != usual:
            raise Invalid.field(name, _("Choose one of: %(choices)s.") % {"choices": ", ".join(known)})
    priority = str(given.get("priority") or "")
    if priority and priority not in "12345":
        raise Invalid.field("priority", _("Choose one of: %(choices)s.") % {"choices": "1, 2, 3, 4, 5"})
    target = str(given.get("target") or "")
    if target and not (target.isdecimal() and len(target) < 19):
        raise Invalid.field("target", _("There is no such target."))
    return Asked(period=period, target=target, priority=int(priority) if priority else None, **words)


def reader(actor: Actor) -> None:
    """Reports are for those who see the inside of records; raises Forbidden for everybody else."""
    if not actor.is_agent:
        raise Forbidden(_("Your role does not include other people's records."))


_IDS = {
    "agreement": """SELECT t.id FROM agreements_target t JOIN agreements_version v ON v.id = t.version_id
        JOIN agreements_agreement a ON a.id = v.agreement_id WHERE a.code = %s""",
    "service": "SELECT id FROM items_item WHERE code = %s",
    "team": "SELECT id FROM people_team WHERE code = %s",
    "organisation": """SELECT o.id FROM people_organisation o
        WHERE o.path @> ARRAY[(SELECT id FROM people_organisation WHERE code = %s)]""",
}
_FILTERS = {
    "agreement": "c.target_id = ANY(%(agreement)s)",
    "service": "c.service_id = ANY(%(service)s)",
    "team": "CASE WHEN c.holder ~ '^[0-9]+$' THEN c.holder::bigint ELSE c.team_id END = ANY(%(team)s)",
    "organisation": "c.organisation_id = ANY(%(organisation)s)",
    "kind": "c.kind = %(kind)s",
    "metric": "c.metric = %(metric)s",
    "priority": "c.priority = %(priority)s",
    "target": "c.target_id = %(target)s",
}
# What a clock counts as; in one place, for figures and lists alike.
_FIGURE = """CASE WHEN c.informational THEN 'informational' WHEN c.outcome IN ('cancelled', 'superseded') THEN c.outcome
 WHEN c.excluded_because <> '' THEN 'excluded' WHEN c.stopped_at IS NOT NULL THEN c.outcome
 WHEN c.breaches_at <= %(now)s THEN 'open_breached' ELSE 'open_within' END"""


@dataclass(frozen=True, slots=True)
class Source:
    """Rows as SQL: what stands after SELECT …, with named values. `figure` and `moment` are expressions of `c`."""

    body: str
    values: dict[str, Any]
    figure: str
    moment: str

    @property
    def key(self) -> str:
        """An expression of the group of a row."""
        return f"coalesce({self.grouped}, '{NONE}')"

    grouped: str = "''"


def source(actor: Actor, asked: Asked, now: datetime) -> Source:
    """The clocks a report counts, for this reader. By `resolved`, those that stopped in the period, and what runs now
    where the period holds now; by `due`, those that were or are due in it, running or not."""
    values: dict[str, Any] = {"begin": asked.period.begin, "end": asked.period.end, "now": now}
    if asked.basis == DUE:
        moment, within = "c.due_at", "c.due_at >= %(begin)s AND c.due_at < %(end)s"
    else:
        moment, within = "c.stopped_at", "c.stopped_at >= %(begin)s AND c.stopped_at < %(end)s"
        if asked.period.holds(now):
            moment = "coalesce(c.stopped_at, %(now)s)"
            within = f"({within} OR c.stopped_at IS NULL)"
    conditions = [within]
    for name, text in asked.filters.items():
        if name in _IDS:
            values[name] = [row[0] for row in sql.rows(_IDS[name], [text])]
        else:
            values[name] = int(text) if name in ("priority", "target") else text
        conditions.append(_FILTERS[name])
    grouped = GROUPS[asked.group].replace("{moment}", moment)
    if asked.group == "month":
        values["months"] = [month.begin.timestamp() for month in periods.months_of(asked.period)]
    seen, seen_values = internal_sql(actor)
    body = "FROM clocks_clock c"
    if asked.group == "agreement":
        body += """ JOIN (SELECT t.id, v.agreement_id FROM agreements_target t
  JOIN agreements_version v ON v.id = t.version_id) t ON t.id = c.target_id"""
    if seen != "TRUE":
        body += " JOIN records_record r ON r.id = c.record_id"
        conditions.append(seen)
    return Source(f"{body} WHERE {' AND '.join(conditions)}", values | seen_values, _FIGURE, moment, grouped)


def of_period(asked: Asked, text: str) -> Asked:
    """The same report of another period, as `Period.text` writes it; raises PeriodFault."""
    return replace(asked, period=periods.read(text, asked.period.zone))
