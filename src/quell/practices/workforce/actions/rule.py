"""The rules of assignment of an organisation: an ordered list that is kept as a whole, and drafts for trying out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places, subjects
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import FieldError, Forbidden, Invalid, Refusal
from quell.kernel.people.models import Organisation
from quell.practices.incidents import facade as incidents

from ..models import Rule
from ..permissions import can_rule
from . import naming
from .inputs import RuleInput, RuleList

SUBJECT = "assignment_rules"


def put_rules(actor: Actor, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Make the rules of an organisation exactly these, in this order. All or none: raises Forbidden, Invalid naming
    `rules.0.team` and the like, Stale when somebody else changed them since `version`."""
    inputs = parse(RuleList, data)
    with transaction.atomic():
        place = places.organisation(actor, inputs.organisation)
        if not (may := can_rule(actor, place.pk)):
            raise Forbidden(may.reason)
        Organisation.objects.select_for_update(no_key=True).get(pk=place.pk)
        current = subjects.check_version(SUBJECT, place.pk, version)
        before = [_plain(rule) for rule in _kept(place.pk)]
        made = drafts(actor, place, inputs.rules)
        fired = {rule.name: (rule.fired, rule.fired_at) for rule in _kept(place.pk)}
        for rule in made:
            rule.fired, rule.fired_at = fired.get(rule.name, (0, None))
        Rule.objects.filter(organisation=place).delete()
        Rule.objects.bulk_create(made)
        after = [_plain(rule) for rule in made]
        if before != after:
            subjects.note(
                "edit", actor, SUBJECT, place.pk, place.pk, version=current + 1, changes={"rules": [before, after]}
            )


def drafts(actor: Actor, place: Organisation, wanted: Sequence[RuleInput]) -> list[Rule]:
    """Rules as rows that are not kept yet; raises Invalid naming everything at fault."""
    made, errors = [], []
    for position, given in enumerate(wanted):
        try:
            made.append(_draft(actor, place, position, given))
        except Refusal as fault:
            errors += [FieldError(f"rules.{position}.{e.field}", e.message) for e in fault.errors]
    names = [given.name for given in wanted]
    for position, name in enumerate(names):
        if name in names[:position]:
            errors.append(FieldError(f"rules.{position}.name", _("Another rule has this name.")))
    if errors:
        raise Invalid(errors[0].message if len(errors) == 1 else _("Some rules need another look."), errors=errors)
    return made


def _draft(actor: Actor, place: Organisation, position: int, given: RuleInput) -> Rule:
    if missing := given.leads_somewhere():
        sentence = _("Say which team.") if missing == "team" else _("Say which person.")
        raise Invalid.field(missing, sentence)
    team = places.team(actor, given.team, "team") if given.team else None
    person = naming.somebody(actor, given.person) if given.person else None
    naming.skills(actor, list(given.needs), "needs")
    conditions = given.conditions.model_dump(exclude_none=True)
    _known(actor, place, conditions)
    return Rule(
        organisation=place, position=position, name=given.name, active=given.active, conditions=conditions, team=team,
        policy=given.policy, person=person, needs=given.needs,
    )  # fmt: skip


def _known(actor: Actor, place: Organisation, conditions: Mapping[str, Any]) -> None:
    """Values that do not exist would make a rule that never holds, and nobody would notice."""
    choices = {
        "category": {path for path, _name in incidents.categories(place.pk)},
        "language": {code for code, _name in settings.LANGUAGES},
        "channel": set(incidents.CHANNELS),
    }
    for fact, known in choices.items():
        for value in conditions.get(fact, ()):
            if value not in known:
                raise Invalid.field(f"conditions.{fact}", _("“%(value)s” is not known here.") % {"value": value})
    for code in conditions.get("organisation", ()):
        places.organisation(actor, code, "conditions.organisation")
    for code in conditions.get("service", ()):
        incidents.known_service(code, place.pk, "conditions.service")


def _kept(organisation_id: int) -> list[Rule]:
    return list(Rule.objects.filter(organisation_id=organisation_id).select_related("team", "person"))


def _plain(rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "active": rule.active,
        "conditions": rule.conditions,
        "team": rule.team.code if rule.team else None,
        "policy": rule.policy,
        "person": rule.person.email if rule.person else None,
        "needs": rule.needs,
    }
