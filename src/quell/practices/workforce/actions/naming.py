"""From the addresses and codes people send to the rows they mean, within what the actor may know."""

from __future__ import annotations

from django.utils.translation import gettext as _

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places
from quell.kernel.config.refusal import Invalid
from quell.kernel.people.models import Person

from ..models import Skill


def somebody(actor: Actor, email: str, field: str = "person") -> Person:
    """An active person the actor may know; raises Invalid on `field`."""
    found = directory.known(actor, email)
    if found is None:
        raise Invalid.field(field, _("Nobody with the address “%(email)s” is known here.") % {"email": email})
    return Person.objects.get(pk=found["id"])


def of_address(actor: Actor, email: str) -> Person:
    """The same for a person named by an address; raises NotFound."""
    found = directory.known(actor, email)
    if found is None:
        raise places.unknown(email)
    return Person.objects.get(pk=found["id"])


def skills(actor: Actor, codes: list[str], field: str) -> dict[str, Skill]:
    """Active skills by code that the actor may use; raises Invalid on `field.CODE`."""
    near = places.surroundings(actor)
    found = {
        skill.code: skill
        for skill in Skill.objects.filter(code__in=codes, active=True)
        if near is None or skill.organisation_id is None or skill.organisation_id in near
    }
    for code in codes:
        if code not in found:
            raise Invalid.field(f"{field}.{code}", _("No skill “%(code)s” is known here.") % {"code": code})
    return found
