"""The sheet of keys: a part of every page of the desk, fetched when somebody first asks for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quell.kernel.people import keys


@require_safe
def shortcuts(request: HttpRequest) -> HttpResponse:
    """The keys as they are with this person; the shipped ones for a visitor, who meets them in the style guide."""
    sheet = keys.sheet(keys.kept_of(getattr(request, "user", None)))
    return render(request, "ui/components/shortcuts_sheet.html", {"key_sheet": sheet})
