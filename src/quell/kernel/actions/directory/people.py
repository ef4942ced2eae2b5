"""Making, changing, deactivating people. Each function is one transaction and leaves one line of history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import PEOPLE_MANAGE
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import Conflict, FieldError, Forbidden, Invalid
from quell.kernel.notify import devices
from quell.kernel.people.models import ApiToken, Membership, Organisation, Person, RoleGrant, Team

from . import grants, places, subjects
from .chain import above, money
from .inputs import NewPerson, PersonChange

SUBJECT = "person"
_PLAIN = ("email", "name", "language", "timezone", "phone", "job_title", "vip")


def create_person(actor: Actor, data: Mapping[str, Any] | BaseModel) -> str:
    """A new person; returns the e-mail. `data` as `NewPerson`. Raises Invalid, Forbidden, Conflict (known address)."""
    inputs = parse(NewPerson, data)
    with transaction.atomic():
        organisation = places.organisation(actor, inputs.organisation)
        places.must_manage(actor, PEOPLE_MANAGE, organisation.pk)
        teams = _teams(actor, inputs.teams)
        rows = grants.wanted(actor, organisation, inputs.roles, teams)
        _must_be_free(inputs.email)
        person = Person(organisation=organisation, **{name: getattr(inputs, name) for name in _PLAIN})
        person.manager_id = above(actor, None, inputs.manager)
        person.approval_limit, person.approval_currency = money(inputs.approval_limit, inputs.approval_currency)
        _set_password(person, inputs.password)
        person.save()
        Membership.objects.bulk_create(Membership(team=team, person=person) for team in teams)
        grants.replace(actor, person, rows)
        roles = [grant.role for grant in inputs.roles]
        said = {"email": person.email, "name": person.name, "roles": roles, "teams": inputs.teams}
        subjects.note("create", actor, SUBJECT, person.pk, organisation.pk, version=1, data=said)
    return person.email


def edit_person(actor: Actor, email: str, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> str:
    """Change what is given; returns the (perhaps new) e-mail. `data` as `PersonChange`; raises NotFound, Forbidden,
    Invalid, Conflict, Stale."""
    inputs = parse(PersonChange, data)
    given = {name for name in inputs.model_fields_set if getattr(inputs, name) is not None}
    with transaction.atomic():
        person, current = _locked(actor, email, version)
        if not inputs.model_fields_set:
            raise Invalid(_("Say what to change."))
        values: dict[str, Any] = {name: getattr(inputs, name) for name in _PLAIN if name in given}
        if "email" in given and inputs.email != person.email:
            _must_be_free(str(inputs.email))
        if inputs.organisation is not None:
            organisation = places.organisation(actor, inputs.organisation)
            places.must_manage(actor, PEOPLE_MANAGE, organisation.pk)
            values["organisation_id"] = organisation.pk
        if "manager" in inputs.model_fields_set:
            values["manager_id"] = above(actor, person, inputs.manager)
        if inputs.model_fields_set & {"approval_limit", "approval_currency"}:
            values |= _decides(person, inputs)
        changes = subjects.put(person, values)
        if "manager" in changes:  # told by address, as the manager is given
            known = dict(
                Person.objects.filter(pk__in=[pk for pk in changes["manager"] if pk]).values_list("pk", "email")
            )
            changes["manager"] = [known.get(pk) for pk in changes["manager"]]
        changes |= _belonging(actor, person, inputs)
        said: dict[str, Any] = {}
        if inputs.password is not None:
            _set_password(person, inputs.password)
            person.save(update_fields=["password"])
            end_sessions(person)
            said["password"] = True
        if changes or said:
            _note(actor, "edit", person, current, changes, said)
    return person.email


def deactivate_person(actor: Actor, email: str, *, version: int | None = None) -> None:
    """Shut a person out at once: sessions end, tokens are revoked, nobody can choose them any more. Their history
    stays. Raises NotFound, Forbidden, Conflict (oneself, or the last administrator), Stale."""
    with transaction.atomic():
        person, current = _locked(actor, email, version)
        if person.pk == actor.person_id:
            raise Conflict(_("You cannot deactivate yourself."))
        if not person.is_active:
            return
        person.is_active = False
        person.save(update_fields=["is_active"])
        if RoleGrant.objects.filter(person=person, organisation=None).exists():
            grants.must_leave_an_administrator()
        end_sessions(person)
        devices.end_all([person.pk])
        ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=datetime.now(UTC))
        changes = {"active": [True, False]}
        _note(actor, "deactivate", person, current, changes)


def activate_person(actor: Actor, email: str, *, version: int | None = None) -> None:
    """Let a person in again. Their old tokens stay revoked."""
    with transaction.atomic():
        person, current = _locked(actor, email, version)
        if person.is_active:
            return
        person.is_active = True
        person.save(update_fields=["is_active"])
        changes = {"active": [False, True]}
        _note(actor, "activate", person, current, changes)


def end_sessions(person: Person) -> int:
    """Sign a person out everywhere; returns how many sessions there were."""
    wanted = str(person.pk)
    mine = [
        session.session_key
        for session in Session.objects.filter(expire_date__gt=datetime.now(UTC)).iterator()
        if session.get_decoded().get("_auth_user_id") == wanted
    ]
    Session.objects.filter(session_key__in=mine).delete()
    return len(mine)


def in_charge_of(actor: Actor, email: str) -> Person:
    """The person, locked, if the actor may change their account. Raises NotFound, Forbidden."""
    return _locked(actor, email, None)[0]


def _locked(actor: Actor, email: str, version: int | None) -> tuple[Person, int]:
    person = Person.objects.select_for_update().filter(email=email.strip().lower()).first()
    near = places.reach(actor)
    if person is None or (near is not None and person.organisation_id not in near and person.pk != actor.person_id):
        raise places.unknown(email)
    places.must_manage(actor, PEOPLE_MANAGE, person.organisation_id)
    grants.must_outrank(actor, person)
    return person, subjects.check_version(SUBJECT, person.pk, version)


def _note(
    actor: Actor,
    verb: str,
    person: Person,
    current: int,
    changes: Mapping[str, Any],
    said: Mapping[str, Any] | None = None,
) -> None:
    place = person.organisation_id
    subjects.note(verb, actor, SUBJECT, person.pk, place, version=current + 1, changes=changes, data=said)


def _decides(person: Person, inputs: PersonChange) -> dict[str, Any]:
    """On how much they decide from now on; what is not said stays."""
    given = inputs.model_fields_set
    limit = inputs.approval_limit if "approval_limit" in given else person.approval_limit
    currency = inputs.approval_currency if inputs.approval_currency is not None else person.approval_currency
    limit, currency = money(limit, "" if limit is None and "approval_currency" not in given else currency)
    return {"approval_limit": limit, "approval_currency": currency}


def _belonging(actor: Actor, person: Person, inputs: PersonChange) -> dict[str, list[Any]]:
    """Teams first, for they narrow the role `agent`; then roles."""
    changes: dict[str, list[Any]] = {}
    if inputs.teams is not None:
        before = sorted(Team.objects.filter(memberships__person=person).values_list("code", flat=True))
        teams = _teams(actor, [code for code in inputs.teams if code not in before])
        kept = Team.objects.filter(code__in=[code for code in inputs.teams if code in before])
        leaving = Membership.objects.filter(person=person).exclude(team__in=[*teams, *kept])
        for organisation_id in leaving.values_list("team__organisation_id", flat=True):
            places.must_manage(actor, PEOPLE_MANAGE, organisation_id)
        leaving.delete()
        Membership.objects.bulk_create((Membership(team=t, person=person) for t in teams), ignore_conflicts=True)
        after = sorted(dict.fromkeys(inputs.teams))
        if before != after:
            changes["teams"] = [before, after]
    if inputs.roles is not None:
        home = Organisation.objects.get(pk=person.organisation_id)
        narrowing = list(Team.objects.filter(code__in=inputs.teams or []).select_related("organisation"))
        if moved := grants.replace(actor, person, grants.wanted(actor, home, inputs.roles, narrowing)):
            if person.pk == actor.person_id and not set(moved[0]) & set(moved[1]):
                raise Forbidden(_("You cannot take all your own roles away."))
            changes["roles"] = [moved[0], moved[1]]
    return changes


def _teams(actor: Actor, codes: Sequence[str]) -> list[Team]:
    """Teams to put somebody into: the actor manages each team's organisation."""
    teams = [places.team(actor, code) for code in dict.fromkeys(codes)]
    for team in teams:
        places.must_manage(actor, PEOPLE_MANAGE, team.organisation_id)
    return teams


def _must_be_free(email: str) -> None:
    if Person.objects.filter(email=email).exists():
        sentence = _("Somebody with the address “%(email)s” is known already.") % {"email": email}
        raise Conflict(sentence, errors=[FieldError("email", sentence)])


def _set_password(person: Person, password: str | None) -> None:
    if password is not None:
        try:
            validate_password(password, person)
        except ValidationError as weak:
            raise Invalid.field("password", " ".join(weak.messages)) from None
    person.set_password(password)
