"""The first set-up: five steps, each at an address of its own (ux.md 2.23). Any can be skipped and taken up again.

A page of a step holds small forms that do their work at once, by the same actions as the pages of administration, and
at its foot the ways on: back, skip, go on. Going on is refused while what the step is for is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import PEOPLE_MANAGE, SETTINGS_MANAGE
from quell.kernel.actions import demonstration, set_up, trial_mail
from quell.kernel.actions.directory import organisations as places
from quell.kernel.actions.options import overview, put_options
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import View, actor_of

from . import queries, starting
from .categories import code_of
from .doors import door, page, reach
from .set_up_forms import OrganisationStep, PhoneForm, SettingsForm, TrialForm

Row = dict[str, Any]
Fault = str
#: How a mail server is named, as people copy it; docs/guides/for-operators.md has the words to it.
VARIABLES = (
    ("QUELL_SMTP_HOST", "mail.example.com"),
    ("QUELL_SMTP_PORT", "587"),
    ("QUELL_SMTP_TLS", "1"),
    ("QUELL_SMTP_USER", "desk@example.com"),
    ("QUELL_SMTP_PASSWORD", "…"),
    ("QUELL_MAIL_FROM", "Service desk <desk@example.com>"),
)


def guide(view: View) -> View:
    """Open to administrators of the whole instance alone: both capabilities, everywhere."""
    return door(PEOPLE_MANAGE, whole_instance=True)(door(SETTINGS_MANAGE, whole_instance=True)(view))


@require_safe
@guide
def index(request: HttpRequest) -> HttpResponse:
    """To the step where it goes on."""
    return HttpResponseRedirect(set_up.progress().next.url)


@require_http_methods(["GET", "HEAD", "POST"])
@guide
def organisation(request: HttpRequest) -> HttpResponse:
    """Step 1: whose desk this is; and whether to begin with the demonstration or with nothing."""
    actor = actor_of(request)
    if (gone := go(request, actor, set_up.ORGANISATION, lambda: "")) is not None:
        return gone
    place, size = subject(actor), size_kept()
    form = OrganisationStep(
        request.POST if request.method == "POST" else None,
        initial={"name": place["name"] if place else "", "size": size},
    )
    if form.is_bound and form.is_valid():
        try:
            code = _named(actor, place, form.cleaned_data["name"])
        except Refusal as no:
            form.refuse(no)
        else:
            facts = {"organisation": code, "size": form.cleaned_data["size"]}
            set_up.keep(actor, set_up.ORGANISATION, set_up.DONE, **facts)
            return onward(set_up.ORGANISATION)
    known = demonstration.demonstration()
    context = {
        "form": form,
        "place": place,
        "demonstration": known.size() if known else None,
        "leaving": demonstration.leaving().state in ("waiting", "running"),
        "primary": "organisation",
    }
    return step_page(request, set_up.ORGANISATION, context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@guide
def mail(request: HttpRequest) -> HttpResponse:
    """Step 2: how people get in, and a test mail that says within seconds whether mail leaves."""
    actor = actor_of(request)
    if (gone := go(request, actor, set_up.MAIL, lambda: _mail_fault(request))) is not None:
        return gone
    part = request.POST.get("part", "")
    phone = PhoneForm(request.POST if part == "phone" else None, initial=settings_now(PhoneForm.of))
    trial = TrialForm(request.POST if part == "trial" else None, initial={"to": actor.email})
    if part == "phone" and saved(request, actor, phone):
        return HttpResponseRedirect(request.path)
    if part == "trial" and trial.is_valid():
        try:
            trial_mail.ask(actor, trial.cleaned_data["to"])
        except Refusal as no:
            trial.refuse(no)
        else:
            return HttpResponseRedirect(f"{request.path}#tried")
    refused = next((form for form in (phone, trial) if form.is_bound), None)
    context = {"phone": phone, "trial": trial, "variables": VARIABLES, **_tried()}
    return step_page(request, set_up.MAIL, context, refused)


@require_safe
@guide
def mail_tried(request: HttpRequest) -> HttpResponse:
    """What came of the test mail, for the page that asks every second."""
    return render(request, "administration/set_up_tried.html", _tried())


def _tried() -> dict[str, Any]:
    tried = trial_mail.latest(set_up.progress().step(set_up.MAIL))
    return {"tried": tried, "sink": trial_mail.sink()}


def _mail_fault(request: HttpRequest) -> Fault:
    tried = _tried()["tried"]
    if (tried is not None and tried.state == trial_mail.SENT) or request.POST.get("without"):
        return ""
    return _("Send a test mail that arrives, or say that you begin without mail.")


def _named(actor: Actor, place: Row | None, name: str) -> str:
    """The organisation under this name: renamed, or made where there is none but the demonstration's."""
    if place is None:
        made = {"code": code_of(name), "name": name}
        return starting.under_free_code(partial(places.create_organisation, actor), made, "own")
    if place["name"] != name:
        places.edit_organisation(actor, place["code"], {"name": name})
    return str(place["code"])


def subject(actor: Actor) -> Row | None:
    """The organisation that is being set up: the one chosen before, else one's own; None while that is the
    demonstration's."""
    kept = set_up.progress().step(set_up.ORGANISATION).facts.get("organisation", "")
    rows = [row for row in queries.organisations(reach(actor, PEOPLE_MANAGE)) if row["active"]]
    chosen = next((row for row in rows if row["code"] == kept), None)
    if chosen is not None:
        return chosen
    known = demonstration.demonstration()
    if known is not None and known.covers(actor.organisation_id or 0):
        return None
    return next((row for row in rows if row["id"] == actor.organisation_id), None)


def size_kept() -> str:
    """How many work in IT, as step 1 keeps it."""
    size = set_up.progress().step(set_up.ORGANISATION).facts.get("size", "")
    return size if size in dict(starting.SIZES) else starting.MICRO


def settings_now(of: dict[str, str]) -> dict[str, str]:
    """What is set for the whole instance, by the names of a form's fields."""
    values = {one.option.key: one.value for one in overview(None)}
    return {name: str(values[key]) for name, key in of.items()}


def saved(request: HttpRequest, actor: Actor, form: SettingsForm) -> bool:
    """Save the settings of a form for the whole instance; a refusal goes to its fields."""
    if not form.is_valid():
        return False
    try:
        put_options(actor, form.settings(), None)
    except Refusal as no:
        form.refuse(no)
        return False
    messages.success(request, _("Saved."))
    return True


def go(request: HttpRequest, actor: Actor, step: str, fault: Callable[[], Fault]) -> HttpResponse | None:
    """The ways on at the foot of a page: None when none of them was pressed. `fault` says why the step cannot count as
    done, "" when it can."""
    way = request.POST.get("go", "") if request.method == "POST" else ""
    if way == "skip":
        if set_up.progress().step(step).state != set_up.DONE:
            set_up.keep(actor, step, set_up.SKIPPED)
        return onward(step)
    if way == "on":
        if sentence := fault():
            messages.error(request, sentence)
            return HttpResponseRedirect(request.path)
        set_up.keep(actor, step, set_up.DONE)
        return onward(step)
    return None


def onward(step: str) -> HttpResponse:
    """To the step after this one; after the last, home."""
    following = set_up.STEPS[set_up.STEPS.index(step) + 1 :]
    return HttpResponseRedirect(f"/admin/set-up/{following[0]}" if following else "/admin/")


def step_page(
    request: HttpRequest, step: str, context: dict[str, Any], refused: Any = None, *, status: int = 0
) -> HttpResponse:
    """The page of a step; `refused` is the form that could not be taken."""
    progress = set_up.progress()
    here = progress.step(step)
    bound = refused is not None and refused.is_bound
    frame = {
        "progress": progress,
        "here": here,
        "before": progress.steps[here.number - 2] if here.number > 1 else None,
        "last": here.number == len(progress.steps),
        "trail": [{"label": _("Set-up"), "url": ""}],
    }
    return page(request, f"set_up_{step}", {**frame, **context}, status=status or (422 if bound else 200))
