"""What people change about themselves: how pages speak to them, and their password. Never their rights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from quell.kernel.access.actor import Actor
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs
from quell.kernel.config.refusal import FieldError, Forbidden, Invalid
from quell.kernel.people import keys as keymap
from quell.kernel.people.models import Person

from . import subjects
from .inputs import Flag, Language, Password, Zone
from .people import SUBJECT, end_sessions

TOUR_DUE, TOUR_DONE = "due", "done"


class Profile(Inputs):
    """Language and time zone (empty: the browser's, the installation's), theme (empty: the system's), shortcuts."""

    language: Language = ""
    timezone: Zone = ""
    theme: Literal["", "light", "dark"] = ""
    single_key_shortcuts: Flag = True


class Keys(Inputs):
    """Own keys of the single-letter commands, as the row keeps them ("a=q"), and whether single letters work."""

    keys: str = Field(max_length=400)
    single_key_shortcuts: Flag


class NewPassword(Inputs):
    """The present password, and the one to have from now on."""

    old: Password = Field(min_length=1)
    new: Password = Field(min_length=1)


class OwnKeys(Inputs):
    """Own keys by the key a command came with ({"a": "q"}); null, or the key itself, goes back. Only what is given
    changes."""

    keys: dict[str, str | None] | None = Field(None, max_length=60)
    single_key_shortcuts: Flag | None = None


def preferences(actor: Actor) -> tuple[dict[str, Any], int]:
    """(one's own preferences, version); raises Forbidden for programs of nobody."""
    person = Person.objects.filter(pk=actor.person_id or 0).first()
    if person is None:
        raise Forbidden(_("Only a person who is signed in can do this."))
    found = {name: getattr(person, name) for name in (*Profile.model_fields, "keys")}
    return found, subjects.version_of(SUBJECT, person.pk)


def change_profile(actor: Actor, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Keep those of one's own preferences that are given; raises Invalid, Stale."""
    inputs = parse(Profile, data)
    with transaction.atomic():
        person = oneself(actor)
        current = subjects.check_version(SUBJECT, person.pk, version)
        if changes := subjects.put(person, inputs.model_dump(exclude_unset=True)):
            subjects.note(
                "edit", actor, SUBJECT, person.pk, person.organisation_id, version=current + 1, changes=changes
            )


def choose_language(actor: Actor, language: str) -> None:
    """Keep the language that pages and mails speak to oneself; everything else stays. Raises Invalid."""
    chosen = parse(Profile, {"language": language}).language
    with transaction.atomic():
        person = oneself(actor)
        current = subjects.version_of(SUBJECT, person.pk)
        if changes := subjects.put(person, {"language": chosen}):
            subjects.note(
                "edit", actor, SUBJECT, person.pk, person.organisation_id, version=current + 1, changes=changes
            )


def keep_keys(actor: Actor, keys: str, *, on: bool) -> None:
    """Keep one's own keyboard; whoever asks has seen that no two commands fight for a key. Raises Invalid."""
    inputs = parse(Keys, {"keys": keys, "single_key_shortcuts": on})
    with transaction.atomic():
        person = oneself(actor)
        current = subjects.version_of(SUBJECT, person.pk)
        if changes := subjects.put(person, inputs.model_dump()):
            subjects.note(
                "edit", actor, SUBJECT, person.pk, person.organisation_id, version=current + 1, changes=changes
            )


def change_keys(actor: Actor, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Give commands other keys, or switch single letters off and on. All of it or nothing: raises Invalid naming each
    command at fault by the key it came with, Stale."""
    inputs = parse(OwnKeys, data)
    with transaction.atomic():
        person = oneself(actor)
        current = subjects.check_version(SUBJECT, person.pk, version)
        chosen = {line.command.key: line.key for line in keymap.lines(person.keys)}
        strange = [
            FieldError(f"keys.{key}", _("There is no such command.")) for key in inputs.keys or {} if key not in chosen
        ]
        for key, own in (inputs.keys or {}).items():
            chosen[key] = key if own is None else keymap.tidy(own[:20])
        wrong = strange or [FieldError(f"keys.{key}", said) for key, said in keymap.faults(chosen).items()]
        if wrong:
            raise Invalid(wrong[0].message, errors=wrong)
        values: dict[str, Any] = {"keys": keymap.write(chosen)}
        if inputs.single_key_shortcuts is not None:
            values["single_key_shortcuts"] = inputs.single_key_shortcuts
        if changes := subjects.put(person, values):
            subjects.note(
                "edit", actor, SUBJECT, person.pk, person.organisation_id, version=current + 1, changes=changes
            )


def change_password(actor: Actor, data: Mapping[str, Any] | BaseModel) -> Person:
    """Set a new password of one's own, sign out everywhere else, and return the person, to sign in again here.
    Raises Invalid when the old one is wrong or the new one too weak."""
    inputs = parse(NewPassword, data)
    with transaction.atomic():
        person = oneself(actor)
        if not person.check_password(inputs.old):
            raise Invalid.field("old", _("This is not your present password."))
        try:
            validate_password(inputs.new, person)
        except ValidationError as weak:
            raise Invalid.field("new", " ".join(weak.messages)) from None
        person.set_password(inputs.new)
        person.save(update_fields=["password"])
        end_sessions(person)
        current = subjects.version_of(SUBJECT, person.pk)
        said = {"password": "changed"}
        subjects.note("edit", actor, SUBJECT, person.pk, person.organisation_id, version=current + 1, data=said)
    return person


def show_round(person: Person) -> None:
    """From now on the person's home page shows five notes, until they are read or closed."""
    person.tour = TOUR_DUE
    person.save(update_fields=["tour"])


def shown_round(actor: Actor, *, again: bool = False) -> None:
    """Oneself has read the notes, or wants none; `again` has them stand on one's home page once more."""
    with transaction.atomic():
        person = oneself(actor)
        person.tour = TOUR_DUE if again else TOUR_DONE
        person.save(update_fields=["tour"])


def round_due(actor: Actor) -> bool:
    """Do the notes wait for this person? Never for a program of nobody."""
    return Person.objects.filter(pk=actor.person_id or 0, tour=TOUR_DUE).exists()


def show_set_up_card(actor: Actor, *, shown: bool) -> None:
    """Put the list of the first set-up on one's own home page, or take it away."""
    with transaction.atomic():
        person = oneself(actor)
        person.set_up_card = shown
        person.save(update_fields=["set_up_card"])


def oneself(actor: Actor) -> Person:
    """The actor's own row, locked; raises Forbidden for programs of nobody and for those who may only look."""
    person = Person.objects.select_for_update().filter(pk=actor.person_id or 0).first()
    if person is None or actor.read_only:
        raise Forbidden(_("Only a person who is signed in can do this."))
    return person
