"""Who may pass into administration, and how far they reach there.

Whoever looks after nothing finds nothing: the addresses answer 404, as if they were not there. A grant that is
narrowed to a team looks after no organisation and opens no door here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import NotFound
from quell.kernel.notify import inbox
from quell.kernel.ui.signed_in import View, actor_of, signed_in

#: The largest id the database knows; what is larger was made up.
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a capability goes: everywhere, or over whole organisations (ids)."""

    everywhere: bool
    organisations: tuple[int, ...]

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.organisations)

    def covers(self, organisation_id: int | None) -> bool:
        """Does it reach this organisation (None: the whole instance)?"""
        return self.everywhere or organisation_id in self.organisations

    @property
    def values(self) -> dict[str, Any]:
        """The parameters `all` and `orgs` of a statement that is limited by this reach."""
        return {"all": self.everywhere, "orgs": list(self.organisations)}


def reach(actor: Actor, *capabilities: str) -> Reach:
    """How far the actor's capabilities go, put together."""
    scopes = [actor.scope(capability) for capability in capabilities]
    if any(scope.everywhere for scope in scopes):
        return Reach(True, ())
    return Reach(False, tuple(sorted({place for scope in scopes for place in scope.organisations})))


def door(*capabilities: str, whole_instance: bool = False) -> Callable[[View], View]:
    """Open to who holds one of the capabilities over some organisation (or over the whole instance)."""

    def guard(view: View) -> View:
        @signed_in
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            far = reach(actor_of(request), *capabilities)
            if not far or (whole_instance and not far.everywhere):
                raise nothing_here()
            if any(isinstance(value, int) and value > LARGEST_ID for value in kwargs.values()):
                raise nothing_here()
            return view(request, *args, **kwargs)

        return guarded

    return guard


def nothing_here() -> NotFound:
    """What strangers are told, and what is told about things that do not exist."""
    return NotFound(_("There is nothing at this address, or it is not yours to see."))


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of administration: `trail` (label, url) of the places above it, and its own context."""
    above = [{"label": _("Administration"), "url": "/admin/"}, *context.pop("trail", [])]
    told = {"trail": above, "inbox_count": inbox.unread(actor_of(request).person_id or 0) or ""}
    return render(request, f"administration/{template}.html", {**context, **told}, status=status)
