"""What happens to a version by itself: it begins to hold, its review is due, the next one takes its place, it is over;
and ending one before its time. Telling the owner goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import subjects
from quell.kernel.actions.inputs import parse
from quell.kernel.jobs.app import enqueue

from ..models import Agreement, Version
from ..rules import days, lifecycle
from . import announcing, frame, revise
from .inputs import Because

#: What the owner is told by mail when it happens by itself.
TOLD = ("activate", "review", "expire")
#: More steps than any life has.
STEPS = 5


def catch_up(agreement: Agreement, version: Version, actor: Actor, now: datetime) -> list[str]:
    """Take every step that is due for a settled version; returns the verbs. Belongs to the caller's transaction, with
    the agreement's row locked."""
    taken: list[str] = []
    for _step in range(STEPS):
        verb = days.due(_held(agreement, version), now)
        if verb is None:
            break
        _take(agreement, version, verb, actor, now)
        taken.append(verb)
    return taken


def _held(agreement: Agreement, version: Version) -> days.Held:
    assert version.in_force_from is not None, "only what has been agreed turns"
    followed = agreement.versions.filter(
        number__gt=version.number, in_force_from__isnull=False, in_force_from=version.in_force_until
    ).exists()
    review_from = days.review_begins(version.review_on, version.review_lead_days, frame.here())
    return days.Held(version.state, version.in_force_from, version.in_force_until, review_from, followed)


def _take(agreement: Agreement, version: Version, verb: str, actor: Actor, now: datetime) -> None:
    before = version.state
    if verb == "activate":
        # The one that held until now gives way in the same transaction.
        for one in agreement.versions.filter(state__in=lifecycle.IN_FORCE).exclude(pk=version.pk):
            _take(agreement, one, "renew", actor, now)
    version.state = frame.step(version, verb)
    fields = ["state"]
    if verb == "activate":
        version.activated_at = now
        fields.append("activated_at")
    elif verb in ("renew", "expire"):
        version.ended_at = now
        fields.append("ended_at")
    version.save(update_fields=fields)
    revise.bump()
    current = subjects.version_of(frame.SUBJECT, agreement.pk)
    frame.note(
        verb, actor, agreement, current, changes={"state": [before, version.state]}, data={"number": version.number}
    )
    if verb == "activate":
        announcing.tell(announcing.Activated(agreement.pk, version.pk, version.apply_to_open, actor, "", now))
    if verb in TOLD and actor.is_house and agreement.owner_id:
        enqueue("agreements.tell_owner", agreement_id=agreement.pk, number=version.number, verb=verb)


def terminate(
    actor: Actor,
    code: str,
    number: int,
    data: Mapping[str, Any] | BaseModel,
    *,
    now: datetime,
    version: int | None = None,
) -> None:
    """End a version before its time, with the reason; what it promised holds until this moment. One that has not begun
    gives its days back to the one before it. `data` as `Because`; raises NotFound, Forbidden, WrongState, Invalid,
    Stale."""
    inputs = parse(Because, data)
    with transaction.atomic():
        agreement, current = frame.locked(actor, code, version)
        found = frame.numbered(agreement, number)
        before = found.state
        found.state = frame.step(found, "terminate")
        begun = found.in_force_from
        assert begun is not None, "only what has been agreed can be terminated"
        found.in_force_until = max(begun, now) if before != lifecycle.AGREED else begun
        found.ended_at, found.ended_because = now, inputs.reason
        found.save(update_fields=["state", "in_force_until", "ended_at", "ended_because"])
        if before == lifecycle.AGREED:
            for one in agreement.versions.filter(state__in=lifecycle.IN_FORCE, in_force_until=begun):
                one.in_force_until = days.end_of(one.valid_until, frame.here())
                one.save(update_fields=["in_force_until"])
        revise.bump()
        said = {"number": number, "reason": inputs.reason}
        frame.note("terminate", actor, agreement, current, changes={"state": [before, found.state]}, data=said)


def next_due(house: Actor, now: datetime, after: int) -> int | None:
    """Take the steps that are due for the first settled version with an id above `after` that is not locked; returns
    its id, None when there is none left. Each belongs to a transaction of its own."""
    with transaction.atomic():
        found = Version.objects.filter(state__in=lifecycle.SETTLED, pk__gt=after).order_by("pk").first()
        if found is None:
            return None
        agreement = (
            Agreement.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=found.agreement_id).first()
        )
        if agreement is not None:
            found.refresh_from_db()
            if found.state in lifecycle.SETTLED:
                catch_up(agreement, found, house, now)
        return found.pk


def owner_sentence(verb: str, name: str, number: int) -> str:
    """What the owner is told, in the language in force."""
    said = {"name": name, "number": number}
    if verb == "activate":
        return _("Version %(number)d of “%(name)s” is in force now.") % said
    if verb == "review":
        return _("The review of “%(name)s” is due: is what was promised still right?") % said
    return _("“%(name)s” has expired: nothing holds in its place.") % said
