"""Beginning and ending a view with another person's eyes; both are written where that person can read them."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor, actor_for_person
from quell.kernel.access.viewing import KEY, View, may_view, read
from quell.kernel.config.refusal import Forbidden, NotFound
from quell.kernel.journal.write import write
from quell.kernel.people.models import Person

#: The journal's words for it.
BEGIN, END = "view_as_begin", "view_as_end"


def begin(actor: Actor, person_id: int, session: MutableMapping[str, Any], back: str) -> View:
    """Let this session see with the person's eyes. `back` is where it returns to. Raises NotFound for somebody who is
    not active, and Forbidden for somebody whom the actor does not look after or who may do more."""
    them = actor_for_person(person_id)
    if them is None:
        raise NotFound(_("They are not active, so there is nothing to look at."))
    if not may_view(actor, them):
        raise Forbidden(
            _("You may look with the eyes of people you look after, and only of those who may do no more than you.")
        )
    view = View(person_id, datetime.now(UTC), back)
    session[KEY] = view.kept()
    _write(BEGIN, actor, them, view.began, {"until": view.until.isoformat()})
    return view


def eyes(actor: Actor, view: View, now: datetime) -> tuple[Person, Actor] | None:
    """The person and the actor to look as; None when the time is over or the rule does not hold any more."""
    if now >= view.until:
        return None
    them = actor_for_person(view.person_id, request_id=actor.request_id)
    if them is None or not may_view(actor, them):
        return None
    return Person.objects.get(pk=view.person_id), them


def end(actor: Actor, session: MutableMapping[str, Any], why: str) -> View | None:
    """Let the session see with its own eyes again. `why` is "asked", "time" or "sign_out". None when it did."""
    view = read(session)
    if view is None:
        return None
    del session[KEY]
    them = actor_for_person(view.person_id)
    now = min(datetime.now(UTC), view.until)
    _write(END, actor, them, now, {"ended": why}, view.person_id)
    return view


def _write(
    verb: str, actor: Actor, them: Actor | None, at: datetime, data: dict[str, str], person_id: int | None = None
) -> None:
    write(
        verb,
        actor,
        at,
        subject="person",
        subject_id=them.person_id if them is not None else person_id,
        organisation_id=them.organisation_id if them is not None else None,
        data=data,
    )
