"""Agreements: what has been promised to whom, one agreement with its versions, and each step of a version's life."""

from __future__ import annotations

from collections.abc import Collection
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import AGREEMENTS_MANAGE, SETTINGS_MANAGE
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import View, actor_of, signed_in
from quell.practices.agreements import facade
from quell.practices.calendars import facade as calendars
from quell.practices.services import facade as services

from . import history, queries
from .doors import door, nothing_here, page, reach
from .forms import CODE_HINT, CODE_SAID, Asked, Choices, text
from .listing import asked

Row = dict[str, Any]
MANAGE = (AGREEMENTS_MANAGE, SETTINGS_MANAGE)
#: The colour of a state's tag.
COLOURS = {
    "draft": "outline", "negotiation": "info", "agreed": "info", "active": "ok", "under_review": "warn",
    "renewed": "outline", "expired": "outline", "terminated": "outline",
}  # fmt: skip
ALL_SERVICES = services.Asked("", True, None, 200, None)


def open_to_readers(view: View) -> View:
    """Open to everybody who works, wherever that is: promises are kept only by those who know them."""

    @signed_in
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not facade.may_read(actor_of(request)):
            raise nothing_here()
        return view(request, *args, **kwargs)

    return guarded


def kinds() -> Choices:
    """Every kind of agreement in words."""
    return [(code, facade.kind_word(code)) for code in facade.KINDS]


def states() -> Choices:
    """Every state in words."""
    return [(code, facade.state_word(code)) for code in facade.STATES]


class AgreementForm(Asked):
    """Who agrees with whom; the code, kind and keeper only when it is new."""

    name = text(gettext_lazy("Name"), length=200, said=gettext_lazy("Give the agreement a name."))
    code = text(gettext_lazy("Code"), length=60, said=CODE_SAID)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    organisation = forms.ChoiceField(
        label=gettext_lazy("Kept by"), help_text=gettext_lazy("The organisation whose people write and end it.")
    )
    customer = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        required=False,
        help_text=gettext_lazy("Without a choice it is for everybody of the organisation that keeps it."),
    )
    team = forms.ChoiceField(
        label=gettext_lazy("Team that promises it"), required=False, help_text=gettext_lazy("Only for an OLA.")
    )
    supplier = text(gettext_lazy("Supplier"), length=200, required=False)
    owner = forms.EmailField(
        label=gettext_lazy("Owner"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("The e-mail address of the person who answers for it."),
        error_messages={"invalid": gettext_lazy("This is not an e-mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "list": "people-known"}),
    )

    def __init__(self, *args: Any, actor: Actor, places: Choices, row: Row | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("kind", kinds())
        self.choose("organisation", places)
        self.choose("customer", [("", _("– everybody –")), *places])
        self.choose("team", [("", _("– no team –")), *directory.teams(actor, None)])
        self.fields["code"].help_text = CODE_HINT
        self.fields["supplier"].help_text = _("Only for a contract with a supplier.")
        if row is not None:
            fixed = {"sla": ("team", "supplier"), "ola": ("supplier",), "uc": ("team",)}[row["kind"]]
            agreed = any(not one["open"] for one in row["versions"])
            for name in ("code", "kind", "organisation", *fixed, *(("customer", "team", "supplier") if agreed else ())):
                self.fields.pop(name, None)

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        given = self.values(*(name for name in self.fields if name != "version"))
        return {
            name: (value or None) if name in ("customer", "team", "owner") else value for name, value in given.items()
        }


@require_safe
@open_to_readers
def agreements(request: HttpRequest) -> HttpResponse:
    """Agreements by code, with the state of the version that counts and the next review."""
    actor = actor_of(request)
    wanted = {
        "text": asked(request, "q"),
        "kind": asked(request, "kind", ("", *facade.KINDS)),
        "state": asked(request, "state", ("", *facade.STATES)),
    }
    after = asked(request, "cursor") or None
    found = facade.agreements(
        actor, facade.Asked(wanted["text"], wanted["kind"] or None, wanted["state"] or None, None, queries.PAGE, after)
    )
    rows = [
        {**row, "kind_word": facade.kind_word(row["kind"]), "tag": _state(row["state"]), "with": _with_whom(row)}
        for row in found[: queries.PAGE]
    ]
    context = {
        "rows": rows,
        "next": rows[-1]["code"] if len(found) > queries.PAGE else "",
        "first": after is None,
        "wanted": wanted,
        "filtered": any(wanted.values()),
        "kinds": kinds(),
        "states": states(),
        "manages": bool(reach(actor, *MANAGE)),
        "trail": [{"label": _("Agreements"), "url": ""}],
    }
    return page(request, "agreements", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door(*MANAGE)
def new_agreement(request: HttpRequest) -> HttpResponse:
    """Make an agreement known; its first version is a draft."""
    actor = actor_of(request)
    data = request.POST if request.method == "POST" else None
    begun = {"kind": asked(request, "kind", facade.KINDS), "owner": actor.email}
    form = AgreementForm(data, initial=begun, actor=actor, places=_places(actor))
    if form.is_bound and form.is_valid():
        try:
            code = facade.create(actor, form.facts())
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("Now write what it promises."))
            return HttpResponseRedirect(reverse("administration:write_agreement", args=[code]))
    context = {
        "form": form,
        "row": None,
        "known": directory.workers(actor, None),
        "trail": [trail(), {"label": _("New agreement"), "url": ""}],
    }
    return page(request, "agreement_head", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door(*MANAGE)
def agreement_head(request: HttpRequest, code: str) -> HttpResponse:
    """Name, owner, and until something is agreed who it is with."""
    actor = actor_of(request)
    row = managed(actor, code)
    begun = {name: row[name] or "" for name in ("name", "customer", "team", "supplier", "owner")}
    data = request.POST if request.method == "POST" else None
    form = AgreementForm(
        data, initial={**begun, "version": row["version"]}, actor=actor, places=_places(actor), row=row
    )
    if form.is_bound and form.is_valid():
        try:
            facade.edit(actor, code, form.facts(), version=form.guard)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("administration:agreement", args=[code]))
    context = {
        "form": form,
        "row": row,
        "known": directory.workers(actor, None),
        "trail": [trail(), {"label": row["name"], "url": reverse("administration:agreement", args=[code])}],
    }
    return page(request, "agreement_head", context, status=422 if form.is_bound else 200)


@require_safe
@open_to_readers
def agreement(request: HttpRequest, code: str) -> HttpResponse:
    """One agreement: the version looked at with its promises, chain, signatures and texts, and all others."""
    actor = actor_of(request)
    row = facade.agreement(actor, code)
    numbers = {str(one["number"]): one for one in row["versions"]}
    writing = next((one for one in row["versions"] if one["open"]), None)
    shown = numbers.get(asked(request, "version")) or numbers[str(row["number"])]
    older, newer = numbers.get(asked(request, "older")), numbers.get(asked(request, "newer"))
    manages = facade.may_manage(actor, row["organisation_id"])
    signed = {one["side"]: one for one in shown["signatures"]}
    told = _promises(shown["targets"])
    grid, promises = _by_priority(told)
    context = {
        "row": row,
        "kind_word": facade.kind_word(row["kind"]),
        "with": _with_whom(row),
        "shown": shown,
        "tag_shown": _state(shown["state"]),
        "versions": [{**one, "tag": _state(one["state"])} for one in row["versions"]],
        "grid": grid,
        "promises": promises,
        "pausing": {one["metric_name"]: one["pauses"] for one in told if one["pauses"]},
        "calendar_names": dict(facade.calendar_choices(actor)),
        "links": facade.chain_check(actor, code, shown["number"]) if row["kind"] == "sla" else [],
        "metric_names": {target["metric"]: target["metric_name"] for target in shown["targets"]},
        "sides": [(side, facade.side_word(side), signed.get(side)) for side in facade.SIDES],
        "tiers": [facade.credit_word(tier) for tier in shown["tiers"]],
        "manages": manages,
        "writing": writing,
        "may_sign": facade.may_sign(actor, row),
        "foreseen": facade.prospect(actor, code) if writing and manages and asked(request, "foresee") else [],
        "promised": promised(),
        "differences": facade.differences(row, older["number"], newer["number"]) if older and newer else None,
        "older": older,
        "newer": newer,
        "lines": history.of_subject(reach(actor, *MANAGE), "agreement", row["id"], limit=8) if manages else [],
        "trail": [trail(), {"label": row["name"], "url": ""}],
    }
    return page(request, "agreement", context)


#: What a button of the page does, and what is said afterwards.
STEPS = {
    "draft": (facade.draft, gettext_lazy("A draft that says what the last version says. Change it, then propose it.")),
    "propose": (facade.propose, gettext_lazy("It lies before both sides now.")),
    "revise": (facade.revise, gettext_lazy("It is a draft again.")),
    "discard": (facade.discard, gettext_lazy("The draft is gone; what it said stays in the history.")),
}


@require_POST
@door(*MANAGE)
def step(request: HttpRequest, code: str, move: str) -> HttpResponse:
    """One step in the life of the version that is being written."""
    does, said = STEPS[move]
    managed(actor_of(request), code)
    try:
        does(actor_of(request), code)
    except Refusal as no:
        messages.error(request, no.errors[0].message if no.errors else no.sentence)
    else:
        messages.success(request, str(said))
        if move == "draft":
            return HttpResponseRedirect(reverse("administration:write_agreement", args=[code]))
    return HttpResponseRedirect(reverse("administration:agreement", args=[code]))


@require_POST
@door(*MANAGE)
def sign(request: HttpRequest, code: str) -> HttpResponse:
    """A signature, one's own or one that is written down."""
    actor, post = actor_of(request), request.POST
    data = {name: post.get(name, "") for name in ("side", "name", "reference")}
    facade.agreement(actor, code)
    try:
        facade.sign(actor, code, data)
        row = facade.agreement(actor, code)
        warned = facade.warnings(actor, code, row["number"]) if row["state"] in ("agreed", "active") else []
    except Refusal as no:
        messages.error(request, no.errors[0].message if no.errors else no.sentence)
    else:
        messages.success(request, _("Signed."))
        for sentence in warned[:1]:
            messages.warning(request, sentence)
    return HttpResponseRedirect(reverse("administration:agreement", args=[code]))


@require_POST
@door(*MANAGE)
def terminate(request: HttpRequest, code: str, version_number: int) -> HttpResponse:
    """End a version before its time."""
    managed(actor_of(request), code)
    try:
        facade.terminate(actor_of(request), code, version_number, {"reason": request.POST.get("reason", "")})
    except Refusal as no:
        messages.error(request, no.errors[0].message if no.errors else no.sentence)
    else:
        messages.success(request, _("It holds no longer."))
    return HttpResponseRedirect(reverse("administration:agreement", args=[code]))


def managed(actor: Actor, code: str) -> Row:
    """An agreement this person may write; raises NotFound."""
    row = facade.agreement(actor, code)
    if not facade.may_manage(actor, row["organisation_id"]):
        raise nothing_here()
    return row


def promised(codes: Collection[str] = ()) -> dict[str, Any]:
    """What agreements, metrics and some calendars are called, for pages that say what a change would do: it knows
    codes."""
    known = facade.book().promised
    return {
        "metric": facade.metric_called,
        "agreements": {one.terms.agreement: one.agreement_name for one in known},
        "calendars": calendars.names(codes),
    }


def trail() -> dict[str, str]:
    """The step above every agreement."""
    return {"label": _("Agreements"), "url": reverse("administration:agreements")}


def _places(actor: Actor) -> Choices:
    return queries.choices(queries.organisations(reach(actor, *MANAGE)))


def _state(code: str | None) -> tuple[str, str] | None:
    return None if code is None else (facade.state_word(code), COLOURS.get(code, ""))


def _with_whom(row: Row) -> str:
    """The other side of an agreement, by name."""
    return (
        row["team_name"]
        or row["supplier"]
        or row["customer_name"]
        or _("everybody at %(name)s") % {"name": row["organisation_name"]}
    )


def _promises(targets: list[Row]) -> list[Row]:
    """Targets as the page tells them: what they are for in words."""
    told = []
    for target in targets:
        parts = [f"P{n}" for n in target["priorities"]]
        for_what = [", ".join(parts)] if parts else []
        for_what += [", ".join(target["service_names"])] if target["service_names"] else []
        for_what += (
            [_("criticality %(n)s") % {"n": ", ".join(map(str, target["criticalities"]))}]
            if target["criticalities"]
            else []
        )
        for_what += target["kinds"]
        pauses = ", ".join(facade.pause_word(one) for one in target["pauses_on"])
        goal = f"{target['goal_percent']:f}".rstrip("0").rstrip(".")
        told.append({**target, "for": " · ".join(for_what), "pauses": pauses, "goal": goal})
    return told


def _by_priority(promises: list[Row]) -> tuple[Row, list[Row]]:
    """What is promised for single priorities of everything as a grid of priorities by metrics, and the rest. A row has
    one calendar and one goal; what differs from them stands in the rest."""
    grid: Row = {"columns": {}, "rows": {}}
    rest = []
    for one in promises:
        alone = one["for"] == f"P{one['priorities'][0]}" if one["priorities"] else False
        row = grid["rows"].setdefault(one["priorities"][0], {**one, "cells": {}}) if alone else None
        fits = row is not None and (row["calendar"], row["goal"]) == (one["calendar"], one["goal"])
        if row is None or not fits or one["metric"] in row["cells"]:
            rest.append(one)
            continue
        row["cells"][one["metric"]] = one
        grid["columns"][one["metric"]] = one["metric_name"]
    grid["rows"] = dict(sorted(grid["rows"].items()))
    return grid, rest
