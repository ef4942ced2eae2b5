"""Rating the help one got: 1 to 5, with words or without (capabilities SD02, CS01)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from quell.kernel.access.actor import Actor
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs
from quell.kernel.config.refusal import Forbidden, NotFound, WrongState
from quell.kernel.journal.write import write
from quell.kernel.records.models import Record

from ..models import Rating
from .frame import must_answer

#: Categories of state in which help has been given.
HELPED = ("resolved", "closed")


class Rate(Inputs):
    """Stars, 1 (bad) to 5 (very good), and words if one likes."""

    stars: Annotated[int, Field(ge=1, le=5, strict=True)]
    comment: str = Field("", max_length=5000)


def rate(actor: Actor, number: str, data: Mapping[str, Any] | BaseModel, *, now: datetime | None = None) -> int:
    """Rate the help on one's own request; said again it replaces what was said. Returns the rating's id. Raises
    NotFound, Forbidden, Invalid, WrongState. The words are for the lead of those who helped, so they do not stand on
    the record."""
    inputs = parse(Rate, data)
    me = must_answer(actor)
    with transaction.atomic():
        record = Record.objects.visible_to(actor).filter(number=number.upper()).first()
        if record is None:
            raise NotFound(_("There is no %(number)s here, or it is not yours to see.") % {"number": number})
        if me not in (record.requester_id, record.opened_by_id):
            raise Forbidden(_("Only the person who was helped rates the help."))
        if record.state_category not in HELPED:
            raise WrongState(_("Rate it when it is done."))
        moment = now or datetime.now(UTC)
        kept, _fresh = Rating.objects.update_or_create(
            record=record,
            person_id=me,
            defaults={"stars": inputs.stars, "comment": inputs.comment, "at": moment},
        )
        write(
            "rate", actor, moment, subject="rating", subject_id=record.pk, organisation_id=record.organisation_id,
            data={"stars": inputs.stars},
        )  # fmt: skip
    return kept.pk
