"""“Me too” reaches the incident behind an announcement: whoever said it follows the incident, and its count of affected
users rises (domain.md 4.1, announced outages). The other way round, incidents say which services they hurt.

A journey hears of each “me too” as a job of its own, but counts everybody in who is waiting: what comes after finds
nothing left to do and leaves the incident alone.
"""

from __future__ import annotations

from quell.kernel.actions.listening import Heard, listen
from quell.practices.communications import facade as communications
from quell.practices.incidents import facade as incidents

communications.health_source(incidents.hurt_services)


@listen("metoo_to_incident", "me_too", kind="announcement")
def metoo_to_incident(heard: Heard) -> None:
    """Count them in."""
    hit = None if heard.subject_id is None else communications.affected(heard.subject_id)
    if hit is None:
        return
    said = {"people": hit.people, "affected_users": len(hit.people)}
    incidents.act(heard.actor(), "count_in", hit.number, said)
