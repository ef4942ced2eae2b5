"""The devices on which the caller lets themselves be called (Web Push)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel

from quell.kernel.actions.directory import devices as acts
from quell.kernel.actions.directory.devices import NewDevice
from quell.kernel.actions.registry import NoInputs
from quell.kernel.config.refusal import NotFound
from quell.kernel.notify import devices, push

from .answers import address, answer, created
from .authentication import actor_of

router = Router(tags=["Me"])


class Device(BaseModel):
    """A browser, as people call it; empty when it said nothing that is known. `used_at`: last called."""

    id: int
    name: str
    created_at: datetime
    used_at: datetime | None


class DeviceList(BaseModel):
    """One's own devices, the newest first. `key` is the instance's public key, which a browser wants to know before it
    gives an address (VAPID, base64url)."""

    items: list[Device]
    key: str
    next_cursor: None = None


def _shown(actor_id: int | None) -> list[dict[str, Any]]:
    names = ("id", "name", "created_at", "used_at")
    return [{name: getattr(one, name) for name in names} for one in devices.own(actor_id or 0)]


@router.get("/me/devices", response=DeviceList, summary="List own devices", operation_id="listDevices")
def listing(request: HttpRequest) -> HttpResponse:
    """Where the caller is called."""
    shown = _shown(actor_of(request).person_id)
    return answer({"items": shown, "key": push.public_key(), "next_cursor": None})


@router.post("/me/devices", response={201: Device}, summary="Be called on a device", operation_id="createDevice")
def create(request: HttpRequest, body: NewDevice) -> HttpResponse:
    """Call the caller there from now on; the fields are those of a PushSubscription. At most ten devices, and only push
    services that this instance calls."""
    agent = request.headers.get("User-Agent", "")
    made = acts.add_device(actor_of(request), body, mark=devices.new_mark(), agent=agent)
    return created(_one(request, made.pk), address("me", "devices", made.pk))


@router.get("/me/devices/{int:device_id}", response=Device, summary="Read an own device", operation_id="readDevice")
def read(request: HttpRequest, device_id: int) -> HttpResponse:
    """One of the caller's devices."""
    return answer(_one(request, device_id))


@router.post(
    "/me/devices/{int:device_id}/remove",
    response={204: None},
    summary="Be called on a device no more",
    operation_id="removeDevice",
)
def remove(request: HttpRequest, device_id: int, body: NoInputs) -> HttpResponse:
    """Take it out of the list."""
    _one(request, device_id)
    acts.remove_device(actor_of(request), device_id)
    return HttpResponse(status=204)


def _one(request: HttpRequest, device_id: int) -> dict[str, Any]:
    found = [one for one in _shown(actor_of(request).person_id) if one["id"] == device_id]
    if not found:
        raise NotFound(_("There is no such device of yours."))
    return found[0]
