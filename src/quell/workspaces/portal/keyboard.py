"""One's own keyboard: another key for each command, back to how it came, and single letters off altogether."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quell.kernel.actions.directory.profile import keep_keys
from quell.kernel.people import keys
from quell.kernel.ui.context import COOKIE_AGE
from quell.kernel.ui.signed_in import actor_of, signed_in

from .frame import page


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def keyboard(request: HttpRequest) -> HttpResponse:
    """The page of all commands; a POST keeps them all, or none when two would fight for a key."""
    person: Any = request.user
    if request.method != "POST":
        return _page(request, {line.command.key: line.key for line in keys.lines(person.keys)}, {})
    reset = "reset" in request.POST
    chosen = {
        line.command.key: line.command.key if reset else keys.tidy(request.POST.get(line.name, line.key)[:20])
        for line in keys.lines(person.keys)
    }
    if faults := keys.faults(chosen):
        return _page(request, chosen, faults)
    on = reset or "on" in request.POST
    keep_keys(actor_of(request), keys.write(chosen), on=on)
    messages.success(request, _("The keys are as they came.") if reset else _("Saved."))
    answer = HttpResponseRedirect(reverse("portal:keyboard"))
    # The browser's own choice wins over the person's, so what is chosen here must reach it too.
    answer.set_cookie(
        "shortcuts", "on" if on else "off", max_age=COOKIE_AGE, samesite="Lax", secure=request.is_secure()
    )
    return answer


def _page(request: HttpRequest, chosen: dict[str, str], faults: dict[str, str]) -> HttpResponse:
    groups: dict[str, list[dict[str, Any]]] = {}
    wrong = []
    for command in keys.COMMANDS:
        line = keys.Line(command, chosen[command.key])
        fault = faults.get(command.key, "")
        shown = {"line": line, "fault": fault, "default": " ".join(keys.caps(command.key))}
        groups.setdefault(str(command.where), []).append(shown)
        if fault:
            wrong.append((f"id_{line.name}", f"{command.label} – {fault}"))
    context = {"groups": list(groups.items()), "wrong": wrong, "here": "keyboard"}
    return page(request, "portal/keyboard.html", context, status=422 if faults else 200)
