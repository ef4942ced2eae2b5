"""Agreements as pages and the API show them: those that touch the organisations somebody works or manages in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import AGREEMENTS_MANAGE, RECORDS_VIEW, SETTINGS_MANAGE
from quell.kernel.actions.directory import subjects
from quell.kernel.config import sql
from quell.kernel.people.models import Organisation

from ..models import Metric, Version
from ..rules import lifecycle
from . import words

Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A page as asked for: words in name or code, a kind, a state of the version that counts, an organisation that
    keeps it or is its customer; rows after a code."""

    q: str = ""
    kind: str | None = None
    state: str | None = None
    organisation: str | None = None
    limit: int = 50
    after: str | None = None


# The version that counts: the one in force, else the one agreed, else the one being written, else the last.
_AGREEMENTS = """
SELECT a.id, a.code, a.name, a.kind, o.code AS organisation, o.name AS organisation_name, a.organisation_id,
  c.code AS customer, c.name AS customer_name, a.customer_id, t.code AS team, t.name AS team_name, a.supplier,
  p.email AS owner, p.name AS owner_name, v.number, v.state, v.valid_from, v.valid_until, v.review_on, v.in_force_from,
  v.in_force_until, w.number AS writing, w.state AS writing_state, a.created_at
FROM agreements_agreement a JOIN people_organisation o ON o.id = a.organisation_id
LEFT JOIN people_organisation c ON c.id = a.customer_id LEFT JOIN people_team t ON t.id = a.provider_team_id
LEFT JOIN people_person p ON p.id = a.owner_id
LEFT JOIN LATERAL (SELECT * FROM agreements_version v WHERE v.agreement_id = a.id
  ORDER BY v.state IN ('active', 'under_review') DESC, v.state = 'agreed' DESC,
    v.state IN ('draft', 'negotiation') DESC, v.number DESC LIMIT 1) v ON TRUE
LEFT JOIN agreements_version w ON w.agreement_id = a.id AND w.state IN ('draft', 'negotiation')
WHERE (%(near)s::bigint[] IS NULL OR a.organisation_id = ANY(%(near)s) OR a.customer_id = ANY(%(near)s))
"""
_ONE = _AGREEMENTS + " AND a.code = %(code)s"
_PAGE = (
    _AGREEMENTS
    + """ AND (%(kind)s::text IS NULL OR a.kind = %(kind)s) AND (%(state)s::text IS NULL OR v.state = %(state)s)
  AND (%(organisation)s::text IS NULL OR o.code = %(organisation)s OR c.code = %(organisation)s)
  AND (%(like)s = '' OR a.name ILIKE %(like)s OR a.code ILIKE %(like)s)
  AND (%(after)s::text IS NULL OR a.code > %(after)s)
ORDER BY a.code LIMIT %(limit)s"""
)


def near(actor: Actor) -> set[int] | None:
    """Ids of the organisations whose agreements somebody reads: those they work or manage in, and those above, for
    what a parent promises holds for its children. None for all, nothing for those who only ask for help."""
    ids: set[int] = set()
    for capability in (RECORDS_VIEW, AGREEMENTS_MANAGE, SETTINGS_MANAGE):
        scope = actor.scope(capability)
        if scope.everywhere:
            return None
        ids |= {*scope.organisations, *scope.team_organisations}
    paths = Organisation.objects.filter(pk__in=ids).values_list("path", flat=True)
    return ids | {place for path in paths for place in path}


def may_see(actor: Actor, organisation_id: int, customer_id: int | None) -> bool:
    """May somebody read an agreement of these?"""
    ids = near(actor)
    return ids is None or organisation_id in ids or customer_id in ids


def one(actor: Actor, code: str) -> Row | None:
    """One agreement by code, with its version in the history; None when it is not there or not theirs to see."""
    found = sql.dicts(_ONE, {"near": _near(actor), "code": code})
    return {**found[0], "version": subjects.version_of("agreement", found[0]["id"])} if found else None


def page(actor: Actor, asked: Asked) -> list[Row]:
    """Agreements by code, one more than `limit` when there are more."""
    text = asked.q.strip()[:100]
    quoted = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {
        "near": _near(actor),
        "kind": asked.kind,
        "state": asked.state,
        "organisation": asked.organisation,
        "like": f"%{quoted}%" if text else "",
        "after": asked.after,
        "limit": asked.limit + 1,
    }
    return sql.dicts(_PAGE, values, prepare=False)


def versions(agreement_id: int) -> list[Row]:
    """All versions of an agreement, newest first, each with its targets and signatures."""
    found = (
        Version.objects.filter(agreement_id=agreement_id)
        .select_related("created_by")
        .prefetch_related("targets__metric", "signatures__person")
        .order_by("-number")
    )
    rows = list(found)
    of_targets = {service for v in rows for target in v.targets.all() for service in target.services}
    codes = service_codes({service for v in rows for service in v.services} | of_targets)
    return [_version(v, codes) for v in rows]


def service_codes(ids: set[int]) -> dict[int, tuple[str, str]]:
    """(code, name) of services by id."""
    rows = sql.rows("SELECT id, code, name FROM items_item WHERE id = ANY(%s)", [sorted(ids)]) if ids else []
    return {row[0]: (row[1], row[2]) for row in rows}


_PLAIN = (
    "number", "state", "valid_from", "valid_until", "review_on", "review_lead_days", "apply_to_open", "summary",
    "exclusions", "reporting", "penalties", "tiers", "routes", "created_at", "agreed_at", "in_force_from",
    "in_force_until", "activated_at", "ended_at", "ended_because",
)  # fmt: skip
_OF_TARGET = (
    "id", "amount", "calendar", "priorities", "kinds", "criticalities", "pauses_on", "on_change", "on_reopen",
    "breach_rule", "keep_breach", "warn_at", "goal_percent", "start_rule",
)  # fmt: skip


def _version(v: Version, codes: dict[int, tuple[str, str]]) -> Row:
    return {
        **{name: getattr(v, name) for name in _PLAIN},
        "id": v.pk,
        "open": v.state in lifecycle.OPEN,
        "in_force": v.state in lifecycle.IN_FORCE,
        "state_word": words.state(v.state),
        "services": [codes[s][0] for s in v.services if s in codes],
        "service_names": [codes[s][1] for s in v.services if s in codes],
        "created_by": v.created_by.name if v.created_by else "",
        "signatures": [
            {
                "side": s.side,
                "name": s.name,
                "person": s.person.email if s.person else None,
                "recorded_by": s.person.name if s.person and s.recorded else "",
                "recorded": s.recorded,
                "reference": s.reference,
                "at": s.at,
            }
            for s in v.signatures.all()
        ],
        "targets": [
            {
                **{name: getattr(t, name) for name in _OF_TARGET},
                "metric": t.metric.code,
                "metric_version": t.metric.version,
                "metric_name": words.metric_name(t.metric.code, t.metric.name),
                "kind": t.target_kind,
                "words": words.amount(t.target_kind, t.amount),
                "services": [codes[s][0] for s in t.services if s in codes],
                "service_names": [codes[s][1] for s in t.services if s in codes],
            }
            for t in v.targets.all()
        ],
    }


def metrics(*, every_version: bool = False, code: str | None = None) -> list[Row]:
    """Metrics by code, each in its newest version, or in all of them, newest first."""
    found = Metric.objects.select_related("created_by").order_by("code", "-version")
    if code is not None:
        found = found.filter(code=code)
    if not every_version:
        found = found.distinct("code")
    return [_metric(m) for m in found]


def _metric(m: Metric) -> Row:
    plain = (
        "id", "code", "version", "kinds", "start", "stop", "pauses", "reset", "cancel", "recurring", "per_holder",
        "shipped", "active", "created_at",
    )  # fmt: skip
    return {
        **{name: getattr(m, name) for name in plain},
        "name": words.metric_name(m.code, m.name),
        "description": words.metric_description(m.code, m.description),
        "created_by": m.created_by.name if m.created_by else "",
    }


def under_review(actor: Actor, now: datetime) -> int:
    """How many agreements somebody manages are under review."""
    ids = near(actor)
    asked = Version.objects.filter(state=lifecycle.UNDER_REVIEW, activated_at__lte=now)
    return asked.count() if ids is None else asked.filter(agreement__organisation_id__in=ids).count()


def _near(actor: Actor) -> list[int] | None:
    ids = near(actor)
    return None if ids is None else sorted(ids)
