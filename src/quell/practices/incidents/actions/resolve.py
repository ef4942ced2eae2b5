"""Resolving, reopening, closing, cancelling: how an incident ends (domain.md 4.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.actions.run import run
from quell.kernel.config.refusal import FieldError, Forbidden, Invalid, WrongState
from quell.kernel.people.models import Person
from quell.kernel.records.models import OPEN, Record
from quell.practices.tasks import facade as tasks

from ..models import Category, Incident
from ..permissions import can_lead, can_settle, can_work, is_requester, works_on
from ..rules.codes import RESOLUTION_CODES, as_code
from ..rules.silence import close_due
from ..settings import (
    CLOSE_AFTER_WORKING_DAYS,
    OWNER_RESOLVES,
    REOPEN_WINDOW_DAYS,
    RESOLVE_CHILDREN_FIRST,
    RESOLVE_NEEDS_CATEGORY,
    RESOLVE_NEEDS_ITEM,
    RESOLVE_NEEDS_SERVICE,
)
from .frame import begin_work, incident_action, leave_hold


def _tidy(value: object) -> object:
    return as_code(value) if isinstance(value, str) else value


class Resolve(Inputs):
    """How it was resolved and, in words the requester reads, what was done."""

    resolution_code: Annotated[Literal[RESOLUTION_CODES], BeforeValidator(_tidy)]  # type: ignore[valid-type]
    resolution: str = Field(min_length=1, max_length=100_000)
    cause_code: Annotated[str, BeforeValidator(_tidy), Field(max_length=30, pattern=r"^[a-z0-9_]*$")] = ""
    children: bool = Field(False, strict=True, description="Resolve its open child incidents with the same words.")


class Reason(Inputs):
    """Why."""

    reason: str = Field(min_length=1, max_length=5000)


@incident_action("resolve", allowed=can_work, inputs=Resolve, public=True)
def resolve(context: Context) -> None:
    """Resolve: the service works again, by a cure or a crutch."""
    inputs, record, detail = context.inputs, context.record, context.detail
    _seen_through(context)
    _complete_enough(context)
    begin_work(context)
    leave_hold(context)
    detail.resolution_code, detail.resolution = inputs.resolution_code, inputs.resolution
    detail.cause_code = inputs.cause_code or detail.cause_code
    record.resolved_at = context.now
    detail.close_due_at = close_due(context.now, CLOSE_AFTER_WORKING_DAYS.get(record.organisation_id))
    context.index_public.append(inputs.resolution)
    if inputs.children:
        context.after.append(_resolve_children)


def _seen_through(context: Context) -> None:
    """Where the organisation wants it so, whoever took the first contact sees it through (domain.md 4.1)."""
    record, actor = context.record, context.actor
    if actor.is_house or record.owner_id in (None, actor.person_id) or can_lead(actor, record):
        return
    if works_on(actor, record) and OWNER_RESOLVES.get(record.organisation_id):
        name = Person.objects.values_list("name", flat=True).get(pk=record.owner_id)
        raise Forbidden(_("Only the owner resolves and closes this. Ask %(name)s.") % {"name": name})


def _complete_enough(context: Context) -> None:
    """What the organisation wants known before something counts as resolved."""
    record, detail = context.record, context.detail
    missing = []
    if detail.category_id is None and RESOLVE_NEEDS_CATEGORY.get(record.organisation_id):
        missing.append(FieldError("category", _("Choose a category first.")))
    if record.service_id is None and RESOLVE_NEEDS_SERVICE.get(record.organisation_id):
        missing.append(FieldError("service", _("Choose the service first.")))
    missing += _work_left(record, detail)
    missing += [] if context.inputs.children else _children_left(record)
    needs_item = detail.impact <= 2 and RESOLVE_NEEDS_ITEM.get(record.organisation_id)
    if needs_item and not record.record_items.exists():
        missing.append(FieldError("items", _("Name the item at fault first.")))
    if missing:
        alone = len(missing) == 1 and missing[0].field == "tasks"
        sentence = missing[0].message if alone else _("Some facts are needed before this can be resolved.")
        raise Invalid(sentence, errors=missing)


def _work_left(record: Record, detail: Incident) -> list[FieldError]:
    """Open tasks, required lines nobody has ticked, and what the category demands and was never added."""
    left = [f"{one.number} {one.title}".strip() for one in tasks.missing(record.pk)]
    if detail.category_id is not None:
        path = Category.objects.values_list("path", flat=True).get(pk=detail.category_id)
        left += tasks.needed(record.pk, record.organisation_id, path)
    if not left:
        return []
    return [FieldError("tasks", _("Still to be done: %(tasks)s.") % {"tasks": "; ".join(left)})]


def _open_children(record: Record) -> QuerySet[Record]:
    return Record.objects.filter(parent=record, kind="incident", state_category__in=OPEN).order_by("pk")


def _children_left(record: Record) -> list[FieldError]:
    """Open children, where the organisation lets a parent go only with them."""
    if not RESOLVE_CHILDREN_FIRST.get(record.organisation_id):
        return []
    left = ", ".join(_open_children(record).values_list("number", flat=True))
    if not left:
        return []
    return [
        FieldError("children", _("Resolve its open children as well, or detach them: %(numbers)s.") % {"numbers": left})
    ]


def _resolve_children(context: Context) -> None:
    """Each child is resolved by itself, with its own line of history and its own notice to its requester."""
    inputs = context.inputs.model_copy(update={"children": False})
    for number in _open_children(context.record).values_list("number", flat=True):
        run("incidents.resolve", context.actor, number, inputs, now=context.now)


@incident_action("reopen", allowed=can_settle, inputs=Reason, public=True)
def reopen(context: Context) -> None:
    """Reopen: it is not fixed after all."""
    record, detail = context.record, context.detail
    window = timedelta(days=REOPEN_WINDOW_DAYS.get(record.organisation_id))
    if record.resolved_at is not None and context.now > record.resolved_at + window:
        raise WrongState(_("The time for reopening has passed. Report a new incident; it can be linked to this one."))
    record.resolved_at = None
    detail.close_due_at = None
    detail.reopen_count += 1
    context.data["reason"] = context.inputs.reason
    context.index_public.append(context.inputs.reason)


@incident_action("close", allowed=can_settle, public=True)
def close(context: Context) -> None:
    """Close: the requester confirms, or nobody objected."""
    if not is_requester(context.actor, context.record):
        _seen_through(context)
    context.record.closed_at = context.now
    context.detail.close_due_at = None


@incident_action("cancel", allowed=can_settle, inputs=Reason, public=True)
def cancel(context: Context) -> None:
    """Cancel: raised in error, or withdrawn."""
    leave_hold(context)
    context.record.closed_at = context.now
    context.detail.close_due_at = None
    context.data["reason"] = context.inputs.reason
