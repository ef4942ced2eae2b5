"""What is left out of the figures: proposed by whom and why, decided by whom (capability SL14)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quell.kernel.ui.signed_in import actor_of
from quell.practices.clocks import facade

from . import shown
from .doors import managers, page
from .reports import tabs

HERE = "/reports/exclusions"


@require_safe
@managers
def exclusions(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, with the way to decide, and what has been decided."""
    found = facade.exclusions(actor_of(request))
    rows = [_row(one) for one in found]
    context = {
        "tabs": tabs(HERE, sum(one.may_decide for one in found)),
        "waiting": [row for row in rows if row["one"].state == "proposed"],
        "decided": [row for row in rows if row["one"].state != "proposed"],
        "most": facade.MOST_EXCLUSIONS if len(rows) == facade.MOST_EXCLUSIONS else 0,
    }
    return page(request, "exclusions", context)


def _row(one: facade.Exclusion) -> dict[str, Any]:
    url = shown.record_url(one.record_kind, one.number)
    rules = {
        "alone": _("By rule: nobody else may decide"),
        "one_word": _("By rule: one person's word is enough here"),
    }
    return {
        "one": one,
        "url": f"{url}/clocks?clock={one.id}",
        "decide": f"{url}/clocks/{one.id}/exclusion",
        "rule": rules.get(one.rule, ""),
    }
