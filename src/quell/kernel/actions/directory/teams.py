"""Making, changing, deactivating teams and their membership."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import PEOPLE_MANAGE
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import Conflict, FieldError, Invalid
from quell.kernel.people.models import Membership, Person, Team

from . import places, subjects
from .inputs import NewTeam, TeamChange

SUBJECT = "team"


def create_team(actor: Actor, data: Mapping[str, Any] | BaseModel) -> str:
    """A new team; returns its code. `data` as `NewTeam`. Raises Invalid, Forbidden, Conflict (known code)."""
    inputs = parse(NewTeam, data)
    with transaction.atomic():
        organisation = places.organisation(actor, inputs.organisation)
        places.must_manage(actor, PEOPLE_MANAGE, organisation.pk)
        if Team.objects.filter(code=inputs.code).exists():
            sentence = _("The code “%(code)s” is taken.") % {"code": inputs.code}
            raise Conflict(sentence, errors=[FieldError("code", sentence)])
        team = Team.objects.create(code=inputs.code, name=inputs.name, organisation=organisation)
        _put_members(actor, team, inputs.members, inputs.leads)
        said = {"code": team.code, "name": team.name, "members": inputs.members, "leads": inputs.leads}
        subjects.note("create", actor, SUBJECT, team.pk, organisation.pk, version=1, data=said)
    return team.code


def edit_team(actor: Actor, code: str, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Change what is given. `data` as `TeamChange`; raises NotFound, Forbidden, Invalid, Stale."""
    inputs = parse(TeamChange, data)
    with transaction.atomic():
        team, current = _locked(actor, code, version)
        if not inputs.model_fields_set:
            raise Invalid(_("Say what to change."))
        changes = subjects.put(team, {"name": inputs.name} if inputs.name is not None else {})
        if inputs.members is not None or inputs.leads is not None:
            before = _members(team)
            leads = inputs.leads if inputs.leads is not None else [email for email, lead in before if lead]
            members = inputs.members if inputs.members is not None else [email for email, _lead in before]
            if inputs.members is not None and inputs.leads is None:
                leads = [email for email in leads if email in {m.strip().lower() for m in members}]
            _put_members(actor, team, members, leads)
            after = _members(team)
            if before != after:
                changes["members"] = [[list(pair) for pair in before], [list(pair) for pair in after]]
        if changes:
            subjects.note("edit", actor, SUBJECT, team.pk, team.organisation_id, version=current + 1, changes=changes)


def deactivate_team(actor: Actor, code: str, *, version: int | None = None) -> None:
    """Nothing new goes to the team; what it holds stays until somebody takes it."""
    _set_active(actor, code, False, version)


def activate_team(actor: Actor, code: str, *, version: int | None = None) -> None:
    """The team takes work again."""
    _set_active(actor, code, True, version)


def _set_active(actor: Actor, code: str, active: bool, version: int | None) -> None:
    with transaction.atomic():
        team, current = _locked(actor, code, version)
        if changes := subjects.put(team, {"active": active}):
            verb = "activate" if active else "deactivate"
            subjects.note(verb, actor, SUBJECT, team.pk, team.organisation_id, version=current + 1, changes=changes)


def _locked(actor: Actor, code: str, version: int | None) -> tuple[Team, int]:
    team = Team.objects.select_for_update().filter(code=code).first()
    near = places.surroundings(actor)
    if team is None or (near is not None and team.organisation_id not in near):
        raise places.unknown(code)
    places.must_manage(actor, PEOPLE_MANAGE, team.organisation_id)
    return team, subjects.check_version(SUBJECT, team.pk, version)


def _members(team: Team) -> list[tuple[str, bool]]:
    return list(Membership.objects.filter(team=team).order_by("person__email").values_list("person__email", "lead"))


def _put_members(actor: Actor, team: Team, members: Sequence[str], leads: Sequence[str]) -> None:
    """Make the membership exactly these; newcomers must be people the actor may know."""
    leading = {email.strip().lower() for email in leads}
    wanted = {email.strip().lower() for email in members} | leading
    present = {m.person.email: m for m in Membership.objects.filter(team=team).select_related("person")}
    newcomers = _people(actor, sorted(wanted - set(present)), leading)
    Membership.objects.filter(pk__in=[m.pk for email, m in present.items() if email not in wanted]).delete()
    for email, membership in present.items():
        if email in wanted and membership.lead != (email in leading):
            membership.lead = email in leading
            membership.save(update_fields=["lead"])
    Membership.objects.bulk_create(
        Membership(team=team, person_id=person_id, lead=email in leading) for email, person_id in newcomers.items()
    )


def _people(actor: Actor, emails: Sequence[str], leading: set[str]) -> dict[str, int]:
    near = places.reach(actor)
    people = Person.objects.filter(email__in=emails, is_active=True)
    if near is not None:
        people = people.filter(organisation_id__in=near)
    found = dict(people.values_list("email", "id"))
    errors = [
        FieldError(
            "leads" if email in leading else "members",
            _("Nobody with the address “%(email)s” is known here.") % {"email": email},
        )
        for email in emails
        if email not in found
    ]
    if errors:
        raise Invalid(errors[0].message, errors=errors)
    return found
