"""/styleguide: every component in every state, and sample pages built from the shells.

It is the reference for page builders and the page that the accessibility and picture tests look at. It
shows nothing of the installation, so anyone may open it.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quell.kernel.ui import samples

SAMPLES = {"workspace": "ui/sample_workspace.html", "queue": "ui/sample_queue.html",
           "portal": "ui/sample_portal.html", "report": "ui/sample_report.html",
           "sign-in": "ui/sample_sign_in.html"}  # fmt: skip


COLOURS = [
    "bg",
    "surface",
    "surface2",
    "sunken",
    "brand",
    "brand-soft",
    "p1",
    "p1-soft",
    "p2",
    "p2-soft",
    "p3",
    "p3-soft",
    "p4",
    "p4-soft",
    "p5",
    "p5-soft",
    "ok",
    "ok-soft",
    "paused",
    "paused-soft",
    "note-bg",
]


@lru_cache(maxsize=1)
def _icon_names() -> list[str]:
    """What the sprite holds, in its own order."""
    sprite = Path(__file__).with_name("static") / "quell" / "icons.svg"
    return re.findall(r'<symbol id="i-([a-z0-9-]+)"', sprite.read_text(encoding="utf-8"))


class Example(forms.Form):
    """One of each kind of field."""

    title = forms.CharField(
        label=_("What is wrong?"), error_messages={"required": _("Tell us what is wrong")}, max_length=200
    )
    detail = forms.CharField(label=_("More detail"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    affected = forms.ChoiceField(
        label=_("Who is affected?"),
        choices=[("me", _("Only me")), ("team", _("My team")), ("site", _("The whole site"))],
        widget=forms.RadioSelect, initial="me",
    )  # fmt: skip
    severity = forms.ChoiceField(
        label=_("How badly?"),
        choices=[("3", _("Annoying")), ("2", _("Slows me down")), ("1", _("Cannot work"))],
        widget=forms.RadioSelect, initial="2",
    )  # fmt: skip
    device = forms.ChoiceField(
        label=_("Which device?"), choices=[("", "–"), ("lt", "LT-4471"), ("pc", "PC-0912")], required=False
    )
    needed = forms.DateField(label=_("Needed by"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    mail = forms.BooleanField(label=_("Tell me by e-mail"), required=False, initial=True)
    quiet = forms.BooleanField(label=_("Quiet hours"), required=False)
    picture = forms.FileField(label=_("Files"), required=False)


def _context(request: HttpRequest) -> dict[str, Any]:
    now = timezone.now()
    refused = Example(data={"title": "", "affected": "me", "severity": "2", "needed": "2020-01-31"})
    refused.add_error("needed", _("Choose a day from today on"))
    return {
        "pages": list(SAMPLES),
        "colours": COLOURS,
        "icons": _icon_names(),
        "form": Example(auto_id="ok_%s"),
        "refused": refused,
        "now": now,
        "yesterday": now - timedelta(days=1),
        "last_week": now - timedelta(days=8),
        "last_year": now - timedelta(days=500),
        "number_link": lambda number: f"#{number}",
        **samples.context(now),
    }


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component."""
    return render(request, "ui/styleguide.html", _context(request))


def sample(request: HttpRequest, name: str) -> HttpResponse:
    """A whole page from one of the shells, with made-up content; the report form answers as a real one does."""
    if name not in SAMPLES:
        raise Http404
    report = Example(request.POST or None, request.FILES or None)
    if request.method == "POST" and report.is_valid():
        return redirect("ui:sample", "portal")
    status = 422 if request.method == "POST" else 200
    return render(request, SAMPLES[name], _context(request) | {"report": report}, status=status)
