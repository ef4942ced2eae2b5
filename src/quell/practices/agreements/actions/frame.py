"""What the verbs of an agreement share: the locked rows, permission, versions by number, the line of history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from django.utils.translation import gettext as _

from quell.engines.lifecycle import NoTransition
from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places, subjects
from quell.kernel.config.refusal import Conflict, Forbidden, Invalid, NotFound, WrongState
from quell.kernel.people.models import Person
from quell.kernel.people.speaking import zone

from ..models import Agreement, Version
from ..permissions import can_manage
from ..queries import listing, words
from ..rules import lifecycle

SUBJECT = "agreement"


def here() -> tzinfo:
    """The zone in which the days of agreements begin: the installation's."""
    return zone("")


def locked(actor: Actor, code: str, expected: int | None = None, *, reading: bool = False) -> tuple[Agreement, int]:
    """The agreement's row, locked, with its version in the history; permission asked unless `reading`. Raises NotFound,
    Forbidden, Stale."""
    agreement = Agreement.objects.select_for_update(of=("self",)).filter(code=code).first()
    if agreement is None or not listing.may_see(actor, agreement.organisation_id, agreement.customer_id):
        raise places.unknown(code)
    if not reading:
        must_manage(actor, agreement.organisation_id)
    return agreement, subjects.check_version(SUBJECT, agreement.pk, expected)


def must_manage(actor: Actor, organisation_id: int) -> None:
    """Refuse with the verdict's own sentence."""
    verdict = can_manage(actor, organisation_id)
    if not verdict:
        raise Forbidden(verdict.reason)


def draft_of(agreement: Agreement) -> Version:
    """The version that is being written or signed; raises Conflict when there is none."""
    found = agreement.versions.filter(state__in=lifecycle.OPEN).first()
    if found is None:
        raise Conflict(_("No version of this agreement is being written. Begin the next one first."))
    return found


def numbered(agreement: Agreement, number: int) -> Version:
    """A version by its number; raises NotFound."""
    found = agreement.versions.filter(number=number).first() if 0 < number < 2**31 else None
    if found is None:
        raise NotFound(_("There is no version %(number)d of this agreement.") % {"number": number})
    return found


def step(version: Version, verb: str) -> str:
    """The state after a verb; raises WrongState with a sentence."""
    try:
        return lifecycle.AGREEMENT.step(version.state, verb)
    except NoTransition:
        said = {"number": version.number, "state": words.state(version.state)}
        raise WrongState(_("Version %(number)d is “%(state)s”: this cannot be done with it now.") % said) from None


def note(
    verb: str,
    actor: Actor,
    agreement: Agreement,
    current: int,
    *,
    changes: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> int:
    """One line of history; returns the version after it."""
    said = {"name": agreement.name, **(data or {})}
    subjects.note(
        verb, actor, SUBJECT, agreement.pk, agreement.organisation_id, version=current + 1, changes=changes, data=said
    )
    return current + 1


def owner_id(actor: Actor, email: str | None) -> int | None:
    """Who answers for it: an active person the actor may look at; raises Invalid on `owner`."""
    if not email:
        return None
    person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    near = places.reach(actor)
    if person is None or (near is not None and person.organisation_id not in near and person.pk != actor.person_id):
        raise Invalid.field("owner", _("Nobody with the address “%(email)s” is known here.") % {"email": email})
    return person.pk
