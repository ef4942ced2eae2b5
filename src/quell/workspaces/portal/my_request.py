"""One request as its requester sees it: where it stands, what was said, and what they may do (ux.md 2.5).

Everything internal is left out before it reaches this page, also for agents who look at their own reports here.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import NotFound, Refusal
from quell.kernel.ui.signed_in import actor_of, signed_in
from quell.practices.communications import facade as communications
from quell.practices.incidents import facade as incidents

from .forms import CallForm, MessageForm, RatingForm, ReasonForm, ShareForm
from .frame import page
from .promises import of_one
from .sending import send_message
from .words import conversation, next_step, steps
from .words import status as status_of

LONGEST_NUMBER = 20
Follower = tuple[int, str, str]


def own(actor: Actor, number: str) -> tuple[dict[str, Any], list[Follower]]:
    """The request and who follows it, if it is the person's own or shared with them; raises NotFound. What agents see
    of others they see at their desk."""
    unknown = NotFound(_("There is no %(number)s here, or it is not yours to see.") % {"number": number})
    if not number.isprintable() or len(number) > LONGEST_NUMBER:
        raise unknown
    row = incidents.ticket(actor, number)
    followers = incidents.followers(row)
    if actor.person_id in (row["requester_id"], row["opened_by_id"], *(person for person, _name, _email in followers)):
        return row, followers
    raise unknown


@require_safe
@signed_in
def my_request(request: HttpRequest, number: str) -> HttpResponse:
    """The page. What goes on as a part of another leads there, for those who follow the other."""
    return _page(request, number)


def _goes_on(actor: Actor, row: dict[str, Any]) -> str | None:
    """The number of what it has become a part of, for those who follow that."""
    if row["merged_into"] is None:
        return None
    try:
        own(actor, row["merged_into"])
    except NotFound:
        return None
    return str(row["merged_into"])


@require_POST
@signed_in
def message(request: HttpRequest, number: str) -> HttpResponse:
    """Write to those who work on it. A refusal shows the page again with the text in place."""
    actor = actor_of(request)
    row, _followers = own(actor, number)
    form = MessageForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            send_message(actor, row["number"], form, actor.person_id or 0)
        except Refusal as no:
            form.refuse(no, "body")
            messages.error(request, no.sentence)  # where scripts send the form, this is the sentence they show
            return _page(request, number, message=form, status=no.status)
        messages.success(request, _("Sent."))
        return _back(row["number"])
    return _page(request, number, message=form, status=422)


@require_POST
@signed_in
def works(request: HttpRequest, number: str) -> HttpResponse:
    """It works again: what is resolved is closed, what is still open is withdrawn."""
    actor = actor_of(request)
    row, _followers = own(actor, number)
    try:
        if row["state"] == "resolved":
            incidents.act(actor, "close", row["number"])
        else:
            incidents.act(actor, "cancel", row["number"], {"reason": _("It works again.")})
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("Closed. Thank you for telling us."))
    return _back(row["number"])


@require_POST
@signed_in
def still_broken(request: HttpRequest, number: str) -> HttpResponse:
    """It is not fixed after all."""
    actor = actor_of(request)
    row, _followers = own(actor, number)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            incidents.act(actor, "reopen", row["number"], {"reason": form.cleaned_data["reason"]})
        except Refusal as no:
            form.add_error("reason", no.sentence)
            messages.error(request, no.sentence)
            return _page(request, number, reason=form, status=no.status)
        messages.success(request, _("Open again. We look at it once more."))
        return _back(row["number"])
    return _page(request, number, reason=form, status=422)


@require_POST
@signed_in
def share(request: HttpRequest, number: str) -> HttpResponse:
    """Let a colleague follow, or stop following (`remove`, an e-mail address)."""
    actor = actor_of(request)
    row, _followers = own(actor, number)
    if gone := request.POST.get("remove", ""):
        incidents.act(actor, "unwatch", row["number"], {"person": gone})
        messages.success(request, _("They no longer follow this request."))
        return _back(row["number"])
    form = ShareForm(request.POST)
    if form.is_valid():
        try:
            incidents.act(actor, "watch", row["number"], {"person": form.cleaned_data["email"]})
        except Refusal as no:
            form.add_error("email", no.sentence)
            return _page(request, number, share=form, status=no.status)
        messages.success(request, _("%(email)s can now follow this request.") % {"email": form.cleaned_data["email"]})
        return _back(row["number"])
    return _page(request, number, share=form, status=422)


def _back(number: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("portal:request", args=[number]))


def _rating(record_id: int, actor: Actor) -> RatingForm:
    """The form, with what was said before."""
    said = communications.own_rating(record_id, actor.person_id or 0)
    return RatingForm(initial=said or {}, auto_id="rating-%s")


def _page(
    request: HttpRequest,
    number: str,
    *,
    message: MessageForm | None = None,
    reason: ReasonForm | None = None,
    share: ShareForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    row, followers = own(actor, number)
    if request.method != "POST" and (goes_on := _goes_on(actor, row)) is not None:
        return HttpResponseRedirect(reverse("portal:request", args=[goes_on]))
    row["internal"] = False
    mine = actor.person_id in (row["requester_id"], row["opened_by_id"])
    context = {
        "row": row,
        "steps": steps(row),
        "status_words": status_of(row),
        "waiting": incidents.stage(row).waiting,
        "lines": conversation(row, incidents.timeline(actor, row), actor.email),
        "mine": mine,
        "next": next_step(row),
        "promises": of_one(row),
        "may_write": row["state"] not in incidents.FINISHED,
        "may_withdraw": mine and row["state"] in incidents.UNFINISHED and row["state"] != "resolved",
        "may_settle": mine and row["state"] == "resolved",
        "followers": [f for f in followers if f[0] != row["requester_id"]],
        "me": actor.person_id,
        "message": message or MessageForm(),
        "reason": reason or ReasonForm(auto_id="reason-%s"),
        "share": share or ShareForm(auto_id="share-%s"),
        "reopening": reason is not None,
        "call": CallForm(initial={"phone": getattr(request.user, "phone", "")}, auto_id="call-%s"),
        "rating": _rating(row["id"], actor) if mine and row["state"] == "closed" else None,
        "limit": settings.MAX_ATTACHMENT_BYTES,
        "works_url": reverse("portal:works", args=[row["number"]]),
    }
    return page(request, "portal/request.html", context, status=status)
