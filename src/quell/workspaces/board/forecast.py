"""What will be late in the next hours, by team, person or service, with the clocks themselves."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quell.kernel.ui.signed_in import actor_of
from quell.practices.clocks import facade

from . import shown
from .doors import address, given, managers, page
from .reports import tabs

HERE = "/reports/forecast"


@require_safe
@managers
def forecast(request: HttpRequest) -> HttpResponse:
    """Each clock by the moment it has worked out for itself; what is paused stands apart."""
    words = given(request)
    chosen = words.get("hours", "")
    hours = int(chosen) if chosen in [str(one) for one in facade.WINDOWS] else facade.WINDOWS[-1]
    group = words.get("group") or "team"
    found = facade.forecast(
        actor_of(request),
        datetime.now(UTC),
        hours=hours,
        group=group,
        key=words.get("key", ""),
        which=words.get("which") or "soon",
    )
    same = {"hours": hours, "group": group}
    rows = [
        {
            "name": row.name,
            "within": [
                {"count": row.within[window], "url": address(HERE, {**same, "hours": window, "key": row.key})}
                for window in facade.WINDOWS
            ],
            "late": {"count": row.late, "url": address(HERE, {**same, "key": row.key, "which": "late"})},
            "paused": {"count": row.paused, "url": address(HERE, {**same, "key": row.key, "which": "paused"})},
            "current": row.key == found.key,
        }
        for row in (found.total, *found.rows)
    ]
    titles = {"soon": _("Late within %(hours)s hours"), "late": _("Late already"), "paused": _("Paused")}
    context = {
        "tabs": tabs(HERE),
        "hours": hours,
        "windows": [
            {"hours": one, "url": address(HERE, {**same, "hours": one}), "current": one == hours}
            for one in facade.WINDOWS
        ],
        "group": group,
        "groups": {"team": _("Team"), "assignee": _("Assignee"), "service": _("Service"), "metric": _("Measure")},
        "rows": rows[1:],
        "total": rows[0],
        "clocks": [{"one": one, "url": shown.record_url(one.record_kind, one.number)} for one in found.soon],
        "title": titles[found.which] % {"hours": hours},
        "of": next((row["name"] for row in rows[1:] if row["current"]), "") if found.key else "",
        "all": address(HERE, same),
    }
    return page(request, "forecast", context)
