"""Which services open incidents hurt: the worst for the list of service health (ux.md 2.2)."""

from __future__ import annotations

from collections.abc import Sequence

from quell.kernel.config import sql

#: Only those of the reader's own branch: a customer's outage is not another customer's news.
_HURTING = """
SELECT r.service_id, bool_or(i.major) FROM records_record r JOIN incidents_incident i ON i.record_id = r.id
JOIN people_organisation place ON place.id = r.organisation_id, people_organisation own
WHERE own.id = %(own)s AND r.kind = 'incident' AND r.service_id = ANY(%(services)s)
  AND r.state_category IN ('new', 'active', 'waiting') AND (r.priority = 1 OR i.major)
  AND (place.path @> ARRAY[own.id] OR own.path @> ARRAY[place.id])
GROUP BY r.service_id
"""


def hurting(service_ids: Sequence[int], organisation_id: int | None) -> dict[int, str]:
    """Service id → `down` for an open major incident, `degraded` for an open one of priority 1; the rest is left out.
    Nothing for a reader without an organisation."""
    if not service_ids or organisation_id is None:
        return {}
    rows = sql.rows(_HURTING, {"own": organisation_id, "services": list(service_ids)})
    return {service: "down" if major else "degraded" for service, major in rows}
