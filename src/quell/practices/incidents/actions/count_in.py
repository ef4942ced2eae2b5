"""Counting people in who say that an incident hits them too: followers and affected users in one line of history.

Called by the house when an announcement gathers “me too”; a hundred at once are one change of the incident.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.people.models import Person
from quell.kernel.records.models import OPEN, Watcher

from ..permissions import can_count_in
from .frame import incident_action


class CountIn(Inputs):
    """People (ids) who follow from now on, and how many are affected at least."""

    people: list[int] = Field(default_factory=list, max_length=10_000)
    affected_users: Annotated[int, Field(ge=0, le=10_000_000, strict=True)]


@incident_action("count_in", allowed=can_count_in, inputs=CountIn, moves=False)
def count_in(context: Context) -> None:
    """Count in people it hits too: they follow it, and the affected users rise."""
    record, inputs = context.record, context.inputs
    if record.state_category not in OPEN:
        return
    known = set(Watcher.objects.filter(record=record).values_list("person_id", flat=True))
    # Only people of its organisation and below: a provider's customers do not read each other's conversations.
    people = Person.objects.filter(
        pk__in=set(inputs.people) - known - {record.requester_id},
        is_active=True,
        organisation__path__contains=[record.organisation_id],
    )
    fresh = sorted(people.values_list("pk", flat=True))
    Watcher.objects.bulk_create([Watcher(record=record, person_id=one) for one in fresh], ignore_conflicts=True)
    if fresh:
        context.data["followers"] = len(fresh)
    context.detail.affected_users = max(context.detail.affected_users, inputs.affected_users)
