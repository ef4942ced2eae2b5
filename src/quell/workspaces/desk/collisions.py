"""Somebody was faster: who changed the same fact, when, and both values to choose from (ux.md 1.3, Inline edit)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quell.kernel.ui import moments
from quell.practices.incidents import facade

from . import wording

#: Up to here a moment is told as now, in seconds, and in minutes.
JUST, SECONDS, MINUTES = 5, 100, 90 * 60


def both(row: dict[str, Any], name: str, form: forms.Form, change: facade.Collision, carried: str) -> dict[str, str]:
    """For the form in its place: the sentence, both values in words, and the address that shows theirs."""
    theirs = wording.value(name, row.get(f"{name}_name") or row.get(name)) or _("nothing")
    told = {
        "who": change.who or "Quell",
        "label": wording.FIELDS[name],
        "ago": ago(datetime.now(UTC), change.at),
        "theirs": theirs,
    }
    return {
        "sentence": _("%(who)s changed “%(label)s” to “%(theirs)s” %(ago)s.") % told,
        "theirs": _short(theirs),
        "yours": _short(_chosen(form, name) or _("nothing")),
        "fresh": f"/incidents/{row['number']}/fresh{carried}",
    }


def ago(now: datetime, then: datetime) -> str:
    """How long since: seconds, minutes, then the time itself."""
    seconds = max(0, int((now - then).total_seconds()))
    if seconds < JUST:
        return _("just now")
    if seconds < SECONDS:
        return ngettext("%(count)d s ago", "%(count)d s ago", seconds) % {"count": seconds}
    if seconds < MINUTES:
        return ngettext("%(count)d min ago", "%(count)d min ago", seconds // 60) % {"count": seconds // 60}
    return moments.short(then, with_time=True)


def _chosen(form: forms.Form, name: str) -> str:
    """What was chosen, in the words of its control."""
    content = form.cleaned_data.get(name)
    choices = getattr(form.fields[name], "choices", ())
    return str(next((label for code, label in choices if str(code) == str(content)), content))


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
