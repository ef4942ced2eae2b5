"""What is measured: making a metric, and changing one, which makes its next version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places, subjects
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import Conflict, FieldError, Forbidden, Invalid, Stale

from ..models import Metric
from ..permissions import can_measure
from ..queries import conditions
from . import revise
from .inputs import MetricChange, NewMetric

SUBJECT = "metric"
CONTENT = (
    "name", "description", "kinds", "start", "stop", "pauses", "reset", "cancel", "recurring", "per_holder", "active",
)  # fmt: skip


def create_metric(actor: Actor, data: Mapping[str, Any] | BaseModel) -> str:
    """A metric of one's own; returns its code. `data` as `NewMetric`. Raises Invalid (a condition with its place),
    Forbidden, Conflict."""
    inputs = parse(NewMetric, data)
    with transaction.atomic():
        _must_measure(actor)
        _check(inputs.model_dump())
        if Metric.objects.filter(code=inputs.code).exists():
            sentence = _("The code “%(code)s” is taken.") % {"code": inputs.code}
            raise Conflict(sentence, errors=[FieldError("code", sentence)])
        made = Metric.objects.create(
            **inputs.model_dump(), version=1, created_by_id=actor.person_id, created_at=datetime.now(UTC)
        )
        revise.bump()
        said = inputs.model_dump(exclude_unset=True)
        subjects.note("create", actor, SUBJECT, made.pk, None, version=1, data=said)
    return inputs.code


def change_metric(actor: Actor, code: str, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> int:
    """Make the next version of a metric; returns its number. What has been agreed keeps the version it was agreed
    with. `data` as `MetricChange`; raises NotFound, Invalid, Forbidden, Stale."""
    inputs = parse(MetricChange, data)
    with transaction.atomic():
        _must_measure(actor)
        # The first version stands for the metric: it is locked by whoever makes the next one.
        first = Metric.objects.select_for_update().filter(code=code, version=1).first()
        if first is None:
            raise places.unknown(code)
        # Those that ship have versions without a line of history, so the newest row says which is the present one.
        present = Metric.objects.filter(code=code).order_by("-version")[0]
        if version is not None and version != present.version:
            raise Stale(_("Somebody changed this in the meantime. Your text is safe."), version=present.version)
        before = {name: getattr(present, name) for name in CONTENT}
        given = {name: getattr(inputs, name) for name in inputs.model_fields_set}
        after = {**before, **{name: value for name, value in given.items() if value is not None}}
        if not given:
            raise Invalid(_("Say what to change."))
        changes = {name: [before[name], after[name]] for name in CONTENT if before[name] != after[name]}
        if not changes:
            return present.version
        _check(after)
        Metric.objects.create(
            **after,
            code=code,
            version=present.version + 1,
            shipped=present.shipped,
            created_by_id=actor.person_id,
            created_at=datetime.now(UTC),
        )
        revise.bump()
        subjects.note(
            "edit", actor, SUBJECT, first.pk, None, version=present.version + 1, changes=changes,
            data={"name": after["name"]},
        )  # fmt: skip
        return present.version + 1


def _must_measure(actor: Actor) -> None:
    verdict = can_measure(actor)
    if not verdict:
        raise Forbidden(verdict.reason)


def _check(content: Mapping[str, Any]) -> None:
    """Every condition can be read; raises Invalid naming each, with the place of the fault."""
    texts = {name: content[name] for name in ("start", "stop", "reset", "cancel") if content[name]}
    pauses = {f"pauses.{reason}": text for reason, text in content["pauses"].items()}
    empty = [FieldError(name, _("This is needed.")) for name, text in pauses.items() if not text]
    errors = [*conditions.faults({**texts, **{name: text for name, text in pauses.items() if text}}), *empty]
    if errors:
        raise Invalid(errors[0].message if len(errors) == 1 else _("Some conditions need another look."), errors=errors)
