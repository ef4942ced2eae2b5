"""The health of services: the worst of what open announcements say and of what other rooms know (ux.md 2.2, 3.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places
from quell.kernel.config import sql

from ..rules.health import HEALTH, effect_of, worst

#: More services than this are for searching, not for a list of lights.
MOST = 200

#: Given ids of services and the reader's organisation (None: a visitor), what hurts which: {service id: health}.
Source = Callable[[Sequence[int], int | None], Mapping[int, str]]
_sources: list[Source] = []


def register_source(source: Source) -> Source:
    """Let another room say what hurts services; called from wiring."""
    _sources.append(source)
    return source


@dataclass(frozen=True, slots=True)
class ServiceHealth:
    """A service and how it is: `works`, `maintenance`, `degraded` or `down`; `until` when maintenance ends."""

    code: str
    name: str
    health: str
    until: datetime | None
    following: bool


_SERVICES = """
SELECT i.id, i.code, i.name, EXISTS (SELECT 1 FROM communications_subscription s
  WHERE s.service_id = i.id AND s.person_id = %(me)s)
FROM items_item i WHERE i.item_class = 'service' AND i.active AND i.status = 'live' AND i.code IS NOT NULL
  AND (%(near)s::bigint[] IS NULL OR i.organisation_id = ANY(%(near)s))
ORDER BY i.criticality, i.name, i.id LIMIT %(most)s
"""


def of_services(actor: Actor, showing: Sequence[Mapping[str, Any]]) -> list[ServiceHealth]:
    """The services this person may see, the hurt ones first. `showing` is what `announcements.showing` gave, so that
    a page asks only once."""
    near = places.surroundings(actor)
    values = {"me": actor.person_id, "near": None if near is None else sorted(near), "most": MOST}
    return _judged(sql.rows(_SERVICES, values), showing, actor.organisation_id)


_PUBLIC = """
SELECT i.id, i.code, i.name, FALSE
FROM items_item i LEFT JOIN config_optionvalue own ON own.key = %(key)s AND own.organisation_id = i.organisation_id
WHERE i.item_class = 'service' AND i.active AND i.status = 'live' AND i.code IS NOT NULL
  AND coalesce(own.value, (SELECT v.value FROM config_optionvalue v
    WHERE v.key = %(key)s AND v.organisation_id IS NULL), 'false'::jsonb) = 'true'::jsonb
ORDER BY i.criticality, i.name, i.id LIMIT %(most)s
"""
_PUBLIC_NOTES = """
SELECT a.service_id, a.severity, a.effect, a.ends_at FROM communications_announcement a
WHERE a.state = 'published' AND a.starts_at <= %(now)s AND (a.ends_at IS NULL OR a.ends_at > %(now)s)
  AND a.service_id = ANY(%(ids)s)
  AND NOT EXISTS (SELECT 1 FROM communications_audience x WHERE x.announcement_id = a.id)
"""


def public(key: str, most: int, now: datetime | None = None) -> list[ServiceHealth]:
    """What visitors may know: services of organisations that have said so (setting `key`), and what was announced to
    the whole of an organisation. Incidents stay inside."""
    found = sql.rows(_PUBLIC, {"key": key, "most": most})
    if not found:
        return []
    ids = [row[0] for row in found]
    notes = sql.dicts(_PUBLIC_NOTES, {"now": now or datetime.now(UTC), "ids": ids})
    return _judged(found, notes, None, ask=False)


_ALL_TOLD = """
SELECT a.severity, a.effect FROM communications_announcement a JOIN items_item i ON i.id = a.service_id
WHERE a.state = 'published' AND a.starts_at <= %(now)s AND (a.ends_at IS NULL OR a.ends_at > %(now)s)
  AND i.active AND i.status = 'live'
  AND NOT EXISTS (SELECT 1 FROM communications_audience x WHERE x.announcement_id = a.id)
"""


_OF_ONE_COMPANY = """
SELECT count(DISTINCT o.path[1]) = 1 AND EXISTS (
  SELECT 1 FROM items_item i WHERE i.item_class = 'service' AND i.active AND i.status = 'live')
FROM people_organisation o
WHERE EXISTS (SELECT 1 FROM people_person p WHERE p.organisation_id = o.id AND p.is_active)
"""


def public_summary(now: datetime | None = None) -> str:
    """How all services are together, without naming one: the worst of what was announced to a whole organisation. ""
    where people of several companies sign in: a visitor learns nothing of other people's house."""
    alone = sql.row(_OF_ONE_COMPANY, [])
    if alone is None or not alone[0]:
        return ""
    told = sql.rows(_ALL_TOLD, {"now": now or datetime.now(UTC)})
    return worst([said for severity, effect in told if (said := effect_of(severity, effect))])


def _judged(
    rows: Sequence[tuple[Any, ...]],
    notes: Sequence[Mapping[str, Any]],
    organisation_id: int | None,
    *,
    ask: bool = True,
) -> list[ServiceHealth]:
    said: dict[int, list[tuple[str, datetime | None]]] = {}
    for note in notes:
        effect = effect_of(note["severity"], note["effect"])
        if note["service_id"] is not None and effect:
            said.setdefault(note["service_id"], []).append((effect, note["ends_at"]))
    known = [source([row[0] for row in rows], organisation_id) for source in _sources] if ask else []
    lights = []
    for service_id, code, name, following in rows:
        told = said.get(service_id, [])
        health = worst([*(effect for effect, _end in told), *(k[service_id] for k in known if service_id in k)])
        ends = [end for effect, end in told if effect == health == "maintenance" and end is not None]
        lights.append(ServiceHealth(code, name, health, max(ends, default=None), following))
    return sorted(lights, key=lambda light: -HEALTH.index(light.health))
