"""Steps 3 to 5 of the set-up: who works when, what is looked after, and a first report through the whole of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import PEOPLE_MANAGE
from quell.kernel.actions import set_up
from quell.kernel.actions.directory.people import create_person
from quell.kernel.actions.directory.teams import create_team
from quell.kernel.actions.once import fingerprint, once
from quell.kernel.config.refusal import Invalid, NotFound, Refusal
from quell.kernel.jobs.app import enqueue
from quell.kernel.ui import password_reset
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade as incidents
from quell.practices.intake import facade as intake
from quell.practices.services import facade as services_room

from . import queries, starting
from .categories import code_of
from .doors import reach
from .forms import Choices
from .set_up import Fault, Row, go, guide, saved, settings_now, size_kept, step_page, subject
from .set_up_forms import CategoriesForm, HoursForm, PeopleForm, ServicesForm, SuggestedForm, TeamsForm, TryForm

#: More are counted, not listed.
SHOWN = 12


@require_http_methods(["GET", "HEAD", "POST"])
@guide
def teams(request: HttpRequest) -> HttpResponse:
    """Step 3: the hours of the desk, its teams, and the colleagues in them."""
    actor = actor_of(request)
    place = subject(actor)
    rows = _teams(actor, place)
    if (gone := go(request, actor, set_up.TEAMS, lambda: "" if rows else _("Make a team first, or skip."))) is not None:
        return gone
    part = request.POST.get("part", "")
    suggested = starting.not_yet(starting.TEAMS[size_kept()], (row["name"] for row in rows))
    hours = HoursForm(request.POST if part == "hours" else None, initial=settings_now(HoursForm.of))
    made = TeamsForm(request.POST if part == "teams" else None, suggested=_choices(suggested))
    invited = PeopleForm(
        request.POST if part == "people" else None, teams=[(row["code"], row["name"]) for row in rows],
        initial={"role": "agent", "team": rows[0]["code"] if rows else ""},
    )  # fmt: skip
    done = (
        (part == "hours" and saved(request, actor, hours))
        or (part == "teams" and _make_teams(request, actor, place, made, suggested))
        or (part == "people" and _invite(request, actor, place, invited))
    )
    if done:
        return HttpResponseRedirect(request.path)
    context = {
        "place": place,
        "rows": rows,
        "hours": hours,
        "teams_form": made,
        "people": invited,
        "by_mail": password_reset.offered(),
    }
    return step_page(
        request, set_up.TEAMS, context, next((one for one in (hours, made, invited) if one.is_bound), None)
    )


def _teams(actor: Actor, place: Row | None) -> list[Row]:
    """The active teams of the organisation, by name."""
    if place is None:
        return []
    found, _next = queries.teams(reach(actor, PEOPLE_MANAGE), place["code"], "", "")
    return [row for row in found if row["active"]]


def _make_teams(
    request: HttpRequest, actor: Actor, place: Row | None, form: TeamsForm, suggested: list[starting.Suggestion]
) -> bool:
    made = _make(place, form, suggested, partial(create_team, actor))
    if made:
        said = ngettext("%(count)d team is there.", "%(count)d teams are there.", made)
        messages.success(request, said % {"count": made})
    return made > 0


def _make(
    place: Row | None,
    form: SuggestedForm,
    suggested: list[starting.Suggestion],
    create: Callable[[dict[str, Any]], object],
    facts: Callable[[starting.Suggestion], dict[str, Any]] = lambda _one: {},
) -> int:
    """Make everything that is ticked and written, or nothing; `facts` are those of one thing beside its code, name and
    place. Returns how many were made: 0 when the form says why not."""
    if place is None:
        return _no_place(form)
    if not form.is_valid():
        return 0
    try:
        wanted = _wanted(form, suggested)
        with transaction.atomic():
            for one in wanted:
                whole = {"code": one.code, "name": str(one.name), "organisation": place["code"], **facts(one)}
                starting.under_free_code(create, whole, place["code"])
    except Refusal as no:
        form.refuse(no)
        return 0
    return len(wanted)


def _invite(request: HttpRequest, actor: Actor, place: Row | None, form: PeopleForm) -> bool:
    """Make everybody, or nobody when one line is wrong; where mail leaves, each gets a link to choose a password."""
    if place is None:
        return _no_place(form)
    if not form.is_valid():
        return False
    role, team = form.cleaned_data["role"], form.cleaned_data["team"]
    grant: list[Any] = [{"role": role, "everywhere": True}] if role == "administrator" else [role] if role else []
    try:
        found = starting.people(form.cleaned_data["people"])
        with transaction.atomic():
            for name, email in found:
                facts = {"name": name, "email": email, "organisation": place["code"], "roles": grant}
                create_person(actor, {**facts, "teams": [team] if team else []})
                if password_reset.offered():
                    enqueue("ui.send_invitation", queue="mail", email=email)
    except Refusal as no:
        form.add_error("people", no.sentence)
        return False
    if password_reset.offered():
        said = ngettext("%(count)d person is invited by mail.", "%(count)d people are invited by mail.", len(found))
    else:
        said = ngettext(
            "%(count)d person is known. Without mail, set their password on their page.",
            "%(count)d people are known. Without mail, set their passwords on their pages.",
            len(found),
        )
    messages.success(request, _count(said, found))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@guide
def services(request: HttpRequest) -> HttpResponse:
    """Step 4: what people depend on, and what reports are about."""
    actor = actor_of(request)
    place = subject(actor)
    rows = _services(actor, place)
    tree = incidents.category_tree(place["id"] if place else None)
    active = [row for row in tree if row.active]
    if (gone := go(request, actor, set_up.SERVICES, lambda: _services_fault(rows, active))) is not None:
        return gone
    part = request.POST.get("part", "")
    suggested = starting.not_yet(starting.SERVICES[size_kept()], (row["name"] for row in rows))
    made = ServicesForm(request.POST if part == "services" else None, suggested=_choices(suggested))
    categories = CategoriesForm(request.POST if part == "categories" else None)
    done = (part == "services" and _make_services(request, actor, place, made, suggested)) or (
        part == "categories" and _make_categories(request, actor, place, categories)
    )
    if done:
        return HttpResponseRedirect(request.path)
    context = {
        "place": place,
        "rows": rows[:SHOWN],
        "more": max(0, len(rows) - SHOWN),
        "tree": [row for row in active if row.level == 0],
        "services_form": made,
        "categories": categories,
    }
    return step_page(request, set_up.SERVICES, context, next((one for one in (made, categories) if one.is_bound), None))


def _services(actor: Actor, place: Row | None) -> list[Row]:
    if place is None:
        return []
    return services_room.services(actor, services_room.Asked("", True, place["code"], 200, None))[:200]


def _services_fault(rows: list[Row], tree: list[Any]) -> Fault:
    if not rows:
        return _("Name one service first, or skip.")
    return "" if tree else _("Name one category first, or skip.")


def _make_services(
    request: HttpRequest, actor: Actor, place: Row | None, form: ServicesForm, suggested: list[starting.Suggestion]
) -> bool:
    made = _make(
        place,
        form,
        suggested,
        partial(services_room.create, actor),
        lambda one: {"status": "live", "criticality": one.criticality},
    )
    if made:
        said = ngettext("%(count)d service can be chosen now.", "%(count)d services can be chosen now.", made)
        messages.success(request, said % {"count": made})
    return made > 0


def _make_categories(request: HttpRequest, actor: Actor, place: Row | None, form: CategoriesForm) -> bool:
    if place is None:
        return _no_place(form)
    if not form.is_valid():
        return False
    try:
        names = starting.lines(form.cleaned_data["names"])
        with transaction.atomic():
            for name in names:
                facts = {"name": name, "code": code_of(name), "parent": None, "organisation": place["code"]}
                incidents.create_category(actor, facts)
    except Refusal as no:
        form.add_error("names", no.sentence)
        return False
    if not names:
        form.add_error("names", _("Give the category a name."))
        return False
    said = ngettext("%(count)d category can be chosen now.", "%(count)d categories can be chosen now.", len(names))
    messages.success(request, _count(said, names))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@guide
def try_it(request: HttpRequest) -> HttpResponse:
    """Step 5: a real report, by the portal's own way, and where it landed."""
    actor = actor_of(request)
    filed = _filed(actor)
    if (
        gone := go(request, actor, set_up.TRY, lambda: "" if filed else _("File the report first, or skip."))
    ) is not None:
        return gone
    part = request.POST.get("part", "")
    if part == "withdraw" and filed is not None:
        try:
            incidents.act(actor, "cancel", filed["number"], {"reason": _("It was a test of the set-up.")})
        except Refusal as no:
            messages.error(request, no.sentence)
        return HttpResponseRedirect(request.path)
    form = TryForm(request.POST if part == "try" else None, initial={"title": _("A test of the set-up")})
    if part == "try" and form.is_valid():
        try:
            _file(actor, form)
        except Refusal as no:
            if any(error.field.startswith("answers.") for error in no.errors):
                form.add_error("title", _("These words call for a question of the report form. Take other words."))
            else:
                form.refuse(no)
        else:
            return HttpResponseRedirect(request.path)
    again = "again" in request.GET
    return step_page(request, set_up.TRY, {"form": form, "filed": None if again else filed}, form)


def _file(actor: Actor, form: TryForm) -> None:
    """The report and the step's memory of it: both, or nothing. The same form sent twice files once."""
    facts = {"title": form.cleaned_data["title"], "description": _("Filed by the set-up, to see a report arrive.")}

    def work() -> str:
        number = intake.report(actor, {**facts, "impact": 3, "urgency": 3}, channel="portal")
        set_up.keep(actor, set_up.TRY, set_up.DONE, number=number)
        return number

    once(actor.person_id or 0, form.cleaned_data["token"], fingerprint(*facts.values()), work)


def _filed(actor: Actor) -> Row | None:
    """The test report as it stands now; None when none was filed, or it is gone with the demonstration."""
    number = set_up.progress().step(set_up.TRY).facts.get("number", "")
    if not number:
        return None
    try:
        return incidents.ticket(actor, number)
    except NotFound:
        return None


def _choices(suggested: list[starting.Suggestion]) -> Choices:
    return [(one.code, str(one.name)) for one in suggested]


def _wanted(form: SuggestedForm, suggested: list[starting.Suggestion]) -> list[starting.Suggestion]:
    """What is ticked and written. Raises Invalid when it is nothing."""
    ticked = set(form.cleaned_data.get("suggested") or ())
    found = [one for one in suggested if one.code in ticked]
    known = {str(one.name).casefold() for one in found}
    written = [name for name in starting.lines(form.cleaned_data["others"]) if name.casefold() not in known]
    found += [starting.Suggestion(code_of(name), name, 3) for name in written]
    if not found:
        raise Invalid(_("Tick something, or write a name."))
    return found


def _no_place(form: Any) -> bool:
    form.full_clean()
    form.add_error(None, _("Name your organisation first: that is step 1."))
    return False


def _count(sentence: str, things: list[Any]) -> str:
    return sentence % {"count": len(things)}
