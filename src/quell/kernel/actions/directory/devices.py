"""The devices on which a person lets themselves be called: taken into the list, taken out of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from quell.kernel.access.actor import Actor
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs
from quell.kernel.config.refusal import NotFound
from quell.kernel.notify import devices
from quell.kernel.notify.models import Device

from . import profile, subjects

SUBJECT = "device"


class NewDevice(Inputs):
    """What a browser says of itself (PushSubscription): where to call, and the two keys that lock the words."""

    endpoint: str = Field(min_length=1, max_length=devices.LONGEST_ENDPOINT)
    p256dh: str = Field(min_length=1, max_length=devices.LONGEST_KEY)
    auth: str = Field(min_length=1, max_length=devices.LONGEST_KEY)


def add_device(actor: Actor, data: Mapping[str, Any] | BaseModel, *, mark: str, agent: str) -> Device:
    """Call the actor on this browser from now on; again for the same one notes its new address. `mark` is the secret
    it is known by, `agent` its User-Agent. Raises Invalid, Forbidden."""
    inputs = parse(NewDevice, data)
    with transaction.atomic():
        person = profile.oneself(actor)
        given = (inputs.endpoint, inputs.p256dh, inputs.auth)
        device, new = devices.keep(person, *given, mark=mark, agent=agent)
        if new:
            said = {"name": device.name}
            subjects.note("create", actor, SUBJECT, device.pk, person.organisation_id, version=1, data=said)
    return device


def remove_device(actor: Actor, device_id: int) -> None:
    """Call the actor there no more. Raises NotFound, Forbidden."""
    with transaction.atomic():
        person = profile.oneself(actor)
        device = Device.objects.filter(person=person, pk=device_id).first()
        if device is None:
            raise NotFound(_("There is no such device of yours."))
        said = {"name": device.name}
        device.delete()
        subjects.note("remove", actor, SUBJECT, device_id, person.organisation_id, version=2, data=said)
