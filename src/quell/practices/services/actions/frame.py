"""What the verbs of a service share: the locked row, the owner looked up, the line of history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places, subjects
from quell.kernel.config.refusal import Forbidden, Invalid, Stale
from quell.kernel.items.models import Item
from quell.kernel.people.models import Person

from ..permissions import can_manage

SERVICE, SUBJECT = "service", "item"


def locked(actor: Actor, code: str, version: int | None) -> Item:
    """The service's row, locked, with permission asked; raises NotFound, Forbidden, Stale."""
    item = Item.objects.select_for_update().filter(code=code, item_class=SERVICE).first()
    near = places.surroundings(actor)
    if item is None or (near is not None and item.organisation_id not in near):
        raise places.unknown(code)
    must_manage(actor, item.organisation_id)
    if version is not None and version != item.version:
        raise Stale(_("Somebody changed this in the meantime. Your text is safe."), version=item.version)
    return item


def must_manage(actor: Actor, organisation_id: int) -> None:
    """Refuse with the verdict's own sentence."""
    verdict = can_manage(actor, organisation_id)
    if not verdict:
        raise Forbidden(verdict.reason)


def owner_id(actor: Actor, email: str | None) -> int | None:
    """The id of the person who answers for the service: somebody the actor may look at."""
    if not email:
        return None
    person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    near = places.reach(actor)
    if person is None or (near is not None and person.organisation_id not in near and person.pk != actor.person_id):
        raise Invalid.field("owner", _("Nobody with the address “%(email)s” is known here.") % {"email": email})
    return person.pk


def keep(actor: Actor, item: Item, verb: str, values: Mapping[str, Any]) -> None:
    """Save what differs, with the next version and one line of history; nothing when nothing differs."""
    changes = subjects.put(item, values)
    if changes:
        item.version += 1
        item.updated_at = datetime.now(UTC)
        item.save(update_fields=["version", "updated_at"])
        subjects.note(verb, actor, SUBJECT, item.pk, item.organisation_id, version=item.version, changes=changes)
