"""One service: what is promised for it, what was kept, what broke it (ux.md 2.16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of
from quell.practices.agreements import facade as agreements
from quell.practices.clocks import facade
from quell.practices.services import facade as services

from . import shown
from .doors import given, managers, page
from .reports import change, frame, months

#: What broke it, and what runs: so many are shown, the rest is a press away.
SHOWN = 8
#: Agreements whose chain is checked for the page.
CHECKED = 5


@require_safe
@managers
def service(request: HttpRequest, code: str) -> HttpResponse:
    """The promises of a service and how they were kept in a period."""
    actor, now = actor_of(request), datetime.now(UTC)
    row = services.service(actor, code)
    owner = directory.known(actor, row["owner"]) if row["owner"] else None
    words = {name: text for name, text in given(request).items() if name in ("period", "basis", "zone")}
    asked = facade.asked_of(actor, {**words, "service": row["code"], "group": "target"}, now)
    found = facade.report(actor, asked, now)
    before = facade.report(actor, replace(asked, period=asked.period.next(-1), group="none"), now).total
    broken = facade.lines_behind(actor, asked, facade.Sought("", "broken"), now, limit=SHOWN)
    soon = replace(asked, period=facade.period_of("month", now, asked.period.zone), basis="resolved")
    running = facade.lines_behind(actor, soon, facade.Sought("", "open"), now, limit=SHOWN)
    path = f"/services/{row['code']}"
    context = {
        "service": {**row, "owner": owner["name"] if owner else row["owner"]},
        "trail": [{"label": _("Reports"), "url": "/reports?group=service"}, {"label": row["name"], "url": ""}],
        "asked": asked,
        "rows": [shown.row(one, asked) for one in found.rows],
        "total": shown.row(found.total, asked),
        "change": change(found.total, before),
        "trend": months(actor, asked, now),
        "causes": shown.causes(facade.report(actor, replace(asked, group="cause"), now)),
        "broken": [shown.clock(one) for one in broken[:SHOWN]],
        "all_broken": shown.to_clocks(asked, "broken") if len(broken) > SHOWN else "",
        "running": [shown.clock(one) for one in running[:SHOWN]],
        "all_running": shown.to_clocks(soon, "open") if len(running) > SHOWN else "",
        "agreements": promised(actor, row["id"], now),
        **frame(asked, path, now),
        "tabs": [],
        "chips": [],
        "kept": {"zone": asked.period.zone},
    }
    return page(request, "service", context)


def promised(actor: Actor, service_id: int, now: datetime) -> list[dict[str, Any]]:
    """The agreements that hold for a service now, with what in them cannot be kept by those behind."""
    found: dict[str, dict[str, Any]] = {}
    for one in agreements.promised_within(actor):
        promise = one.promise
        if promise.scope.service not in ("", None, str(service_id)):
            continue
        if promise.since > now or (promise.until is not None and promise.until <= now):
            continue
        found[one.terms.agreement] = {
            "code": one.terms.agreement,
            "name": one.agreement_name,
            "kind": agreements.kind_word(one.kind),
            "version": one.terms.version,
            "owner": "",
            "warnings": [],
        }
    readable: list[dict[str, Any]] = []
    for code, told in sorted(found.items()):
        try:
            row = agreements.agreement(actor, code)
            if len(readable) < CHECKED:
                told["warnings"] = agreements.warnings(actor, code, told["version"], now=now)
        except Refusal:
            continue
        readable.append({**told, "owner": row["owner_name"] or ""})
    return readable
