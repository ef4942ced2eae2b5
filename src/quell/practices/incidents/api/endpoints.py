"""The incidents' addresses. Verbs come from the registry of actions: a new verb is here when it exists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, UploadedFile

from quell.kernel.actions.registry import Action, Inputs, of_kind
from quell.kernel.api.answers import address, answer, created, dump
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.frame import OWN_QUERY
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable, versioned
from quell.kernel.api.outbox import Message, Messages
from quell.kernel.api.outbox import shown as message
from quell.kernel.api.problem import refused
from quell.kernel.api.versions import expected, with_version

from .. import facade
from ..actions.edit import Edit
from ..actions.report import Report
from ..actions.send import Send
from . import schemas
from .files import hang
from .parameters import LIST
from .representation import entry, file, handover, incident, incident_url, incidents, link

router = Router(tags=["Incidents"])
#: Verbs that have an address of another shape: `edit` is PATCH, `attach` takes a form.
ELSEWHERE = frozenset({"edit", "attach", "split"})


def _shown(request: HttpRequest, number: str) -> HttpResponse:
    return answer(incident(facade.ticket(actor_of(request), number)))


@router.post(
    "/incidents", response={201: schemas.Incident}, summary="Report an incident", operation_id="createIncident"
)
@repeatable
def create(request: HttpRequest, body: Report) -> HttpResponse:
    """Open an incident. Only the title is needed; the desk may report on behalf of others."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        number = facade.report(actor, body)
        return created(incident(facade.ticket(actor, number)), incident_url(number))

    return once(request, act)


@router.get(
    "/incidents",
    response=schemas.IncidentPage,
    summary="List incidents",
    operation_id="listIncidents",
    openapi_extra={"parameters": LIST},
)
def listing(request: HttpRequest) -> HttpResponse:
    """Incidents the caller may see, filtered, ordered, page by page."""
    actor = actor_of(request)
    page = facade.page(actor, facade.wanted(actor, request.GET.dict()))
    return HttpResponse(
        dump({"items": incidents(page.rows), "next_cursor": page.next_cursor}),
        content_type="application/json",
    )


setattr(listing, OWN_QUERY, True)


@router.get("/incidents/{number}", response=schemas.Incident, summary="Read an incident", operation_id="readIncident")
def read(request: HttpRequest, number: str) -> HttpResponse:
    """One incident."""
    return _shown(request, number)


EditBody = with_version(Edit, "EditIncident")


@router.patch(
    "/incidents/{number}", response=schemas.Incident, summary="Change facts of an incident", operation_id="editIncident"
)
@versioned
def edit(request: HttpRequest, number: str, body: EditBody) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given. The priority follows impact and urgency."""
    return _act(request, "edit", number, body)


def _act(request: HttpRequest, verb: str, number: str, body: Inputs) -> HttpResponse:
    data, version = expected(request, body)
    actor = actor_of(request)
    try:
        facade.act(actor, verb, number.upper(), data, version=version)
    except facade.Disputed as dispute:
        # Answered and not raised: that the lead was called is to stay, also where the answer is kept for repetition.
        return refused(dispute, actor.request_id)
    return answer(incident(facade.outcome(actor, number)))


def _verb(action: Action) -> Callable[..., HttpResponse]:
    """The function behind `POST /incidents/{number}/VERB`."""

    def act(request: HttpRequest, number: str, body: Any) -> HttpResponse:
        return once(request, lambda: _act(request, action.verb, number, body))

    act.__annotations__ |= {"body": with_version(action.inputs, f"{action.verb.title()}Incident")}
    act.__name__, act.__doc__ = action.verb, action.function.__doc__
    return versioned(repeatable(act))


@router.get(
    "/incidents/{number}/verbs",
    response=schemas.VerbChoices,
    summary="What may be done with an incident now",
    operation_id="listVerbs",
)
def verbs(request: HttpRequest, number: str) -> HttpResponse:
    """Every verb, whether the caller may use it now, and why not."""
    found = facade.verbs(actor_of(request), number)
    return answer(
        {
            "items": [
                {"verb": verb.verb, "allowed": verb.allowed, "reason": verb.reason or None, "summary": verb.summary}
                for verb in found
            ]
        }
    )


@router.get(
    "/incidents/{number}/timeline",
    response=schemas.Timeline,
    summary="The history of an incident",
    operation_id="readTimeline",
    by_alias=True,
)
def timeline(request: HttpRequest, number: str) -> HttpResponse:
    """What the caller may see of it, oldest first."""
    actor = actor_of(request)
    return answer({"items": [entry(row) for row in facade.timeline(actor, facade.ticket(actor, number))]})


@router.get(
    "/incidents/{number}/links", response=schemas.Links, summary="The links of an incident", operation_id="listLinks"
)
def links(request: HttpRequest, number: str) -> HttpResponse:
    """Links to records the caller may see, as seen from this incident."""
    actor = actor_of(request)
    found = facade.links(actor, facade.ticket(actor, number))
    return answer({"items": [link(row) for row in found]})


@router.get(
    "/incidents/{number}/watchers",
    response=schemas.Watchers,
    summary="With whom an incident is shared",
    operation_id="listWatchers",
)
def watchers(request: HttpRequest, number: str) -> HttpResponse:
    """They see its public part and hear of it."""
    found = facade.followers(facade.ticket(actor_of(request), number))
    return answer({"items": [{"email": email, "name": name} for _id, name, email in found]})


@router.get(
    "/incidents/{number}/handovers",
    response=schemas.Handovers,
    summary="How an incident was handed over",
    operation_id="listHandovers",
)
def handovers(request: HttpRequest, number: str) -> HttpResponse:
    """From whom to whom, why, and the answer; nothing for those who may not read the internal part."""
    actor = actor_of(request)
    found = facade.handovers(actor, facade.ticket(actor, number))
    return answer({"items": [handover(row) for row in found]})


@router.get(
    "/incidents/{number}/attachments",
    response=schemas.Attachments,
    summary="The files of an incident",
    operation_id="listAttachments",
)
def attachments(request: HttpRequest, number: str) -> HttpResponse:
    """Files that the caller may have, without their bytes."""
    actor = actor_of(request)
    return answer({"items": [file(row) for row in facade.attachments(actor, facade.ticket(actor, number))]})


@router.post(
    "/incidents/{number}/attachments",
    response={201: schemas.Attachment},
    summary="Hang a file on an incident",
    operation_id="attachToIncident",
)
@repeatable
def attach(
    request: HttpRequest,
    number: str,
    file: UploadedFile = File(...),  # noqa: B008 - how the framework declares a part of a form
    visibility: Literal["public", "internal"] = Form("public"),
) -> HttpResponse:
    """One file, at most 25 MB; internal ones are for those who work on the incident."""
    return hang(request, number, file, public=visibility == "public")


@router.post(
    "/incidents/{number}/outbox",
    response={201: Message},
    summary="Send a reply with time to undo it, or at a time",
    operation_id="sendReply",
)
@repeatable
def send(request: HttpRequest, number: str, body: Send) -> HttpResponse:
    """A public reply that goes out after the seconds in which it can be undone, or at `send_at`, together with the
    verb that follows it. What would be refused is refused now."""

    def act() -> HttpResponse:
        made = facade.send(actor_of(request), number, body)
        return created(message(made), address("outbox", made.id))

    return once(request, act)


@router.get(
    "/incidents/{number}/outbox",
    response=Messages,
    summary="What waits to go out of an incident",
    operation_id="listOutboxOfIncident",
)
def waiting(request: HttpRequest, number: str) -> HttpResponse:
    """Replies that wait or are held, for those who may read the internal part."""
    return answer({"items": [message(one) for one in facade.outbox(facade.ticket(actor_of(request), number))]})


for _action in of_kind("incident"):
    if _action.verb not in ELSEWHERE:
        router.post(
            f"/incidents/{{number}}/{_action.verb}",
            response=schemas.Incident,
            summary=_action.summary,
            operation_id=f"{_action.verb}Incident",
        )(_verb(_action))
