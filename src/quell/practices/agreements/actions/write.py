"""Writing in the version that is not agreed yet: its days, what it covers, its targets. One family: begin the next
version, change it, throw it away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.engines.clock.faults import ClockFault
from quell.engines.clock.terms import USUAL_PAUSES, Target, Terms
from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places
from quell.kernel.actions.inputs import parse
from quell.kernel.config import sql
from quell.kernel.config.refusal import Conflict, FieldError, Invalid
from quell.practices.calendars import facade as calendars

from .. import models
from ..rules import codes, lifecycle
from . import frame
from .inputs import TargetInput, VersionChange

PLAIN = (
    "valid_from", "valid_until", "review_on", "review_lead_days", "apply_to_open", "summary", "exclusions", "reporting",
    "penalties",
)  # fmt: skip
#: More calendars than anybody has.
MOST_CALENDARS = 1000
#: What of a target is usually as it always is.
POLICIES = (
    "pauses_on", "on_change", "on_reopen", "breach_rule", "keep_breach", "warn_at", "goal_percent", "start_rule",
)  # fmt: skip
#: What may be emptied; everything else that is given as null stays as it is.
OPTIONAL = ("valid_until", "review_on")


def write(actor: Actor, code: str, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Change what is given in the version that is being written. What one side has signed already is signed no more.
    `data` as `VersionChange`; raises NotFound, Forbidden, Invalid (`targets.0.calendar` and the like), Conflict when
    no version is being written, Stale."""
    inputs = parse(VersionChange, data)
    given = inputs.model_fields_set
    if not given:
        raise Invalid(_("Say what to change."))
    with transaction.atomic():
        agreement, current = frame.locked(actor, code, version)
        draft = frame.draft_of(agreement)
        before = plain(draft)
        _fill(actor, agreement, draft, inputs)
        _must_make_sense(draft)
        signed = list(draft.signatures.values_list("side", flat=True))
        draft.signatures.all().delete()
        draft.save()
        if inputs.targets is not None:
            made = _targets(actor, draft, inputs.targets)
            draft.targets.all().delete()
            models.Target.objects.bulk_create(made)
        changes = {name: [was, now] for name, was, now in _differences(before, plain(draft))}
        if changes:
            said = {"number": draft.number, **({"unsigned": signed} if signed else {})}
            frame.note("write", actor, agreement, current, changes=changes, data=said)


def draft(actor: Actor, code: str, *, version: int | None = None) -> int:
    """Begin the next version with everything that the last one says; returns its number. Raises NotFound, Forbidden,
    Conflict when one is being written already, Stale."""
    now = datetime.now(UTC)
    with transaction.atomic():
        agreement, current = frame.locked(actor, code, version)
        if agreement.versions.filter(state__in=lifecycle.OPEN).exists():
            raise Conflict(_("A version of this agreement is being written already."))
        last = agreement.versions.order_by("-number").first()
        today = now.astimezone(frame.here()).date()
        begins = max(today, last.valid_until + timedelta(days=1)) if last and last.valid_until else today
        made = models.Version(
            agreement=agreement,
            number=last.number + 1 if last else 1,
            valid_from=begins,
            created_by_id=actor.person_id,
            created_at=now,
        )
        if last:
            for name in ("services", "tiers", "routes", "summary", "exclusions", "reporting", "penalties"):
                setattr(made, name, getattr(last, name))
            made.review_lead_days = last.review_lead_days
            made.valid_until = _as_long(last.valid_from, last.valid_until, begins)
            made.review_on = _as_long(last.valid_from, last.review_on, begins)
        made.save()
        for target in last.targets.all() if last else ():
            target.pk, target.version = None, made
            target._state.adding = True
            target.save()
        frame.note("draft", actor, agreement, current, data={"number": made.number})
    return made.number


def discard(actor: Actor, code: str, *, version: int | None = None) -> None:
    """Throw away the version that is being written; what it said stays in the history. Raises NotFound, Forbidden,
    Conflict when none is, or when it is the only one; Stale."""
    with transaction.atomic():
        agreement, current = frame.locked(actor, code, version)
        found = frame.draft_of(agreement)
        if agreement.versions.count() == 1:
            raise Conflict(_("An agreement has at least one version. Write in this one."))
        said = {"number": found.number, "version": plain(found)}
        found.delete()
        frame.note("discard", actor, agreement, current, data=said)


def plain(version: models.Version) -> dict[str, Any]:
    """What a version says, as the journal keeps it: plain values, which `queries.journal` puts into words."""
    known = _service_codes({*version.services, *(s for t in version.targets.all() for s in t.services)})
    said: dict[str, Any] = {name: getattr(version, name) for name in PLAIN}
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}
    said |= {"tiers": version.tiers, "routes": version.routes}
    said["services"] = [known.get(s, str(s)) for s in version.services]
    said["targets"] = [_plain_target(t, [known.get(s, str(s)) for s in t.services]) for t in version.targets.all()]
    return said


def _plain_target(target: models.Target, services: Sequence[str]) -> dict[str, Any]:
    """A target in the history, under the names by which it is written: what it measures, where, how long and by which
    calendar, and of all else what is not as usual."""
    usual = {name: field.default for name, field in TargetInput.model_fields.items()}
    usual |= {"warn_at": list(codes.WARN_AT), "goal_percent": 100, "pauses_on": _usual_pauses(target.metric)}
    special = {name: getattr(target, name) for name in POLICIES if getattr(target, name) != usual[name]}
    if "goal_percent" in special:
        special["goal_percent"] = float(special["goal_percent"])
    where = {
        "priorities": target.priorities,
        "services": list(services),
        "kinds": target.kinds,
        "criticalities": target.criticalities,
    }
    return {
        "metric": target.metric.code,
        "kind": target.target_kind,
        "amount": target.amount,
        "calendar": target.calendar,
        **{name: value for name, value in where.items() if value},
        **special,
    }


def _usual_pauses(metric: models.Metric) -> list[str]:
    return sorted(USUAL_PAUSES.get(metric.code, frozenset()) & set(metric.pauses))


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    return [(name, before[name], after[name]) for name in after if before[name] != after[name]]


def _fill(actor: Actor, agreement: models.Agreement, draft: models.Version, inputs: VersionChange) -> None:
    for name in PLAIN:
        value = getattr(inputs, name)
        if name in inputs.model_fields_set and (value is not None or name in OPTIONAL):
            setattr(draft, name, value)
    if inputs.services is not None:
        draft.services = service_ids(actor, inputs.services, "services")
    if inputs.tiers is not None:
        draft.tiers = [tier.model_dump(mode="json") for tier in inputs.tiers]
    if inputs.routes is not None:
        if inputs.routes and agreement.kind != codes.SLA:
            raise Invalid.field("routes", _("Only an SLA rests on other agreements."))
        _must_be_behind(inputs.routes)
        draft.routes = [list(route) for route in inputs.routes]


def _must_be_behind(routes: Sequence[Sequence[str]]) -> None:
    wanted = {one for route in routes for one in route}
    known = set(
        models.Agreement.objects.filter(code__in=wanted, kind__in=(codes.OLA, codes.UC)).values_list("code", flat=True)
    )
    for code in sorted(wanted - known):
        raise Invalid.field("routes", _("There is no OLA and no supplier's contract “%(code)s”.") % {"code": code})


def _must_make_sense(draft: models.Version) -> None:
    if draft.valid_until is not None and draft.valid_until < draft.valid_from:
        raise Invalid.field("valid_until", _("It would end before it begins."))
    if draft.review_on is not None and draft.review_on < draft.valid_from:
        raise Invalid.field("review_on", _("The review would come before it begins."))


def _targets(actor: Actor, draft: models.Version, wanted: Sequence[TargetInput]) -> list[models.Target]:
    """Targets as rows that are not kept yet; raises Invalid naming everything at fault."""
    metrics = {m.code: m for m in models.Metric.objects.order_by("code", "-version").distinct("code") if m.active}
    known = {one["code"] for one in calendars.calendars(actor, calendars.Asked(active=True, limit=MOST_CALENDARS))}
    made, errors = [], []
    for position, given in enumerate(wanted):
        found: list[tuple[str, str]] = []
        metric = metrics.get(given.metric)
        if metric is None:
            found.append(("metric", _("There is no metric “%(code)s”.") % {"code": given.metric}))
        if given.calendar not in known:
            found.append(("calendar", _("There is no calendar “%(code)s”.") % {"code": given.calendar}))
        try:
            _meant(given)
        except ClockFault as fault:
            field = "warn_at" if fault.code == "warning_out_of_range" else "amount"
            found.append((field, calendars.sentence(fault)))
        services: list[int] = []
        try:
            services = service_ids(actor, given.services, "services")
        except Invalid as no:
            found += [(error.field, error.message) for error in no.errors]
        outside = set(services) - set(draft.services) if draft.services else set()
        if outside:
            found.append(("services", _("This version does not cover all of these services.")))
        errors += [FieldError(f"targets.{position}.{field}", sentence) for field, sentence in found]
        if metric is not None and not found:
            made.append(_target(draft, position, metric, services, given))
    if errors:
        raise Invalid(errors[0].message if len(errors) == 1 else _("Some targets need another look."), errors=errors)
    return made


def _meant(given: TargetInput) -> None:
    """Raises ClockFault for a promise that cannot be meant."""
    Terms(given.metric, Target(given.kind, given.amount), given.calendar, warn_at=tuple(given.warn_at))


def _target(
    draft: models.Version, position: int, metric: models.Metric, services: list[int], given: TargetInput
) -> models.Target:
    pauses = given.pauses_on
    if pauses is None:
        pauses = _usual_pauses(metric)
    same = given.model_dump(
        include={
            "amount", "calendar", "priorities", "kinds", "criticalities", "on_change", "on_reopen", "breach_rule",
            "keep_breach", "warn_at", "goal_percent", "start_rule",
        }
    )  # fmt: skip
    return models.Target(
        version=draft, position=position, metric=metric, target_kind=given.kind, services=services, pauses_on=pauses,
        **same,
    )  # fmt: skip


def service_ids(actor: Actor, wanted: Sequence[str], field: str) -> list[int]:
    """Ids of active services the actor may know, in the order of their codes; raises Invalid on the field."""
    near = places.surroundings(actor)
    rows = sql.rows(
        "SELECT code, id, organisation_id FROM items_item WHERE item_class = 'service' AND active AND code = ANY(%s)",
        [list(wanted)],
    )
    known = {row[0]: row[1] for row in rows if near is None or row[2] in near}
    for code in wanted:
        if code not in known:
            raise Invalid.field(field, _("No service “%(code)s” is known here.") % {"code": code})
    return [known[code] for code in wanted]


def _service_codes(ids: set[int]) -> dict[int, str]:
    rows = sql.rows("SELECT id, code FROM items_item WHERE id = ANY(%s)", [sorted(ids)]) if ids else []
    return {row[0]: row[1] for row in rows}


def _as_long(began: date, day: date | None, begins: date) -> date | None:
    """The same distance from the new beginning."""
    return None if day is None else begins + max(timedelta(), day - began)
