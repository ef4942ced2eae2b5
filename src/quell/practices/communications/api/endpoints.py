"""The addresses of announcements, service health and ratings."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from quell.kernel.actions.registry import NoInputs
from quell.kernel.api.answers import address, answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable, versioned
from quell.kernel.api.pagination import Cursor, Limit, page, read_cursor
from quell.kernel.api.versions import expected, with_version

from .. import facade
from ..actions.inputs import AnnouncementChange, NewAnnouncement
from ..actions.rate import Rate
from . import schemas

router = Router(tags=["Announcements"])
LIST, RATINGS = "announcements", "ratings"
Change = with_version(AnnouncementChange, "EditAnnouncement")
Nothing = with_version(NoInputs, "ChangeNothingElse")
Phase = Annotated[Literal["draft", "scheduled", "showing", "over"] | None, Field(description="Only those in it.")]
_SAME = (
    "id", "organisation", "severity", "state", "phase", "language", "title", "text", "translations", "audience",
    "service", "incident", "starts_at", "ends_at", "next_update_at", "me_too", "me_too_count", "version",
    "created_at", "updated_at",
)  # fmt: skip


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """An announcement as the API shows it."""
    found = {name: row[name] for name in _SAME}
    return {**found, "effect": row["effect"] or None, "url": address(LIST, row["id"])}


@router.post(
    "/announcements", response={201: schemas.Announcement}, summary="Write an announcement",
    operation_id="createAnnouncement",
)  # fmt: skip
@repeatable
def create(request: HttpRequest, body: NewAnnouncement) -> HttpResponse:
    """Write an announcement; for desk leads of its organisation."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        found = shown(facade.announcement(actor, facade.create(actor, body)))
        return created(found, found["url"])

    return once(request, act)


@router.get(
    "/announcements", response=schemas.AnnouncementPage, summary="List announcements", operation_id="listAnnouncements"
)
def listing(
    request: HttpRequest,
    phase: Phase = None,
    service: str | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> HttpResponse:
    """What is addressed to the caller and shows now, and everything of organisations they look after; newest first."""
    after = read_cursor(LIST, cursor)
    asked = facade.Asked(phase, service, limit, _id(after))
    return page(LIST, facade.announcements(actor_of(request), asked), limit, "id", shown)


@router.get(
    "/announcements/{int:announcement_id}", response=schemas.Announcement, summary="Read an announcement",
    operation_id="readAnnouncement",
)  # fmt: skip
def read(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """One announcement."""
    return answer(shown(facade.announcement(actor_of(request), announcement_id)))


@router.patch(
    "/announcements/{int:announcement_id}", response=schemas.Announcement, summary="Change an announcement",
    operation_id="editAnnouncement",
)  # fmt: skip
@versioned
def edit(request: HttpRequest, announcement_id: int, body: Change) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given; those who said “me too” hear of what they would notice."""
    data, version = expected(request, body)
    facade.edit(actor_of(request), announcement_id, data, version=version)
    return read(request, announcement_id)


@router.post(
    "/announcements/{int:announcement_id}/publish", response=schemas.Announcement, summary="Publish an announcement",
    operation_id="publishAnnouncement",
)  # fmt: skip
@versioned
def publish(request: HttpRequest, announcement_id: int, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """Show it to its audience, from its time on."""
    facade.publish(actor_of(request), announcement_id, version=expected(request, body)[1])
    return read(request, announcement_id)


@router.post(
    "/announcements/{int:announcement_id}/end", response=schemas.Announcement, summary="End an announcement",
    operation_id="endAnnouncement",
)  # fmt: skip
@versioned
def end(request: HttpRequest, announcement_id: int, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """Take it from every page."""
    facade.end(actor_of(request), announcement_id, version=expected(request, body)[1])
    return read(request, announcement_id)


@router.post(
    "/announcements/{int:announcement_id}/me-too", response=schemas.Announcement, summary="Say “me too”",
    operation_id="meToo",
)  # fmt: skip
def me_too(request: HttpRequest, announcement_id: int, body: NoInputs) -> HttpResponse:
    """Count the caller in, once; they hear of every update."""
    facade.me_too(actor_of(request), announcement_id)
    return read(request, announcement_id)


@router.post(
    "/announcements/{int:announcement_id}/not-me", response=schemas.Announcement, summary="Take “me too” back",
    operation_id="notMe",
)  # fmt: skip
def not_me(request: HttpRequest, announcement_id: int, body: NoInputs) -> HttpResponse:
    """The caller is not affected after all."""
    row = facade.announcement(actor_of(request), announcement_id)
    facade.not_me(actor_of(request), announcement_id)
    return answer(shown({**row, "me_too": False, "me_too_count": row["me_too_count"] - int(row["me_too"])}))


@router.post(
    "/announcements/{int:announcement_id}/dismiss", response=schemas.Announcement, summary="Put it away",
    operation_id="dismissAnnouncement",
)  # fmt: skip
def dismiss(request: HttpRequest, announcement_id: int, body: NoInputs) -> HttpResponse:
    """The caller's pages show it no more; outages stay."""
    facade.dismiss(actor_of(request), announcement_id)
    return read(request, announcement_id)


@router.get("/service-health", response=schemas.Lights, summary="Service health", operation_id="serviceHealth")
def service_health(request: HttpRequest) -> HttpResponse:
    """How the services are that the caller may see."""
    actor = actor_of(request)
    found = facade.health(actor, facade.showing(actor))
    return answer({"items": [
        {"service": light.code, "name": light.name, "health": light.health, "until": light.until,
         "following": light.following}
        for light in found
    ]})  # fmt: skip


@router.post(
    "/services/{code}/follow", response=schemas.Lights, summary="Follow a service", operation_id="followService"
)
def follow(request: HttpRequest, code: str, body: NoInputs) -> HttpResponse:
    """The caller hears of the service's announcements wherever they sit in the company."""
    facade.follow(actor_of(request), code)
    return service_health(request)


@router.post(
    "/services/{code}/unfollow", response=schemas.Lights, summary="Stop following", operation_id="unfollowService"
)
def unfollow(request: HttpRequest, code: str, body: NoInputs) -> HttpResponse:
    """The caller stops following the service."""
    facade.unfollow(actor_of(request), code)
    return service_health(request)


@router.post(
    "/incidents/{number}/rating", response=schemas.Rating, summary="Rate the help", operation_id="rateIncident"
)
def rate(request: HttpRequest, number: str, body: Rate) -> HttpResponse:
    """How the caller found the help on their own incident; for the lead of those who helped."""
    actor = actor_of(request)
    return answer(_rated(facade.rating_given(facade.rate(actor, number, body))))


@router.get("/ratings", response=schemas.RatingPage, summary="List ratings", operation_id="listRatings")
def ratings(
    request: HttpRequest,
    at_most: Annotated[int | None, Field(ge=1, le=5, description="Only those with at most so many stars.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> HttpResponse:
    """Ratings of the help the caller's desks gave, newest first; for leads, empty for others."""
    before = _id(read_cursor(RATINGS, cursor))
    rows = facade.ratings(actor_of(request), at_most=at_most, before=before, limit=limit)
    return page(RATINGS, rows, limit, "id", _rated)


def _rated(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: row[name] for name in ("id", "number", "title", "stars", "comment", "person", "at")}
    return {**kept, "assignee": row["assignee"] or None, "team": row["team"] or None}


def _id(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 18 else None
