"""A person's place in the chain of managers, and on how much they decide: what is checked before it is kept."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Invalid
from quell.kernel.people.hierarchy import DEEPEST, closes_a_circle, too_deep
from quell.kernel.people.models import Person

from . import places


def above(actor: Actor, person: Person | None, email: str | None) -> int | None:
    """The id of the manager with this address; None for nobody. Raises Invalid for strangers, circles and chains that
    are too long. Belongs into the transaction that keeps it."""
    if not email:
        return None
    found = Person.objects.filter(email=email, is_active=True).first()
    reach = places.reach(actor)
    if found is None or (reach is not None and found.organisation_id not in reach):
        raise Invalid.field("manager", _("Nobody with the address “%(email)s” is known here.") % {"email": email})
    if person is None:
        return found.pk
    if closes_a_circle(person.pk, found.pk):
        sentence = _("%(name)s would stand above themselves. Choose somebody who does not report to them.")
        raise Invalid.field("manager", sentence % {"name": person.name})
    if too_deep(person.pk, found.pk):
        raise Invalid.field(
            "manager", _("More than %(most)d managers above one another are too many.") % {"most": DEEPEST}
        )
    return found.pk


def money(limit: Decimal | None, currency: str | None) -> tuple[Decimal | None, str]:
    """Both or neither; raises Invalid."""
    if limit is not None and not currency:
        raise Invalid.field("approval_currency", _("Say in which currency, such as DKK."))
    if limit is None and currency:
        raise Invalid.field("approval_limit", _("Say up to how much they decide."))
    return limit, currency or ""
