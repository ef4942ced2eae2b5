"""From the codes and e-mails people send to the rows they mean, within what the actor may name and the place allows.

Each refusal names the field; what exists elsewhere is "not known here" like what does not exist.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places
from quell.kernel.config.refusal import Invalid
from quell.kernel.people.models import Organisation, Person, RoleGrant, Team


def person(actor: Actor, email: str, organisation_id: int, field: str = "assignee") -> Person:
    """An active person who works on records of the organisation and whom the actor may name."""
    found = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    near = places.reach(actor)
    known = found is not None and (
        actor.is_house or near is None or found.pk == actor.person_id or found.organisation_id in near
    )
    if found is None or not known:
        raise Invalid.field(field, _("Nobody with the address “%(email)s” is known here.") % {"email": email})
    if not _works_in(found, organisation_id):
        raise Invalid.field(field, _("%(name)s does not work here.") % {"name": found.name})
    return found


def _works_in(candidate: Person, organisation_id: int) -> bool:
    path = Organisation.objects.values_list("path", flat=True).get(pk=organisation_id)
    place = Q(organisation=None) | Q(organisation_id__in=path)
    grants = RoleGrant.objects.filter(place, person=candidate, role__capabilities__contains=["records.work"])
    return grants.exists()


def team(code: str, organisation_id: int, field: str = "team") -> Team:
    """An active team that serves the organisation: of its own branch, above or below."""
    found = Team.objects.filter(code=code.strip(), active=True).select_related("organisation").first()
    if found is not None:
        here = Organisation.objects.values_list("path", flat=True).get(pk=organisation_id)
        if found.organisation_id in here or organisation_id in found.organisation.path:
            return found
    raise Invalid.field(field, _("No team “%(code)s” is known here.") % {"code": code})
