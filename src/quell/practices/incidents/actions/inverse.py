"""What takes a verb of an incident back, from the changes its line of history names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from quell.kernel.actions.undoing import Steps
from quell.kernel.items.models import Item
from quell.kernel.people.models import Person, Team

from ..models import Category
from ..rules.lifecycle import NEW, ON_HOLD

#: Facts that `edit` takes back to what they were.
_FACTS = ("title", "description", "impact", "urgency", "affected_users", "cause_code", "major")


def inverse(verb: str, changes: Mapping[str, Any]) -> Steps:
    """The steps back; none for what has no way back: closing, cancelling, handing over, beginning."""
    before = {name: change[0] for name, change in changes.items()}
    if verb == "assign":
        return _hands(before)
    if verb == "edit":
        return _facts(before)
    if verb == "hold":
        return [("resume", {})]
    if verb == "resume" and before.get("hold_reason"):
        return [("hold", {"hold_reason": before["hold_reason"]})]
    if verb == "resolve":
        steps: Steps = [("reopen", {"reason": _("Resolved together with others by mistake.")})]
        return [*steps, ("hold", {"hold_reason": before["hold_reason"]})] if before.get("state") == ON_HOLD else steps
    return [("unwatch", {})] if verb == "watch" else []


def _hands(before: Mapping[str, Any]) -> Steps:
    """Back into the hands it was in, or nobody's when it was new."""
    inputs: dict[str, Any] = {}
    if "team" in before:
        inputs["team"] = Team.objects.filter(pk=before["team"]).values_list("code", flat=True).first()
    if before.get("state") == NEW:
        return [("unassign", inputs)]
    if "assignee" in before:
        inputs["assignee"] = Person.objects.filter(pk=before["assignee"]).values_list("email", flat=True).first()
    if "team" in inputs and inputs["team"] is None:
        # A team is taken away only from what has not been begun: back to new, then into the hands it was in.
        inputs.pop("team")
        return [("unassign", {"team": None}), ("assign", inputs)] if inputs.get("assignee") else []
    return [("assign", inputs)] if inputs else []


def _facts(before: Mapping[str, Any]) -> Steps:
    inputs: dict[str, Any] = {name: before[name] for name in _FACTS if name in before}
    if "category" in before:
        inputs["category"] = Category.objects.filter(pk=before["category"]).values_list("path", flat=True).first()
    if "service" in before:
        inputs["service"] = Item.objects.filter(pk=before["service"]).values_list("code", flat=True).first()
    return [("edit", inputs)] if inputs else []
