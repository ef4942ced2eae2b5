"""Skills: the list of them, and how well people know them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places, subjects
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import Conflict, FieldError, Forbidden

from ..models import Competence, Skill
from ..permissions import can_rate, can_rule
from . import naming
from .inputs import NewSkill, Ratings

SUBJECT = "skill"


def create_skill(actor: Actor, data: Mapping[str, Any] | BaseModel) -> str:
    """A new skill; returns its code. Raises Forbidden, Invalid, Conflict (known code)."""
    inputs = parse(NewSkill, data)
    with transaction.atomic():
        place = places.organisation(actor, inputs.organisation) if inputs.organisation else None
        if not (may := can_rule(actor, place.pk if place else None)):
            raise Forbidden(may.reason)
        if Skill.objects.filter(code=inputs.code).exists():
            sentence = _("The code “%(code)s” is taken.") % {"code": inputs.code}
            raise Conflict(sentence, errors=[FieldError("code", sentence)])
        made = Skill.objects.create(code=inputs.code, name=inputs.name, organisation=place)
        said = {"code": made.code, "name": made.name}
        subjects.note("create", actor, SUBJECT, made.pk, place.pk if place else None, version=1, data=said)
    return made.code


def set_skill_active(actor: Actor, code: str, active: bool) -> None:
    """Take a skill out of use, or back. Raises NotFound, Forbidden."""
    with transaction.atomic():
        found = Skill.objects.select_for_update().filter(code=code).first()
        near = places.surroundings(actor)
        if found is None or not (near is None or found.organisation_id is None or found.organisation_id in near):
            raise places.unknown(code)
        if not (may := can_rule(actor, found.organisation_id)):
            raise Forbidden(may.reason)
        if changes := subjects.put(found, {"active": active}):
            current = subjects.version_of(SUBJECT, found.pk)
            verb = "activate" if active else "deactivate"
            subjects.note(verb, actor, SUBJECT, found.pk, found.organisation_id, version=current + 1, changes=changes)


def rate(actor: Actor, email: str, data: Mapping[str, Any] | BaseModel) -> None:
    """Say how well somebody knows some skills; level 0 takes it away. Raises NotFound, Forbidden, Invalid."""
    inputs = parse(Ratings, data)
    with transaction.atomic():
        person = naming.of_address(actor, email)
        if not (may := can_rate(actor, person.organisation_id)):
            raise Forbidden(may.reason)
        known = naming.skills(actor, list(inputs.skills), "skills")
        held = {
            row.skill_id: row
            for row in Competence.objects.select_for_update().filter(person=person, skill__in=known.values())
        }
        changes: dict[str, list[Any]] = {}
        for code, rating in inputs.skills.items():
            skill, row = known[code], held.get(known[code].pk)
            before = (row.level, row.certified_until) if row else (0, None)
            if before == (rating.level, rating.certified_until):
                continue
            changes[code] = [before[0], rating.level]
            if rating.level == 0:
                Competence.objects.filter(person=person, skill=skill).delete()
            else:
                Competence.objects.update_or_create(
                    person=person,
                    skill=skill,
                    defaults={"level": rating.level, "certified_until": rating.certified_until},
                )
        if changes:
            current = subjects.version_of("competence", person.pk)
            subjects.note(
                "edit", actor, "competence", person.pk, person.organisation_id, version=current + 1, changes=changes
            )
