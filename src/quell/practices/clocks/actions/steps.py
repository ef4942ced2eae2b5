"""Steps of the escalation matrix: made, changed, removed, and begun from those the house ships (capability SL08)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.actions.directory import places, subjects
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs, get
from quell.kernel.config.refusal import Conflict, Invalid, Refusal
from quell.kernel.people.models import Person, Role
from quell.practices.agreements import facade as agreements

from ..models import EscalationStep
from ..queries.matrix import of_place
from ..queries.steps import shipped
from ..rules.escalating import ROLE, known

SUBJECT = "escalation_step"
#: What a step may do to a record beside telling people.
VERBS = ("assign", "transfer", "edit", "escalate", "comment")
Flag = Annotated[bool, Field(strict=True)]
Kinds = Annotated[list[Literal["sla", "ola", "uc"]], Field(max_length=3)]
Codes = Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=50)]
Priorities = Annotated[list[Annotated[int, Field(strict=True, ge=1, le=5)]], Field(max_length=5)]
Audiences = Annotated[list[Annotated[str, Field(min_length=1, max_length=80)]], Field(max_length=20)]
Percent = Annotated[int, Field(strict=True, ge=1, le=1000)]
Verb = Literal["", "assign", "transfer", "edit", "escalate", "comment"]


class NewEscalationStep(Inputs):
    """A step: at so much of a promise, who hears of it and what is done beside. Empty lists mean any; without an
    organisation it is for the whole instance."""

    organisation: str | None = Field(None, max_length=60)
    percent: Percent
    agreement_kinds: Kinds = Field(default_factory=list)
    metrics: Codes = Field(default_factory=list)
    priorities: Priorities = Field(default_factory=list)
    audiences: Audiences = Field(default_factory=list)
    verb: Verb = ""
    inputs: dict[str, Any] = Field(default_factory=dict)
    active: Flag = True


class EscalationStepChange(Inputs):
    """Only what is to change."""

    percent: Percent | None = None
    agreement_kinds: Kinds | None = None
    metrics: Codes | None = None
    priorities: Priorities | None = None
    audiences: Audiences | None = None
    verb: Verb | None = None
    inputs: dict[str, Any] | None = None
    active: Flag | None = None


def create_step(actor: Actor, data: Mapping[str, Any] | BaseModel) -> int:
    """A new step; returns its id. `data` as `NewEscalationStep`. Raises Forbidden, Invalid."""
    inputs = parse(NewEscalationStep, data)
    with transaction.atomic():
        place = None if inputs.organisation is None else places.organisation(actor, inputs.organisation).pk
        places.must_manage(actor, SETTINGS_MANAGE, place)
        step = EscalationStep(organisation_id=place, **inputs.model_dump(exclude={"organisation"}))
        _check(actor, step)
        step.save()
        subjects.note("create", actor, SUBJECT, step.pk, place, version=1, data=_told(step))
    return step.pk


def edit_step(actor: Actor, step_id: int, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Change what is given. `data` as `EscalationStepChange`. Raises NotFound, Forbidden, Invalid, Stale."""
    inputs = parse(EscalationStepChange, data)
    values = {name: getattr(inputs, name) for name in inputs.model_fields_set if getattr(inputs, name) is not None}
    if not values:
        raise Invalid(_("Say what to change."))
    with transaction.atomic():
        step, current = _locked(actor, step_id, version)
        if values.get("verb", step.verb) != step.verb:
            values.setdefault("inputs", {})
        changes = subjects.put(step, values)
        _check(actor, step)
        if changes:
            organisation_id = step.organisation_id
            subjects.note(
                "edit", actor, SUBJECT, step.pk, organisation_id, version=current + 1, changes=changes, data=_told(step)
            )


def delete_step(actor: Actor, step_id: int, *, version: int | None = None) -> None:
    """Remove a step; where none is left, those of the organisation above, or the house's own, hold again. Raises
    NotFound, Forbidden, Stale."""
    with transaction.atomic():
        step, current = _locked(actor, step_id, version)
        told = _told(step)
        step.delete()
        subjects.note("remove", actor, SUBJECT, step_id, step.organisation_id, version=current + 1, data=told)


def copy_shipped(actor: Actor, organisation: str | None) -> list[int]:
    """The house's own steps as steps of a place, to be changed there; returns their ids. Raises Forbidden, and Conflict
    where there are steps already."""
    with transaction.atomic():
        place = None if not organisation else places.organisation(actor, organisation).pk
        places.must_manage(actor, SETTINGS_MANAGE, place)
        if of_place(place):
            raise Conflict(_("There are steps here already."))
        return [
            create_step(
                actor, {"organisation": organisation or None, "percent": one.percent, "audiences": list(one.audiences)}
            )
            for one in shipped()
        ]


def _locked(actor: Actor, step_id: int, version: int | None) -> tuple[EscalationStep, int]:
    step = EscalationStep.objects.select_for_update().filter(pk=step_id).first()
    if step is None or not (
        places.manages(actor, SETTINGS_MANAGE, step.organisation_id) or (step.organisation_id is None and _looks(actor))
    ):
        raise places.unknown(str(step_id))
    places.must_manage(actor, SETTINGS_MANAGE, step.organisation_id)
    return step, subjects.check_version(SUBJECT, step.pk, version)


def _looks(actor: Actor) -> bool:
    """May the actor look at the steps of the whole instance, because they hold for an organisation of theirs?"""
    scope = actor.scope(SETTINGS_MANAGE)
    return scope.everywhere or bool(scope.organisations)


def _check(actor: Actor, step: EscalationStep) -> None:
    """Raises Invalid for people, metrics and verbs that are not there."""
    if not step.audiences and not step.verb:
        raise Invalid.field("audiences", _("Say who hears of it, or what is done."))
    for word in step.audiences:
        _check_audience(actor, word)
    metrics = agreements.book().metrics
    for code in step.metrics:
        if code not in metrics:
            raise Invalid.field("metrics", _("There is no metric “%(code)s”.") % {"code": code})
    if step.verb:
        _check_inputs(step.verb, step.inputs)
    elif step.inputs:
        raise Invalid.field("inputs", _("Say what is done."))


def _check_audience(actor: Actor, word: str) -> None:
    unknown = Invalid.field("audiences", _("Nobody is meant by “%(word)s”.") % {"word": word})
    if not known(word):
        raise unknown
    if word.startswith(ROLE) and not Role.objects.filter(code=word.removeprefix(ROLE)).exists():
        raise unknown
    if "@" in word:
        reach = places.reach(actor)
        found = Person.objects.filter(email=word.lower(), is_active=True).first()
        if found is None or not (reach is None or found.organisation_id in reach):
            raise unknown


def _check_inputs(verb: str, inputs: Mapping[str, Any]) -> None:
    """What the verb itself would refuse at any record is refused here."""
    try:
        asked = parse(get(f"incidents.{verb}").inputs, inputs)
    except Refusal as no:
        raise Invalid.field("inputs", "; ".join(error.message for error in no.errors) or no.sentence) from None
    if verb == "comment" and getattr(asked, "visibility", "") != "internal":
        raise Invalid.field("inputs", _("The house writes notes among colleagues only."))


def _told(step: EscalationStep) -> dict[str, Any]:
    return {"name": f"{step.percent} %", "percent": step.percent, "verb": step.verb, "audiences": list(step.audiences)}
