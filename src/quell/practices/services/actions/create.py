"""Making a service known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places, subjects
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import Conflict, FieldError
from quell.kernel.items.models import Item

from .frame import SERVICE, SUBJECT, must_manage, owner_id
from .inputs import NewService


def create(actor: Actor, data: Mapping[str, Any] | BaseModel) -> str:
    """A new service; returns its code. `data` as `NewService`. Raises Invalid, Forbidden, Conflict (known code)."""
    inputs = parse(NewService, data)
    with transaction.atomic():
        organisation = places.organisation(actor, inputs.organisation)
        must_manage(actor, organisation.pk)
        if Item.objects.filter(code=inputs.code).exists():
            sentence = _("The code “%(code)s” is taken.") % {"code": inputs.code}
            raise Conflict(sentence, errors=[FieldError("code", sentence)])
        item = Item.objects.create(
            item_class=SERVICE,
            code=inputs.code,
            name=inputs.name,
            organisation=organisation,
            status=inputs.status,
            criticality=inputs.criticality,
            owner_id=owner_id(actor, inputs.owner),
            description=inputs.description,
        )
        said = inputs.model_dump(exclude_unset=True)
        subjects.note("create", actor, SUBJECT, item.pk, organisation.pk, version=1, data=said)
    return inputs.code
