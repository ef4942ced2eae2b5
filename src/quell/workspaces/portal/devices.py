"""Being called on this device: turning it on and off. The page's script asks in JSON; taking a device out of the list
works without it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quell.kernel.actions.directory.devices import add_device, remove_device
from quell.kernel.config.refusal import Refusal
from quell.kernel.notify import devices, push
from quell.kernel.ui import this_device
from quell.kernel.ui.signed_in import actor_of, signed_in

LARGEST_ID = 2**63 - 1
GIVEN = ("endpoint", "p256dh", "auth")


def block(request: HttpRequest) -> dict[str, Any]:
    """What the block “On this device” shows."""
    person_id = actor_of(request).person_id or 0
    return {
        "devices": devices.own(person_id),
        "here_id": devices.here(person_id, this_device.mark_of(request)),
        "push_key": push.public_key(),
    }


@require_POST
@signed_in
def turn_on(request: HttpRequest) -> HttpResponse:
    """Call this person on this browser: 201 and its id, or the sentence that says why not."""
    given = {name: request.POST.get(name, "").replace("\x00", "") for name in GIVEN}
    mark = this_device.mark_for(request)
    try:
        device = add_device(actor_of(request), given, mark=mark, agent=request.headers.get("User-Agent", ""))
    except Refusal as no:
        return JsonResponse({"sentence": no.sentence}, status=no.status)
    answer = JsonResponse({"id": device.pk}, status=201)
    this_device.leave(answer, mark)
    return answer


@require_POST
@signed_in
def turn_off(request: HttpRequest, device_id: int) -> HttpResponse:
    """Call this person there no more."""
    remove_device(actor_of(request), min(device_id, LARGEST_ID))
    messages.success(request, _("Removed. Nothing is shown there any more."))
    return HttpResponseRedirect(reverse("portal:hearing") + "#devices")


@require_safe
def standing(request: HttpRequest) -> HttpResponse:
    """Who is signed in here and a fresh token for their next post, for scripts that come back after a while; 401 for
    nobody. No other site can read it (same-origin policy), and nothing keeps it."""
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    return JsonResponse({"user": str(actor_of(request).person_id), "csrf": get_token(request)})
