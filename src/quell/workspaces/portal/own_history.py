"""What was done to one's own account: who looked with one's eyes or at one's access, who changed what, and when."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quell.kernel.config import sql
from quell.kernel.ui.signed_in import actor_of, signed_in

from .frame import page

MOST = 100
_LINES = """
SELECT e.at, e.verb, e.data, coalesce(p.name, '') AS actor, e.actor_id = e.subject_id AS own
FROM journal_entry e LEFT JOIN people_person p ON p.id = e.actor_id
WHERE e.subject = 'person' AND e.subject_id = %s ORDER BY e.id DESC LIMIT %s
"""


def _words(verb: str, data: dict[str, Any]) -> str:
    """What was done, as its sentence goes on after the name."""
    known = {
        "view_as_begin": _("began to look with your eyes; nothing can be changed that way"),
        "view_as_end": _("stopped looking with your eyes"),
        "explain_access": _("asked what you may see and do with %(number)s") % {"number": data.get("number", "")},
        "create": _("made your account"),
        "edit": _("changed your account"),
        "activate": _("let you in again"),
        "deactivate": _("closed your account"),
        "password": _("set a new password"),
        "sign_in": _("signed in"),
    }
    return known.get(verb, verb)


@require_safe
@signed_in
def own_history(request: HttpRequest) -> HttpResponse:
    """The latest hundred lines."""
    rows = sql.dicts(_LINES, [actor_of(request).person_id, MOST])
    lines = [{**row, "words": _words(row["verb"], row["data"])} for row in rows]
    return page(request, "portal/own_history.html", {"lines": lines, "here": "history"})
