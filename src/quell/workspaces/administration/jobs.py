"""Background jobs: what waits, who works, and what has failed for good."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from quell.kernel.access.capabilities import JOBS_MANAGE
from quell.kernel.actions.upkeep import discard_jobs, retry_jobs
from quell.kernel.config.refusal import Refusal
from quell.kernel.jobs import dead_letters
from quell.kernel.ui.signed_in import actor_of

from .doors import LARGEST_ID, door, page
from .listing import asked

#: Work that is due for longer than this is late: a worker takes what is due within seconds.
LATE_SECONDS = 120


@require_http_methods(["GET", "HEAD", "POST"])
@door(JOBS_MANAGE, whole_instance=True)
def jobs(request: HttpRequest) -> HttpResponse:
    """Figures of the queues and the dead letters; a POST tries those ticked again, or discards them."""
    if request.method == "POST":
        return _decide(request)
    return _page(request)


def _decide(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    ids = [
        int(text) for text in request.POST.getlist("selected") if text.isascii() and text.isdigit() and len(text) < 19
    ]
    reason = request.POST.get("reason", "")[:1000]
    try:
        if request.POST.get("verb") == "discard":
            count = discard_jobs(actor, ids, reason)
            done = ngettext("%(count)d job is discarded.", "%(count)d jobs are discarded.", count)
        else:
            count = retry_jobs(actor, ids)
            done = ngettext("%(count)d job is queued again.", "%(count)d jobs are queued again.", count)
    except Refusal as no:
        return _page(request, refusal=no.sentence, ticked=set(ids), reason=reason, status=422)
    messages.success(request, done % {"count": count})
    return HttpResponseRedirect(reverse("administration:jobs"))


def _page(
    request: HttpRequest, *, refusal: str = "", ticked: set[int] | None = None, reason: str = "", status: int = 200
) -> HttpResponse:
    cursor = asked(request, "cursor")
    before = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 19 else None
    task = asked(request, "task")
    letters = dead_letters.page(task=task, before=before)
    queues = dead_letters.queues()
    oldest = min((queue.oldest for queue in queues if queue.oldest), default=None)
    context = {
        "queues": queues,
        "workers": dead_letters.workers(),
        "late": oldest is not None and (datetime.now(UTC) - oldest).total_seconds() > LATE_SECONDS,
        "letters": [
            {
                "job": job,
                "arguments": json.dumps(job.arguments, ensure_ascii=False, indent=1),
                "ticked": job.id in (ticked or ()),
            }
            for job in letters.rows
        ],
        "next": letters.next or "",
        "first": before is None or before > LARGEST_ID,
        "tasks": dead_letters.failed_tasks(),
        "task": task,
        "refusal": refusal,
        "reason": reason,
        "trail": [{"label": _("Background jobs"), "url": ""}],
    }
    return page(request, "jobs", context, status=status)
