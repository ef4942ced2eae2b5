"""Changing facts: the text, the classification, the service, the priority's grounds."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config.refusal import Forbidden, Invalid, WrongState
from quell.kernel.people.models import Person
from quell.practices.tasks import facade as tasks

from ..permissions import can_edit, can_lead
from ..rules.lifecycle import CANCELLED, CLOSED
from . import lookup
from .frame import incident_action, touch
from .report import Level, decided

#: What may still be corrected when the incident is closed (domain.md 4.2: classification, logged).
CORRECTIONS = frozenset({"category", "service", "cause_code"})


class Edit(Inputs):
    """Only the fields to change. `priority` overrides the matrix and needs `priority_note`; null returns to it."""

    title: str | None = Field(None, min_length=1, max_length=250)
    description: str | None = Field(None, max_length=100_000)
    impact: Level | None = None
    urgency: Level | None = None
    priority: Annotated[int, Field(ge=1, le=5, strict=True)] | None = None
    priority_note: str | None = Field(None, max_length=300)
    correction: str | None = Field(
        None,
        min_length=1,
        max_length=300,
        description="Why the priority had been wrong from the start: a lead's word. A promise broken under the wrong "
        "priority then counts no more (domain.md 5.5).",
    )
    category: str | None = Field(None, max_length=190)
    service: str | None = Field(None, max_length=60)
    requester: str | None = Field(None, max_length=254)
    owner: str | None = Field(None, max_length=254)
    affected_users: int | None = Field(None, ge=0, le=10_000_000, strict=True)
    cause_code: str | None = Field(None, max_length=30, pattern=r"^[a-z0-9_]*$")
    major: Annotated[bool, Field(strict=True)] | None = None


@incident_action("edit", allowed=can_edit, inputs=Edit, moves=False)
def edit(context: Context) -> None:
    """Change facts of the incident; the priority follows impact and urgency."""
    given = context.inputs.model_fields_set
    if not given:
        raise Invalid(_("Say what to change."))
    if context.record.state in (CLOSED, CANCELLED) and (given - CORRECTIONS):
        raise WrongState(_("This incident is closed: only its classification can be corrected."))
    _needed(context)
    _text(context)
    _classification(context)
    _people(context)
    _priority(context)
    touch(context)


def _needed(context: Context) -> None:
    """Fields that must have a value cannot be set to null."""
    for name in ("title", "description", "impact", "urgency", "requester", "owner", "affected_users", "major"):
        if name in context.inputs.model_fields_set and getattr(context.inputs, name) is None:
            raise Invalid.field(name, _("This is needed."))


def _text(context: Context) -> None:
    inputs, record = context.inputs, context.record
    for name in ("title", "description"):
        value = getattr(inputs, name)
        if value is not None and value != getattr(record, name):
            setattr(record, name, value)
            context.reindex = True


def _classification(context: Context) -> None:
    inputs, record, detail = context.inputs, context.record, context.detail
    given = inputs.model_fields_set
    if "category" in given:
        category = lookup.category(inputs.category, record.organisation_id) if inputs.category else None
        detail.category_id = category.pk if category else None
        if category is not None and record.is_open:
            context.after.append(partial(_filed, path=category.path))
    if "service" in given:
        record.service_id = lookup.service(inputs.service, record.organisation_id).pk if inputs.service else None
    for name in ("affected_users", "major"):
        if name in given:
            setattr(detail, name, getattr(inputs, name))
    if "cause_code" in given:
        detail.cause_code = inputs.cause_code or ""


def _filed(context: Context, path: str) -> None:
    """A category brings its tasks along (domain.md 4.2), in the language of the requester."""
    record = context.record
    language = Person.objects.values_list("language", flat=True).get(pk=record.requester_id)
    tasks.filed(record, path, language, context.now)


def _people(context: Context) -> None:
    """The requester can be corrected; the owner changes only by a lead's word (domain.md 4.1)."""
    inputs, record = context.inputs, context.record
    if inputs.requester is not None:
        record.requester_id = lookup.person(inputs.requester, "requester", context.actor).pk
    if inputs.owner is not None:
        if not (may := can_lead(context.actor, record)):
            raise Forbidden(may.reason)
        record.owner_id = lookup.person(inputs.owner, "owner", context.actor).pk


def _priority(context: Context) -> None:
    before = context.record.priority
    _decide(context)
    if context.inputs.correction is None:
        return
    if not (may := can_lead(context.actor, context.record)):
        raise Forbidden(may.reason)
    if context.record.priority == before:
        raise Invalid.field("correction", _("Say which priority, impact or urgency is right."))
    context.data |= {"correction": True, "reason": context.inputs.correction}


def _decide(context: Context) -> None:
    inputs, record, detail = context.inputs, context.record, context.detail
    given = inputs.model_fields_set
    detail.impact = inputs.impact or detail.impact
    detail.urgency = inputs.urgency or detail.urgency
    if "priority" in given and inputs.priority is not None:
        if not inputs.priority_note:
            raise Invalid.field("priority_note", _("Say why the priority differs from the matrix."))
        record.priority = inputs.priority
        detail.priority_source, detail.priority_note = "override", inputs.priority_note
        return
    back_to_matrix = "priority" in given
    reclassified = "impact" in given or "urgency" in given
    if back_to_matrix or (reclassified and detail.priority_source != "override"):
        detail.matrix_id, record.priority = decided(record.organisation_id, detail.impact, detail.urgency)
        detail.priority_source, detail.priority_note = "matrix", ""
