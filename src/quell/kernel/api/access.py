"""Explaining access: what somebody sees of a record, why, and what they may do with it."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from quell.kernel.actions.access import explain_access

from .answers import answer, seeks
from .authentication import actor_of

router = Router(tags=["People"])
Email = Annotated[str, Field(min_length=1, max_length=254, description="E-mail of the person.")]
Number = Annotated[str, Field(min_length=1, max_length=40, description="Number of the record.")]


class VerbShown(BaseModel):
    """A verb, whether the person may do it now, and why not."""

    verb: str
    allowed: bool
    reason: str


class AccessShown(BaseModel):
    """What a person sees of a record: `reasons` say why, `near` what just missed when nothing did."""

    person: str
    record: str
    sight: Literal["everything", "public", "nothing"]
    reasons: list[str]
    near: list[str]
    verbs: list[VerbShown]


@router.get("/access/explain", response=AccessShown, summary="Explain access", operation_id="explainAccess")
@seeks
def explain(request: HttpRequest, person: Email, record: Number) -> HttpResponse:
    """For those who look after the people of both places; every look is kept in the journal."""
    found = explain_access(actor_of(request), person, record)
    return answer(
        {
            "person": found.person.email,
            "record": found.record.number,
            "sight": found.told.sight,
            "reasons": found.told.reasons,
            "near": found.told.near,
            "verbs": [{"verb": one.verb, "allowed": one.allowed, "reason": one.reason} for one in found.verbs],
        }
    )
