"""Pages seen with another person's eyes: drawn as they would see them, and nothing of it lasts.

Three walls keep it read-only. Whatever is no plain reading (GET, HEAD, OPTIONS) is refused with a sentence before any
page of the house hears of it; the statements of a reading run in a transaction that is taken back, so that not even
a page which notes "read" leaves a trace; and no stream of live updates is opened, which would outlast the view.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quell.kernel.access import viewing
from quell.kernel.access.actor import Actor
from quell.kernel.actions import viewing as acts
from quell.kernel.people.models import Person

from .errors import is_partial, refused
from .middleware import API
from .signed_in import actor_of, signed_in

Handler = Callable[[HttpRequest], HttpResponse]
READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Viewing:
    """What the banner says: whose eyes these are, and until when."""

    name: str
    until: datetime


class Eyes:
    """Puts the other person in the place of who is signed in, for one reading."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(API):
            return self.get_response(request)
        view = viewing.read(request.session)
        if view is None or not request.user.is_authenticated:
            return self.get_response(request)
        me = actor_of(request)
        if request.method == "POST" and request.path == reverse("ui:sign_out"):
            acts.end(me, request.session, "sign_out")
            return self.get_response(request)
        if request.method == "POST" and request.path == reverse("ui:view_back"):
            return self.get_response(request)
        eyes = acts.eyes(me, view, datetime.now(UTC))
        if eyes is None:
            return _over(request, me)
        return self._seen(request, *eyes, view)

    def _seen(self, request: HttpRequest, person: Person, them: Actor, view: viewing.View) -> HttpResponse:
        request.user = request._cached_user = person  # type: ignore[attr-defined]
        request._quell_actor = them  # type: ignore[attr-defined]
        request.viewing = Viewing(person.name, view.until)  # type: ignore[attr-defined]
        if request.method not in READING:
            words = _("You look with the eyes of %(name)s: nothing can be changed. Go back to yourself first.")
            return refused(request, 403, words % {"name": person.name})
        if request.path == reverse("ui:live"):
            return HttpResponse(status=204)
        with transaction.atomic():
            answer = self.get_response(request)
            transaction.set_rollback(True)
        return answer


def _over(request: HttpRequest, me: Actor) -> HttpResponse:
    """The view has ended by itself. What was asked for was asked with other eyes, so it is not done with one's own."""
    view = acts.end(me, request.session, "time")
    words = _("You see with your own eyes again: the view has ended.")
    if request.method not in READING or view is None:
        return refused(request, 403, words)
    messages.warning(request, words)
    if is_partial(request):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = view.back
        return answer
    return HttpResponseRedirect(view.back)


@require_POST
@signed_in
def back(request: HttpRequest) -> HttpResponse:
    """Back to oneself, to where the view began."""
    view = acts.end(actor_of(request), request.session, "asked")
    return HttpResponseRedirect(view.back if view is not None else "/")
