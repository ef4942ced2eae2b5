"""Access explained: why somebody sees a record or not, and what they may do with it now."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import PEOPLE_MANAGE
from quell.kernel.actions.access import explain_access
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of

from . import queries
from .doors import door, page, reach
from .listing import asked

SIGHTS = {
    "everything": (gettext_lazy("Sees everything, notes too"), "ok", "eye"),
    "public": (gettext_lazy("Sees the public part"), "brand", "eye"),
    "nothing": (gettext_lazy("Does not see it"), "outline", "eye-off"),
}
#: The verbs as people read them; a verb without words here is shown by its name in the API.
VERBS = {
    "accept": gettext_lazy("Accept the hand-over"),
    "add_tasks": gettext_lazy("Add tasks"),
    "alarm": gettext_lazy("Raise the alarm that nobody takes it"),
    "assign": gettext_lazy("Assign"),
    "attach": gettext_lazy("Attach files"),
    "cancel": gettext_lazy("Cancel"),
    "close": gettext_lazy("Close"),
    "comment": gettext_lazy("Reply or note"),
    "complete": gettext_lazy("Complete"),
    "count_in": gettext_lazy("Count in those it concerns"),
    "dispute": gettext_lazy("Say that it is still broken"),
    "edit": gettext_lazy("Change the fields"),
    "escalate": gettext_lazy("Escalate"),
    "de_escalate": gettext_lazy("Take an escalation back"),
    "hold": gettext_lazy("Put on hold"),
    "link": gettext_lazy("Link"),
    "merge": gettext_lazy("Merge"),
    "place": gettext_lazy("Put elsewhere in the list"),
    "reopen": gettext_lazy("Reopen"),
    "resolve": gettext_lazy("Resolve"),
    "resume": gettext_lazy("Resume"),
    "return": gettext_lazy("Return to the team before"),
    "skip": gettext_lazy("Skip"),
    "split": gettext_lazy("Split"),
    "start": gettext_lazy("Start"),
    "transfer": gettext_lazy("Hand over to another team"),
    "unassign": gettext_lazy("Unassign"),
    "unlink": gettext_lazy("Unlink"),
    "unmerge": gettext_lazy("Take a merge back"),
    "unwatch": gettext_lazy("Stop following"),
    "watch": gettext_lazy("Follow"),
}


@require_safe
@door(PEOPLE_MANAGE)
def access(request: HttpRequest) -> HttpResponse:
    """The question and, once person and number are given, the answer."""
    actor = actor_of(request)
    who, number = asked(request, "person"), asked(request, "record")
    context: dict[str, Any] = {"who": who, "number": number, "trail": [{"label": _("Access"), "url": ""}]}
    status = 200
    if who and number:
        context |= _answered(actor, who, number)
        status = context.pop("status")
    return page(request, "access", context, status=status)


def _answered(actor: Actor, who: str, number: str) -> dict[str, Any]:
    """The answer for the template; several people of one name are offered to choose from."""
    people = queries.called(reach(actor, PEOPLE_MANAGE), who)
    if len(people) > 1:
        return {"people": people, "status": 200}
    try:
        found = explain_access(actor, people[0]["email"] if people else who, number)
    except Refusal as no:
        return {"refused": no.sentence, "status": no.status}
    words, kind, sign = SIGHTS[found.told.sight]
    return {
        "found": found,
        "sight": {"words": words, "kind": kind, "sign": sign},
        "verbs": [(VERBS.get(one.verb, one.verb), one) for one in found.verbs],
        "status": 200,
    }
