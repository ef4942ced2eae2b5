"""What the groups of a report are called: ids and codes into the words of the reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quell.kernel.config import sql
from quell.practices.agreements import facade as agreements

from ..rules.periods import Period, months_of
from .asking import NONE


@dataclass(frozen=True, slots=True)
class Named:
    """A group in words: its name, something that tells it from others alike, and the code it is asked for by."""

    name: str
    detail: str
    code: str


_BY_ID = {
    "service": "SELECT id::text, name, code, code FROM items_item WHERE id = ANY(%s::bigint[])",
    "team": "SELECT id::text, name, '', code FROM people_team WHERE id = ANY(%s::bigint[])",
    "organisation": "SELECT id::text, name, '', code FROM people_organisation WHERE id = ANY(%s::bigint[])",
    "agreement": "SELECT id::text, name, code, code FROM agreements_agreement WHERE id = ANY(%s::bigint[])",
}
_TARGETS = """
SELECT t.id::text, m.code, m.name, t.target_kind, t.amount, t.priorities, a.name, a.code, v.number
FROM agreements_target t JOIN agreements_metric m ON m.id = t.metric_id JOIN agreements_version v ON v.id = t.version_id
JOIN agreements_agreement a ON a.id = v.agreement_id WHERE t.id = ANY(%s::bigint[])
"""
_METRICS = (
    "SELECT DISTINCT ON (code) code, name FROM agreements_metric WHERE code = ANY(%s) ORDER BY code, version DESC"
)


def names(group: str, keys: Iterable[str], period: Period | None = None) -> Mapping[str, Named]:
    """Names by key; a key without one is told as it is."""
    wanted = [key for key in keys if key != NONE]
    found: dict[str, Named] = {NONE: Named(nobody(group), "", "")}
    if group == "target":
        return found | targets(wanted)
    if group in _BY_ID:
        rows = sql.rows(_BY_ID[group], [wanted])
        return found | {row[0]: Named(row[1], row[2] or "", row[3] or "") for row in rows}
    if group == "metric":
        metrics = sql.rows(_METRICS, [wanted])
        return found | {code: Named(agreements.metric_name(code, name), "", code) for code, name in metrics}
    if group == "kind":
        return found | {key: Named(agreements.kind_word(key), "", key) for key in wanted}
    if group == "priority":
        return found | {key: Named(f"P{key}", "", key) for key in wanted}
    if group == "month" and period is not None:
        return found | {str(n): month_named(month) for n, month in enumerate(months_of(period), 1)}
    if group == "cause":
        return {key: Named(cause(key), "", key) for key in wanted}
    return found


def month_named(month: Period) -> Named:
    """A month in words."""
    return Named(date_format(month.first, "YEAR_MONTH_FORMAT"), "", month.text)


def targets(ids: Iterable[str]) -> dict[str, Named]:
    """Each target as "Resolution 4 h · P1", with its agreement and version."""
    found = {}
    for key, metric, name, kind, amount, priorities, agreement, code, number in sql.rows(_TARGETS, [list(ids)]):
        said = f"{agreements.metric_name(metric, name)} {agreements.amount_word(kind, amount)}"
        which = " ".join(f"P{one}" for one in priorities)
        found[key] = Named(f"{said} · {which}" if which else said, f"{agreement} v{number}", code)
    return found


def nobody(group: str) -> str:
    """What belongs to none of a group."""
    words = {
        "service": _("Without a service"),
        "team": _("Without a team"),
        "priority": _("Without a priority"),
    }
    return words.get(group, _("Everything else"))


def cause(code: str) -> str:
    """What a breach came from, in words."""
    words = {
        "": _("Not coded"),
        "late_assignment": _("Assigned too late"),
        "waiting_in_team": _("Waited inside the team"),
        "waiting_supplier": _("Waited for a supplier"),
        "wrong_priority": _("Wrong priority"),
        "capacity": _("Too few people"),
        "unrealistic_target": _("A target that cannot be kept"),
    }
    return words.get(code, code)
