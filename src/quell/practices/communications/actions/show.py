"""Publishing an announcement and ending it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import WrongState

from .frame import keep, locked


def publish(actor: Actor, announcement_id: int, *, version: int | None = None) -> None:
    """Show it to its audience, from its time on. Raises NotFound, Forbidden, Stale, WrongState."""
    with transaction.atomic():
        made = locked(actor, announcement_id, version)
        if made.state != "draft":
            raise WrongState(_("This announcement has been published already."))
        # A draft that lay about begins when it is shown, not when it was written.
        now = datetime.now(UTC)
        starts = max(made.starts_at, now)
        if made.ends_at is not None and made.ends_at <= starts:
            raise WrongState(_("Its end has passed. Give it another time first."))
        keep(actor, made, "publish", {"state": "published", "starts_at": starts})


def end(actor: Actor, announcement_id: int, *, version: int | None = None) -> None:
    """Take it from every page; those who said “me too” hear that it is over. Raises NotFound, Forbidden, Stale,
    WrongState."""
    with transaction.atomic():
        made = locked(actor, announcement_id, version)
        if made.state == "ended":
            raise WrongState(_("This announcement has ended already."))
        shown = made.state == "published"
        keep(actor, made, "end", {"state": "ended", "next_update_at": None}, news=shown)
