"""Being shown round: five notes beside real elements of the home page, after a person's first sign-in (ux.md 2.23).

A person's very first sign-in by the sign-in page makes the notes due; they wait on the home page and stand nowhere
else, until they are read or closed, and never come back by themselves. The `?` sheet and the menu under one's picture
show them again (`?tour=again`). The setting `ui.show_round` turns them off for everybody who comes new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from quell.kernel.actions.directory import profile
from quell.kernel.config.options import Option, register
from quell.kernel.people.models import Person

from .signed_in import actor_of, signed_in

SHOW_ROUND = register(
    Option(
        "ui.show_round",
        True,
        gettext_lazy("Show new people round"),
        gettext_lazy("After their first sign-in, five short notes on their home page say where things are."),
    )
)
AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Mark:
    """One note: its words, and selectors of what it points at. The first that is on the screen counts; a telephone
    shows other things than a desk."""

    title: str | Promise
    text: str | Promise
    at: tuple[str, ...]

    @property
    def places(self) -> str:
        """The selectors as the script reads them."""
        return "|".join(self.at)


def begin(person: Person, *, first: bool) -> None:
    """Somebody has just signed in by the sign-in page; `first`: as never before."""
    if first and SHOW_ROUND.get():
        profile.show_round(person)


def tour(request: HttpRequest, marks: Sequence[Mark]) -> Sequence[Mark]:
    """The notes, if this person is to see them now; none while one looks with somebody else's eyes."""
    asked = request.GET.get("tour") == AGAIN
    due = getattr(request.user, "tour", "") == profile.TOUR_DUE
    return marks if (asked or due) and not getattr(request, "viewing", None) else ()


@require_POST
@signed_in
def end(request: HttpRequest) -> HttpResponse:
    """The notes were read or closed: they do not come back by themselves."""
    profile.shown_round(actor_of(request))
    return HttpResponse(status=204) if request.headers.get("X-Quick") else HttpResponseRedirect("/")
