"""What waits to go out, under the conversation: undoing it, sending it now, changing its words or its time."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.kernel.actions import outbox as verbs
from quell.kernel.config.refusal import NotFound, Refusal
from quell.kernel.records import outbox
from quell.kernel.ui.errors import is_partial, refused
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade

from . import nav, panes
from .doors import agents
from .forms import take
from .ticket import changed

_WHEN = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


class Change(django_forms.Form):
    """Other words, or another time."""

    body = django_forms.CharField(
        label=gettext_lazy("Reply"),
        required=False,
        max_length=verbs.LONGEST,
        widget=django_forms.Textarea(attrs={"rows": 8}),
    )
    send_at = django_forms.DateTimeField(
        label=gettext_lazy("Goes out"),
        required=False,
        input_formats=_WHEN,
        widget=django_forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Left empty, the time stays as it is."),
        error_messages={"invalid": gettext_lazy("Give a day and a time, such as 2026-11-24 09:00")},
    )


def _message(request: HttpRequest, message_id: int) -> outbox.Message:
    found = outbox.one(actor_of(request), message_id)
    if found is None:
        raise NotFound(_("There is no such message here, or it is not yours to see."))
    return found


@require_POST
@agents
def undo(request: HttpRequest, message_id: int) -> HttpResponse:
    """Take it back: its text lies in the composer again."""
    actor, message = actor_of(request), _message(request, message_id)
    try:
        verbs.take_back(actor, message_id)
    except Refusal as no:
        return refused(request, no.status, no.sentence)
    mine = message.author_id == actor.person_id
    sentence = _("Nothing was sent. Your text is back.") if mine else _("Nothing was sent. Its author has the text.")
    return changed(request, actor, message.number, sentence)


@require_POST
@agents
def send(request: HttpRequest, message_id: int) -> HttpResponse:
    """Send it now; `anyway` although somebody else has written since."""
    actor, message = actor_of(request), _message(request, message_id)
    try:
        verbs.send_now(actor, message_id, anyway=bool(request.POST.get("anyway")))
    except Refusal as no:
        return refused(request, no.status, no.sentence)
    return changed(request, actor, message.number, _("Sent."))


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def edit(request: HttpRequest, message_id: int) -> HttpResponse:
    """Its words and its time, in the dialog or on a page of its own."""
    actor, message = actor_of(request), _message(request, message_id)
    if request.method != "POST":
        start: dict[str, Any] = {"body": message.body}
        if message.scheduled:
            start["send_at"] = timezone.localtime(message.due_at)
        return _form(request, message, Change(initial=start))
    form = Change(request.POST)
    if not form.is_valid():
        return _form(request, message, form, status=422)
    try:
        verbs.change(actor, message_id, body=form.cleaned_data["body"], send_at=form.cleaned_data["send_at"])
    except Refusal as no:
        take(form, no)
        return _form(request, message, form, status=no.status)
    return changed(request, actor, message.number, _("Saved. It goes out as you wrote it now."))


def _form(request: HttpRequest, message: outbox.Message, form: django_forms.Form, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "verb": f"outbox-{message.id}",
        "row": {"number": message.number},
        "heading": _("Change the reply on %(number)s") % {"number": message.number},
        "button": _("Save"),
        "sign": "check",
        "action": f"/outbox/{message.id}/edit",
        "back": f"/incidents/{message.number}",
        "danger": False,
    }
    if is_partial(request):
        answer = render(request, "desk/verb_form.html", context, status=status)
        if status >= 400:
            answer["HX-Retarget"], answer["HX-Reswap"] = "#verb-body", "innerHTML"
        return answer
    return render(request, "desk/verb_page.html", {**context, **nav.frame(request, "incidents")}, status=status)


@require_safe
@agents
def waiting(request: HttpRequest, number: str) -> HttpResponse:
    """The lines of the outbox, asked for again when one was due; when all have gone, the conversation anew too."""
    actor = actor_of(request)
    row = facade.ticket(actor, number)
    if not is_partial(request) or not row["internal"]:
        return refused(request, 404)
    context = panes.gather(request, actor, row, fragment=True)
    return render(request, "desk/outbox_again.html", context)
