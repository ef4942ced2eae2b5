"""What open pages ask for live updates: their stream, the same by asking now and then, and who looks at a record.

`/live` only decides who listens. Where the server can keep a stream (`quell.project.live`) it goes on from there;
where it cannot, the page is told to ask every twenty seconds instead (docs/reference/live-updates.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from quell.kernel.config.refusal import NotFound
from quell.kernel.live import changes, events, hints, marks
from quell.kernel.live.hearing import Listener
from quell.kernel.live.presence import DOING, Place, Presence
from quell.kernel.records import looking

from .marks import AVATAR_COLOURS, initials
from .signed_in import actor_of

#: Where the server takes listeners from a request's environment; quell.project.web knows it by the same name.
LISTENERS = "quell.listeners"
_LONGEST_WORD = 40


@require_GET
def stream(request: HttpRequest) -> HttpResponse:
    """The beginning of a stream: what was missed since the last event, or since the page was drawn (`since`, in
    milliseconds). 401 for visitors; 204 where no stream can be kept, which also stops a browser's tries."""
    actor = actor_of(request)
    found = request.META.get(LISTENERS)
    if found is None:
        return HttpResponse(status=204)
    after = marks.entry_of(request.headers.get("Last-Event-ID") or request.GET.get("after", ""))
    since = _moment(request.GET.get("since", ""))
    told, _last, lost = changes.missed(actor, after, since)
    parts = [events.OPENING]
    parts += [events.reload()] if lost else [events.change(change, inside=inside) for change, inside in told]
    stamp = getattr(request.user, "get_session_auth_hash", str)()
    found.append(Listener(actor, request.session.session_key or "", stamp))
    answer = HttpResponse(b"".join(parts), content_type="text/event-stream")
    answer["X-Accel-Buffering"] = "no"  # a proxy that collects would hold the stream back
    return answer


@require_GET
def since(request: HttpRequest) -> HttpResponse:
    """The same as one answer, for pages whose stream fails: changes after a mark (`after`), and the last mark."""
    actor = actor_of(request)
    after = marks.entry_of(request.GET.get("after", ""))
    told, last, lost = changes.missed(actor, after, None if after else _moment(request.GET.get("since", "")))
    plain = [] if lost else [events.plain(change, inside=inside) for change, inside in told]
    return JsonResponse({"last": marks.mark(last), "reload": lost, "changes": plain})


@require_POST
def here(request: HttpRequest) -> HttpResponse:
    """A page says what its person does on a record; answers who else is there. 404 for who only reports: they
    neither show nor see presence."""
    actor = actor_of(request)
    place = next(iter(looking.places(actor, [request.POST.get("record", "")])), None)
    if place is None or actor.person_id is None:
        raise NotFound(_("This is no longer here, or you may not see it."))
    doing = request.POST.get("doing", "")
    presence = Presence(
        place,
        actor.person_id,
        request.POST.get("page", "")[:_LONGEST_WORD],
        doing if doing in DOING else "",
        request.POST.get("field", "")[:_LONGEST_WORD],
    )
    hints.say(hints.Hint(presences=[presence]))
    return _people([place], actor.person_id)


@require_GET
def lookers(request: HttpRequest) -> HttpResponse:
    """Who looks at each of some records (`record`, repeated), by number; records one may not see are left out."""
    actor = actor_of(request)
    return _people(looking.places(actor, request.GET.getlist("record")), actor.person_id)


def _people(places: Sequence[Place], reader: int | None) -> JsonResponse:
    """Everybody but the reader."""
    found: dict[str, list[dict[str, Any]]] = {}
    for number, people in looking.lookers(places).items():
        found[number] = [
            {
                "id": one.person_id,
                "name": one.name,
                "initials": initials(one.name),
                "colour": crc32(one.name.encode()) % AVATAR_COLOURS,
                "doing": one.doing,
                "field": one.field,
                "words": _words(one.doing) % {"name": one.name},
            }
            for one in people
            if one.person_id != reader
        ]
    return JsonResponse(found)


def _words(doing: str) -> str:
    return {
        "replying": _("%(name)s is replying"),
        "noting": _("%(name)s is writing a note"),
        "editing": _("%(name)s is changing facts"),
        "viewing": _("%(name)s is looking at this"),
    }[doing]


def _moment(text: str) -> datetime | None:
    if not (text.isascii() and text.isdigit() and len(text) < 14 and int(text) < 2**43):
        return None
    return datetime.fromtimestamp(int(text) / 1000, UTC)
