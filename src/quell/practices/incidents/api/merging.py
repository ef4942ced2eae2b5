"""The addresses of merging, splitting and resemblance."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from quell.kernel.api.answers import answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable, versioned
from quell.kernel.api.versions import expected, with_version

from .. import facade
from ..actions.split import Split
from . import schemas
from .representation import incident, incident_url

router = Router(tags=["Incidents"])
SplitBody = with_version(Split, "SplitIncident")


@router.get(
    "/incidents/{number}/merge-preview",
    response=schemas.MergePreview,
    summary="What merging into an incident would do",
    operation_id="previewMerge",
)
def preview(
    request: HttpRequest,
    number: str,
    numbers: Annotated[str, Field(max_length=1000, description="What would become a part of it, by commas.")],
) -> HttpResponse:
    """Who would follow, what would move, and what is refused; nothing is changed."""
    found = facade.merge_preview(actor_of(request), number, [one for one in numbers.split(",") if one.strip()][:50])
    return answer(
        {
            "into": found.into,
            "possible": found.possible,
            "sources": [
                {
                    "number": one.number,
                    "title": one.title,
                    "state": one.state,
                    "messages": one.messages,
                    "refusal": one.refusal or None,
                }
                for one in found.sources
            ],
            "followers": [email for _name, email in found.followers],
            "messages": found.messages,
            "files": found.files,
            "tasks": list(found.tasks),
            "links": found.links,
            "children": list(found.children),
        }
    )


@router.post(
    "/incidents/{number}/split",
    response={201: schemas.Incident},
    summary="Make an incident of its own from messages",
    operation_id="splitIncident",
)
@versioned
@repeatable
def split(request: HttpRequest, number: str, body: SplitBody) -> HttpResponse:  # type: ignore[valid-type]
    """The messages are copied with their writers, times and files; here they stay. Answers with the new incident."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        data, version = expected(request, body)
        made = facade.split(actor, number.upper(), data, version=version)
        return created(incident(facade.outcome(actor, made)), incident_url(made))

    return once(request, act)


@router.get(
    "/incidents/{number}/similar",
    response=schemas.SimilarIncidents,
    summary="Incidents like this one",
    operation_id="listSimilar",
)
def similar(request: HttpRequest, number: str) -> HttpResponse:
    """Those the caller may see: the same service or category and hour first, then by the words they share."""
    actor = actor_of(request)
    return _similar(facade.similar(actor, facade.ticket(actor, number)))


@router.get(
    "/similar-incidents",
    response=schemas.SimilarIncidents,
    summary="Open incidents like a text",
    operation_id="listSimilarToText",
)
def similar_to(request: HttpRequest, text: Annotated[str, Field(min_length=1, max_length=1000)]) -> HttpResponse:
    """Before something is reported twice: those the caller may see."""
    return _similar(facade.similar_to(actor_of(request), text))


def _similar(found: list[facade.Similar]) -> HttpResponse:
    items: list[dict[str, Any]] = [
        {
            "number": one.number,
            "title": one.title,
            "state": one.state,
            "priority": one.priority,
            "opened_at": one.opened_at,
            "share": round(one.share, 2),
            "near": one.near,
            "url": incident_url(one.number),
        }
        for one in found
    ]
    return answer({"items": items})
