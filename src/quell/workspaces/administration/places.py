"""For which place a setting is looked at: the instance, or one organisation (`?organisation=code`)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE

from . import queries
from .doors import Reach, nothing_here, reach
from .listing import asked


@dataclass(frozen=True, slots=True)
class Place:
    """Where settings are looked at. `id` and `code` are None and "" for the whole instance; `choices` are all the
    places this person looks after."""

    id: int | None
    code: str
    name: str
    choices: list[tuple[str, str]]
    far: Reach

    @property
    def query(self) -> str:
        """The part of an address that leads back to this place."""
        return f"?organisation={self.code}" if self.code else ""


def place_of(request: HttpRequest, actor: Actor) -> Place:
    """The place asked for; without one the instance, or the first organisation of somebody who does not look after
    the instance. Raises NotFound for a place that is not theirs."""
    far = reach(actor, SETTINGS_MANAGE)
    rows = queries.organisations(far)
    choices = queries.choices(rows)
    if far.everywhere:
        choices.insert(0, ("", _("The whole instance")))
    code = asked(request, "organisation") or choices[0][0] if choices else ""
    if code == "":
        if not far.everywhere:
            raise nothing_here()
        return Place(None, "", _("The whole instance"), choices, far)
    row = next((one for one in rows if one["code"] == code), None)
    if row is None:
        raise nothing_here()
    return Place(row["id"], row["code"], row["name"], choices, far)
