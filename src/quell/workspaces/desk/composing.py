"""What the composer asks for while somebody writes: files, texts ready to be sent, people to call, numbers to name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Invalid, NotFound, Refusal
from quell.kernel.files.sniff import SHOWN_IN_PLACE
from quell.kernel.files.store import open_stored
from quell.kernel.records import drafts, mentions, outbox
from quell.kernel.records.find import find
from quell.kernel.records.models import Record
from quell.kernel.ui.errors import is_partial, refused
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade
from quell.practices.servicedesk import facade as prepared

from . import nav, sending
from .doors import agents

OFFERED = 12


def _mode(request: HttpRequest) -> drafts.Mode:
    asked = request.POST if request.method == "POST" else request.GET
    return "internal" if asked.get("mode") == "internal" else "public"


def _inside(actor: Actor, number: str) -> dict[str, Any]:
    row = facade.ticket(actor, number)
    if not row["internal"]:
        raise NotFound(_("There is no %(number)s here, or it is not yours to see.") % {"number": number})
    return row


@require_POST
@agents
def put_in(request: HttpRequest, number: str) -> HttpResponse:
    """Files into the composer, at once: what a picture that was pasted needs to be shown. Answers JSON for scripts."""
    actor = actor_of(request)
    row = _inside(actor, number)
    mode = _mode(request)
    try:
        made = sending.enclose(request, actor, row, mode)
        if not made:
            raise Invalid.field("files", _("Choose a file first."))
    except Refusal as no:
        if is_partial(request):
            return JsonResponse({"sentence": no.sentence}, status=no.status)
        return refused(request, no.status, no.sentence)
    if not is_partial(request):
        return redirect(f"/incidents/{row['number']}#composer")
    files = [file for file in outbox.enclosures(actor.person_id or 0, row["id"], mode) if file["id"] in made]
    return JsonResponse({"files": [shown(file) for file in files]}, status=201)


def shown(file: dict[str, Any]) -> dict[str, Any]:
    """A file of a composer as the page shows it."""
    picture = file["content_type"] in SHOWN_IN_PLACE
    return {
        "id": file["id"],
        "name": file["name"],
        "size": file["size"],
        "mode": file["mode"],
        "picture": picture,
        "url": f"/composer-files/{file['id']}",
        "mark": outbox.MARK.format(name=file["name"], id=file["id"]) if picture else "",
    }


@require_safe
@agents  # type: ignore[arg-type]
def enclosed(request: HttpRequest, enclosure_id: int) -> HttpResponseBase:
    """The bytes of a file in one's own composer."""
    found = outbox.enclosed(actor_of(request).person_id or 0, enclosure_id)
    if found is None:
        raise NotFound(_("There is no such file, or it is not yours to see."))
    return FileResponse(
        open_stored(found["sha256"]),
        as_attachment=found["content_type"] not in SHOWN_IN_PLACE,
        filename=found["name"],
        content_type=found["content_type"],
        headers={
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )


@require_POST
@agents
def take_out(request: HttpRequest, enclosure_id: int) -> HttpResponse:
    """Take a file out of one's own composer."""
    number = outbox.take_out(actor_of(request).person_id or 0, enclosure_id)
    if number is None:
        raise NotFound(_("There is no such file, or it is not yours to see."))
    return HttpResponse(status=204) if is_partial(request) else redirect(f"/incidents/{number}#composer")


@require_safe
@agents
def texts(request: HttpRequest, number: str) -> HttpResponse:
    """Canned replies to choose from: a page with a search, or JSON while somebody types after a slash."""
    actor = actor_of(request)
    row = _inside(actor, number)
    q = request.GET.get("q", "").strip()[:100]
    found = prepared.canned_replies(actor, q, limit=OFFERED if is_partial(request) else 200)
    if is_partial(request):
        items = [
            {"id": one.id, "label": one.name, "hint": one.folder, "fill": f"/incidents/{row['number']}/texts/{one.id}"}
            for one in found
        ]
        return JsonResponse({"items": items})
    context = {"row": row, "q": q, "found": found, "mode": _mode(request), **nav.frame(request, "incidents")}
    return render(request, "desk/texts_for.html", context)


@require_http_methods(["POST"])
@agents
def fill(request: HttpRequest, number: str, text_id: int) -> HttpResponse:
    """One canned reply in the words of this incident: for a script as JSON, else into the draft."""
    actor = actor_of(request)
    row = _inside(actor, number)
    spoken = prepared.speak(actor, text_id, row["number"])
    names = dict(settings.LANGUAGES)
    said = ""
    if spoken.fallback and spoken.wanted:
        wanted, language = names.get(spoken.wanted, spoken.wanted), names.get(spoken.language, spoken.language)
        said = _("There is no text in %(wanted)s; this is %(language)s.") % {"wanted": wanted, "language": language}
    if is_partial(request):
        return JsonResponse({"text": spoken.text, "gaps": list(spoken.gaps), "sentence": said})
    if actor.person_id is not None:
        mode = _mode(request)
        there = drafts.read(actor.person_id, row["id"]).get(mode, ("", None))[0]
        drafts.keep(actor.person_id, row["id"], mode, f"{there.rstrip()}\n\n{spoken.text}".strip())
    return redirect(f"/incidents/{row['number']}#composer")


@require_safe
@agents
def people(request: HttpRequest, number: str) -> HttpResponse:
    """Whom one may call by name here, by what was typed after the @."""
    actor = actor_of(request)
    row = _inside(actor, number)
    record = Record(
        pk=row["id"],
        **{name: row[name] for name in ("organisation_id", "team_id", "requester_id", "opened_by_id", "owner_id",
                                        "assignee_id")},
    )  # fmt: skip
    found = mentions.offered(actor, record, request.GET.get("q", ""), internal=_mode(request) == "internal")
    items = [{"label": one["name"], "hint": one["teams"] or one["email"], "put": f"@{one['name']} "} for one in found]
    return JsonResponse({"items": items})


@require_safe
@agents
def numbers(request: HttpRequest) -> HttpResponse:
    """Records one may name, by what was typed after the #."""
    q = request.GET.get("q", "").strip()[:100]
    found = find(actor_of(request), q, limit=8) if len(q) > 1 else []
    return JsonResponse({"items": [{"label": one.number, "hint": one.title, "put": f"{one.number} "} for one in found]})
