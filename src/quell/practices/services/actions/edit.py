"""Changing facts of a service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import Invalid

from .frame import keep, locked, owner_id
from .inputs import ServiceChange


def edit(actor: Actor, code: str, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Change what is given. `data` as `ServiceChange`; raises NotFound, Forbidden, Invalid, Stale."""
    inputs = parse(ServiceChange, data)
    with transaction.atomic():
        item = locked(actor, code, version)
        given = inputs.model_fields_set
        if not given:
            raise Invalid(_("Say what to change."))
        values = {name: getattr(inputs, name) for name in given - {"owner"} if getattr(inputs, name) is not None}
        if "owner" in given:
            values["owner_id"] = owner_id(actor, inputs.owner)
        keep(actor, item, "edit", values)
