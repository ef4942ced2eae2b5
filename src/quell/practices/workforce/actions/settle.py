"""An absence begins: open work, and with it what the person owns, goes to whoever stands in."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from quell.engines.presence import stand_in
from quell.kernel.access.actor import Actor
from quell.kernel.config import sql
from quell.kernel.config.refusal import Refusal
from quell.practices.incidents import facade as incidents

from ..models import Absence
from ..queries import staff

_HELD = """
SELECT r.number, r.assignee_id = %(person)s FROM records_record r
WHERE r.kind = 'incident' AND r.state_category IN ('new', 'active', 'waiting')
  AND (r.assignee_id = %(person)s OR (%(owned)s AND r.owner_id = %(person)s)) ORDER BY r.id
"""


def settle_next(house: Actor, now: datetime) -> bool:
    """Settle the absence that has waited longest; False when none waits. Belongs to the caller's transaction."""
    absence = (
        Absence.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("person")
        .filter(starts_at__lte=now, settled_at=None)
        .exclude(hands_over=Absence.HandsOver.NOTHING)
        .order_by("starts_at", "pk")
        .first()
    )
    if absence is None:
        return False
    absence.settled_at = now
    absence.save(update_fields=["settled_at"])
    chain = stand_in(absence.person_id, staff.substitutes(now), staff.present(now))
    if chain.person not in (None, absence.person_id):
        _hand_over(absence, chain.person or 0, house)
    return True


def _hand_over(absence: Absence, substitute: int, house: Actor) -> None:
    """Give everything open to the substitute."""
    owned = absence.hands_over == Absence.HandsOver.OWNERSHIP
    held = sql.rows(_HELD, {"person": absence.person_id, "owned": owned})
    email = staff.email_of(substitute)
    why = {"because": ["substitute", {"for": absence.person.name}], "rule": "", "passed_over": [], "skipped": []}
    for number, assigned in held:
        with suppress(Refusal), transaction.atomic():  # one that the substitute may not take stays, and the alarm rings
            if assigned:
                incidents.place(number, team=None, assignee=email, why=why, by=house, owner=owned)
            else:
                incidents.act(house, "edit", number, {"owner": email})
