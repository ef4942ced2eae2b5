"""From a draft to an agreement: proposing it, taking it back, and the signatures of both sides (domain.md 4.9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.inputs import parse
from quell.kernel.config import sql
from quell.kernel.config.refusal import Conflict, FieldError, Forbidden, Invalid
from quell.practices.calendars import facade as calendars

from ..models import Agreement, Metric, Signature, Version
from ..permissions import can_sign
from ..rules import codes, days, lifecycle
from . import frame, revise, turn
from .inputs import Sign


def propose(actor: Actor, code: str, *, version: int | None = None) -> None:
    """Put the draft before both sides. Raises NotFound, Forbidden, WrongState, Invalid for one that promises nothing or
    names what is not there any more, Stale."""
    with transaction.atomic():
        agreement, current = frame.locked(actor, code, version)
        found = frame.draft_of(agreement)
        _must_be_whole(found)
        _move(actor, agreement, found, "propose", current)


def revise_draft(actor: Actor, code: str, *, version: int | None = None) -> None:
    """Take it back to change it; what was signed is signed no more. Raises NotFound, Forbidden, WrongState, Stale."""
    with transaction.atomic():
        agreement, current = frame.locked(actor, code, version)
        found = frame.draft_of(agreement)
        frame.step(found, "revise")
        found.signatures.all().delete()
        _move(actor, agreement, found, "revise", current)


def sign(actor: Actor, code: str, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Sign for one side, or for both where one person may manage both. The second signature makes it agreed, and if its
    first day has come it holds at once. `data` as `Sign`; raises NotFound, Forbidden, WrongState, Invalid, Conflict,
    Stale."""
    inputs = parse(Sign, data)
    now = datetime.now(UTC)
    with transaction.atomic():
        agreement, current = frame.locked(actor, code, version, reading=True)
        found = frame.draft_of(agreement)
        frame.step(found, "sign")
        sides = codes.SIDES if inputs.side == "both" else (inputs.side,)
        if inputs.name and inputs.side == "both":
            raise Invalid.field("side", _("Write down each side's signature by itself."))
        done = set(found.signatures.values_list("side", flat=True))
        for side in sides:
            _sign_one(actor, agreement, found, side, inputs, now, done)
        said: dict[str, Any] = {"number": found.number, "sides": list(sides)}
        if inputs.name:
            said |= {"signed_by": inputs.name, "reference": inputs.reference}
        by_one = _signed_by_one(found)
        current = frame.note(
            "sign", actor, agreement, current, data={**said, **({"one_person": True} if by_one else {})}
        )
        if {*done, *sides} == set(codes.SIDES):
            _agree(actor, agreement, found, now, current)


def _sign_one(
    actor: Actor, agreement: Agreement, found: Version, side: str, inputs: Sign, now: datetime, done: set[str]
) -> None:
    if side in done:
        raise Conflict(_("This side has signed already."))
    keeper = agreement.organisation_id
    ours = (agreement.customer_id or keeper) if side == codes.CUSTOMER else keeper
    verdict = can_sign(actor, ours, keeper, recorded=bool(inputs.name))
    if not verdict:
        raise Forbidden(verdict.reason)
    Signature.objects.create(
        version=found,
        side=side,
        person_id=actor.person_id,
        name=inputs.name or actor.name,
        recorded=bool(inputs.name),
        reference=inputs.reference,
        at=now,
    )


def _signed_by_one(found: Version) -> bool:
    """Did one person sign for both sides?"""
    mine = [row for row in found.signatures.values_list("person_id", "recorded") if not row[1]]
    return len(mine) == len(codes.SIDES) and len(set(mine)) == 1


def _agree(actor: Actor, agreement: Agreement, found: Version, now: datetime, current: int) -> None:
    """Both have signed: it stands fast, with the moments it holds. Raises Conflict and Invalid for what would overlap
    another version."""
    _must_be_whole(found)
    _use_newest_metrics(found)
    others = list(agreement.versions.exclude(pk=found.pk).exclude(in_force_from=None).order_by("number"))
    if any(one.state == lifecycle.AGREED for one in others):
        raise Conflict(_("A version that has been agreed has not begun yet. End that one first."))
    since = days.midnight(found.valid_from, frame.here())
    until = days.end_of(found.valid_until, frame.here())
    present = next((one for one in others if one.state in lifecycle.IN_FORCE), None)
    if present is not None:
        # What holds now held until this moment, whatever day the new one names.
        since = max(since, now)
    since = max([since, *_held_until(others, present)])
    if until is not None and until <= since:
        raise Invalid.field("valid_until", _("It would be over before it begins."))
    if present is not None and (present.in_force_until is None or present.in_force_until > since):
        present.in_force_until = since
        present.save(update_fields=["in_force_until"])
    found.state, found.agreed_at = frame.step(found, "agree"), now
    found.in_force_from, found.in_force_until = since, until
    found.save()
    revise.bump()
    said = {"number": found.number, "since": since.isoformat()}
    frame.note("agree", actor, agreement, current, data=said)
    turn.catch_up(agreement, found, actor, now)


def _held_until(others: Sequence[Version], present: Version | None) -> list[datetime]:
    """The ends of those that held once. One that was ended before it began held at no time."""
    return [
        one.in_force_until
        for one in others
        if one is not present and one.in_force_until is not None and one.in_force_until != one.in_force_from
    ]


def _use_newest_metrics(found: Version) -> None:
    """What is signed is measured as metrics are now; from here on it stays so."""
    newest = {m.code: m for m in Metric.objects.order_by("code", "-version").distinct("code")}
    for target in found.targets.select_related("metric"):
        if target.metric_id != newest[target.metric.code].pk:
            target.metric = newest[target.metric.code]
            target.save(update_fields=["metric"])


def _must_be_whole(found: Version) -> None:
    """A version that promises something, by what is there; raises Invalid."""
    targets = list(found.targets.select_related("metric"))
    if not targets:
        raise Invalid.field("targets", _("It promises nothing yet. Add a target first."))
    known, errors = calendars.timetables(), []
    newest = {m.code: m for m in Metric.objects.order_by("code", "-version").distinct("code")}
    wanted = {*found.services, *(service for target in targets for service in target.services)}
    gone = sql.rows("SELECT name FROM items_item WHERE id = ANY(%s) AND NOT active ORDER BY name", [sorted(wanted)])
    for position, target in enumerate(targets):
        if target.calendar not in known:
            sentence = _("There is no calendar “%(code)s”.") % {"code": target.calendar}
            errors.append(FieldError(f"targets.{position}.calendar", sentence))
        if not newest[target.metric.code].active:
            sentence = _("The metric “%(code)s” is out of use.") % {"code": target.metric.code}
            errors.append(FieldError(f"targets.{position}.metric", sentence))
    errors += [FieldError("services", _("The service “%(name)s” is out of use.") % {"name": name}) for (name,) in gone]
    if errors:
        raise Invalid(errors[0].message, errors=errors)


def _move(actor: Actor, agreement: Agreement, found: Version, verb: str, current: int) -> None:
    before = found.state
    found.state = frame.step(found, verb)
    found.save(update_fields=["state"])
    frame.note(verb, actor, agreement, current, changes={"state": [before, found.state]}, data={"number": found.number})
