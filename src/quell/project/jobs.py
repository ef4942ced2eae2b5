"""Jobs of the whole: the demonstration leaves while everybody works on."""

from __future__ import annotations

from django.conf import settings

from quell.kernel.access.actor import actor_for_person
from quell.kernel.jobs.app import app
from quell.project import preparation
from quell.project.demonstration.leaving import leave


@app.task(name="demonstration.leave", queueing_lock="demonstration.leave")
def leave_for(person_id: int) -> None:
    """Take the demonstration out on behalf of an administrator."""
    actor = actor_for_person(person_id)
    if actor is not None:
        leave(actor, settings.DATA)
        preparation.remember(settings.DATA, {**preparation.remembered(settings.DATA), "demo": "removed"})
