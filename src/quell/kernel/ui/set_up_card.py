"""The list of the first set-up on the home pages of those who may do it, until all is done or they put it away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from quell.kernel.actions import set_up
from quell.kernel.actions.directory.profile import show_set_up_card

from .preferences import back_to
from .signed_in import actor_of, signed_in


def card(request: HttpRequest) -> set_up.Progress | None:
    """What is open, for an administrator of the whole instance who has not put the list away."""
    if not getattr(request.user, "set_up_card", False) or not set_up.guides(actor_of(request)):
        return None
    progress = set_up.progress()
    return None if progress.complete else progress


@require_POST
@signed_in
def show(request: HttpRequest) -> HttpResponse:
    """Put the list away (`shown` empty), or back; a wish of this person alone."""
    show_set_up_card(actor_of(request), shown=bool(request.POST.get("shown")))
    return HttpResponseRedirect(back_to(request))
