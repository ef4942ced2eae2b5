"""Taking a service out of use, and back into it. Nothing is deleted: what happened to it keeps its name."""

from __future__ import annotations

from django.db import transaction

from quell.kernel.access.actor import Actor

from .frame import keep, locked


def deactivate(actor: Actor, code: str, *, version: int | None = None) -> None:
    """Nothing new can name it. Raises NotFound, Forbidden, Stale."""
    with transaction.atomic():
        keep(actor, locked(actor, code, version), "deactivate", {"active": False})


def activate(actor: Actor, code: str, *, version: int | None = None) -> None:
    """It can be named again. Raises NotFound, Forbidden, Stale."""
    with transaction.atomic():
        keep(actor, locked(actor, code, version), "activate", {"active": True})
