"""Looking at the product with another person's eyes: what the session remembers of it, and the rule of who may.

A view is the session's: it ends with it, after half an hour, and whenever the rule does not hold any more. The rule:
nobody sees more than they could by their own roles (security.md, gate 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from quell.kernel.people.models import Team

from .actor import Actor, Scope
from .capabilities import ALL, PEOPLE_MANAGE

KEY = "view_as"
LONGEST = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class View:
    """Whose eyes, since when, and the address to come back to."""

    person_id: int
    began: datetime
    back: str

    @property
    def until(self) -> datetime:
        """When it ends by itself."""
        return self.began + LONGEST

    def kept(self) -> dict[str, Any]:
        """As the session keeps it."""
        return {"person": self.person_id, "began": self.began.timestamp(), "back": self.back}


def read(session: Mapping[str, Any]) -> View | None:
    """The view a session is in."""
    held = session.get(KEY)
    if held is None:
        return None
    return View(held["person"], datetime.fromtimestamp(held["began"], UTC), held["back"])


def sees_no_more(them: Actor, me: Actor) -> bool:
    """Does every capability of theirs lie within mine?"""
    return all(_within(them.scope(one), me.scope(one)) for one in ALL)


def may_view(me: Actor, them: Actor) -> bool:
    """May I see with their eyes? They are mine to look after, they are not me, and they can do no more than I."""
    scope = me.scope(PEOPLE_MANAGE)
    mine = scope.everywhere or them.organisation_id in scope.organisations
    return mine and them.person_id != me.person_id and not me.read_only and sees_no_more(them, me)


def _within(inner: Scope, outer: Scope) -> bool:
    if outer.everywhere or not inner:
        return True
    if inner.everywhere or not inner.organisations <= outer.organisations:
        return False
    # A team holds work of its own organisation and of those below it; who reaches the organisation reaches those too.
    homes = Team.objects.filter(pk__in=inner.teams - outer.teams).values_list("organisation_id", flat=True)
    return set(homes) <= outer.organisations and inner.team_organisations <= (
        outer.organisations | outer.team_organisations
    )
