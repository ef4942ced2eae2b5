"""The priority matrix: impact × urgency → priority, as a grid of choices that is checked while it is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quell.engines.matrix import DEFAULT_CELLS, SMALL_CELLS
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade

from .doors import door, page
from .listing import asked
from .places import Place, place_of

Cells = list[list[int]]
PRESETS = {"3": SMALL_CELLS, "4": DEFAULT_CELLS}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the grid: an impact, and for each urgency the field's name, the priority, and whether the order of
    the matrix breaks there."""

    label: str
    cells: list[tuple[str, int, bool, str]]


@require_http_methods(["GET", "HEAD", "POST"])
@door(SETTINGS_MANAGE)
def matrix(request: HttpRequest) -> HttpResponse:
    """The matrix of a place; a POST stores another version."""
    actor = actor_of(request)
    place = place_of(request, actor)
    version, cells = facade.matrix(place.id)
    if request.method == "POST":
        sent, based_on = _sent(request)
        try:
            facade.put_matrix(actor, sent, organisation_id=place.id, based_on=based_on)
        except Refusal as no:
            return _page(request, place, sent, version, refusal=no.sentence, status=422)
        messages.success(request, _("Stored. It decides for what is reported from now on."))
        return HttpResponseRedirect(reverse("administration:matrix") + place.query)
    preset = PRESETS.get(asked(request, "size"))
    if preset is not None:
        return _page(request, place, [list(row) for row in preset], version)
    if version == 0 and place.id is not None and (above := facade.matrix_in_force(place.id)):
        cells = above.cells
    return _page(request, place, cells, version)


@require_POST
@door(SETTINGS_MANAGE)
def check(request: HttpRequest) -> HttpResponse:
    """The grid as it was sent, coloured and checked; nothing is stored."""
    place_of(request, actor_of(request))
    sent, _based_on = _sent(request)
    return render(request, "administration/matrix_grid.html", _grid(sent))


def _sent(request: HttpRequest) -> tuple[Cells, int]:
    """The cells of a form, as they are: what is wrong with them is said by the check."""
    size = 3 if request.POST.get("size") == "3" else 4
    cells = [[_number(request.POST.get(f"cell-{i}-{u}", "")) for u in range(size)] for i in range(size)]
    return cells, _number(request.POST.get("based_on", ""))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _grid(cells: Cells) -> dict[str, Any]:
    names = _levels(len(cells))
    lines = []
    for i, row in enumerate(cells):
        line = []
        for u, cell in enumerate(row):
            broken = bool((i and cell < cells[i - 1][u]) or (u and cell < row[u - 1]))
            label = _("Impact %(impact)s, urgency %(urgency)s") % {"impact": names[i], "urgency": names[u]}
            line.append((f"cell-{i}-{u}", cell, broken, label))
        lines.append(Line(names[i], line))
    return {
        "lines": lines,
        "names": names,
        "size": len(cells),
        "faults": facade.matrix_faults(cells),
        "priorities": range(1, 6),
    }


def _levels(size: int) -> list[str]:
    if size == 3:
        return [_("High"), _("Medium"), _("Low")]
    return [_("1 Very high"), _("2 High"), _("3 Medium"), _("4 Low")]


def _page(
    request: HttpRequest, place: Place, cells: Cells, version: int, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    above = facade.matrix_in_force(place.id) if place.id is not None and version == 0 else None
    versions = facade.matrix_history(place.id)
    context = {
        **_grid(cells),
        "place": place,
        "version": version,
        "refusal": refusal,
        "follows": _followed(place, version, above),
        "versions": [
            {"version": one.version, "by": one.created_by.name if one.created_by else "", "at": one.created_at,
             "cells": one.cells}
            for one in versions[:20]
        ],
        "trail": [{"label": _("Priority matrix"), "url": ""}],
    }  # fmt: skip
    return page(request, "matrix", context, status=status)


def _followed(place: Place, version: int, above: Any) -> str:
    """Whose matrix decides while a place has none of its own."""
    if place.id is None or version:
        return ""
    return (above.organisation if above else "") or _("the whole instance")
