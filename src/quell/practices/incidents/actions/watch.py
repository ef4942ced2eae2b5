"""Sharing an incident: watchers see its public part and hear of it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config.refusal import Forbidden
from quell.kernel.records.models import Watcher

from ..permissions import can_watch, is_requester, works_on
from . import lookup
from .frame import incident_action


class Watch(Inputs):
    """Who; oneself when nobody is named."""

    person: str | None = Field(None, max_length=254)


def _whom(context: Context) -> int:
    wanted, actor, record = context.inputs.person, context.actor, context.record
    if wanted is None or wanted.lower() == actor.email:
        if actor.person_id is None:
            raise Forbidden(_("Sharing needs a person."))
        return actor.person_id
    if not (works_on(actor, record) or is_requester(actor, record)):
        raise Forbidden(_("Only the requester and the desk share an incident with others."))
    return lookup.person(wanted, "person", actor).pk


@incident_action("watch", allowed=can_watch, inputs=Watch, moves=False)
def watch(context: Context) -> None:
    """Share with a person, or follow it oneself."""
    person_id = _whom(context)
    _made, fresh = Watcher.objects.get_or_create(record=context.record, person_id=person_id)
    if fresh:
        context.data["person"] = person_id


@incident_action("unwatch", allowed=can_watch, inputs=Watch, moves=False)
def unwatch(context: Context) -> None:
    """Stop sharing with a person, or stop following."""
    person_id = _whom(context)
    gone, _rows = Watcher.objects.filter(record=context.record, person_id=person_id).delete()
    if gone:
        context.data["person"] = person_id
