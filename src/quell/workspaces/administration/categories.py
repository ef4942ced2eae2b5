"""The tree of categories: everybody's, and under it what an organisation has added for itself."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade

from .doors import door, nothing_here, page
from .forms import CategoryForm
from .places import Place, place_of

#: Categories may be this deep, so a parent stands above that.
DEEPEST = 3


@require_http_methods(["GET", "HEAD", "POST"])
@door(SETTINGS_MANAGE)
def categories(request: HttpRequest) -> HttpResponse:
    """The tree of a place; a POST adds a category to it."""
    actor = actor_of(request)
    place = place_of(request, actor)
    rows = facade.category_tree(place.id)
    form = _form(rows, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["name"]
        data: dict[str, Any] = {"name": name, "code": code_of(name), "parent": form.cleaned_data["parent"] or None}
        if place.code:
            data["organisation"] = place.code
        try:
            facade.create_category(actor, data)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("“%(name)s” can be chosen now.") % {"name": name})
            return _back(place)
    context = {"rows": rows, "form": form, "place": place, "trail": [{"label": _("Categories"), "url": ""}]}
    return page(request, "categories", context, status=422 if form.is_bound else 200)


@require_POST
@door(SETTINGS_MANAGE)
def rename(request: HttpRequest, category_id: int) -> HttpResponse:
    """Another name for a category."""
    actor, place, row = _known(request, category_id)
    name = " ".join(request.POST.get("name", "").replace("\x00", "").split())
    try:
        if name != row.name:  # as it stands, perhaps in the reader's language: nothing to write down
            facade.edit_category(actor, row.id, {"name": name})
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("Saved."))
    return _back(place)


@require_POST
@door(SETTINGS_MANAGE)
def set_active(request: HttpRequest, category_id: int, active: bool) -> HttpResponse:
    """Take a category out of use with all below it, or into use again by itself."""
    actor, place, row = _known(request, category_id)
    try:
        with transaction.atomic():
            if active:
                facade.activate_category(actor, row.id)
            else:
                for one in facade.category_tree(place.id):
                    if one.own and one.active and f"{one.path}/".startswith(f"{row.path}/"):
                        facade.deactivate_category(actor, one.id)
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("Saved."))
    return _back(place)


def code_of(name: str) -> str:
    """A code for a name. Scripts without Latin letters give their code points, so that every name has one."""
    plain = slugify(unicodedata.normalize("NFKD", name.replace("ø", "oe").replace("Ø", "oe").replace("æ", "ae")))
    return (plain or "-".join(f"{ord(sign):x}" for sign in name if not sign.isspace()))[:60].strip("-_") or "category"


def _form(rows: list[facade.CategoryLine], data: Any) -> CategoryForm:
    parents = [(row.path, "\u2003" * row.level + row.name) for row in rows if row.active and row.level < DEEPEST - 1]
    return CategoryForm(data, parents=parents)


def _known(request: HttpRequest, category_id: int) -> tuple[Actor, Place, facade.CategoryLine]:
    """The category, if it belongs to the very place that is looked at."""
    actor = actor_of(request)
    place = place_of(request, actor)
    row = next((one for one in facade.category_tree(place.id) if one.id == category_id and one.own), None)
    if row is None:
        raise nothing_here()
    return actor, place, row


def _back(place: Place) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("administration:categories") + place.query)
