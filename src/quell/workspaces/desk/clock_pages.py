"""Each clock of an incident explained: stretch by stretch, why this target, who held it, and what leads say of a
promise that was broken (ux.md 2.8; capabilities SL09, SL10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Forbidden, Refusal
from quell.kernel.ui.errors import is_partial, refused
from quell.kernel.ui.signed_in import actor_of
from quell.practices.agreements import facade as agreements
from quell.practices.calendars import facade as calendars
from quell.practices.clocks import facade as clocks
from quell.practices.incidents import facade

from . import clock_words, clocks_shown, listing, nav, wording
from .doors import agents
from .ticket import changed

_OUTCOMES = {
    "met": gettext_lazy("Kept"),
    "breached": gettext_lazy("Broken"),
    "cancelled": gettext_lazy("Taken back"),
    "superseded": gettext_lazy("Replaced by the next"),
}
_HELD = {
    "person": gettext_lazy("People"),
    "team": gettext_lazy("Teams"),
    "state": gettext_lazy("States"),
    "supplier": gettext_lazy("Suppliers"),
}
_KINDS_OF_STRETCH = {"ran": ("player-play", ""), "paused": ("clock-pause", "paused"), "stopped": ("player-pause", "")}


class JudgeForm(forms.Form):
    """Why a promise was broken, and whether attainment leaves it out."""

    breach_cause = forms.ChoiceField(label=gettext_lazy("What broke it"), required=False)
    excluded_because = forms.CharField(
        label=gettext_lazy("Leave it out of the figures, because"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Empty: it counts. Somebody else decides; the report lists it with this reason."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, str(clock_words.CAUSES[code])) for code in clocks.CAUSES]
        self.fields["breach_cause"].choices = [("", _("not judged")), *choices]  # type: ignore[attr-defined]


@require_safe
@agents
def explained(request: HttpRequest, number: str) -> HttpResponse:
    """All clocks, that of `clock` opened: in a dialog, or as a page of their own without script."""
    actor = actor_of(request)
    row = facade.ticket(actor, number)
    if not row["internal"]:
        raise Forbidden(_("Only those who work on this incident read its clocks at the desk."))
    carried = listing.encoded({name: text for name, text in listing.given(request.GET).items() if name != "clock"})
    context = {"row": row, "base": f"/incidents/{row['number']}", "carried": carried, **_told(request, actor, row)}
    if is_partial(request):
        return render(request, "desk/clocks.html", context)
    context["plain"] = True
    return render(request, "desk/clocks_page.html", {**context, **nav.frame(request, "incidents")})


def _told(request: HttpRequest, actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    now = timezone.now()
    found = clocks.explain(row["id"], now)
    people, reasons = clocks.people_in(found), clocks.why(row["id"])
    standing = {one.id: one for one in clocks.standings([row["id"]], now).get(row["id"], [])}
    asked = request.GET.get("clock", "")
    opened = asked if any(str(one.id) == asked for one in found) else str(found[0].id) if found else ""
    judges = clocks.may_judge(actor, row["organisation_id"], row["team_id"])
    admin = actor.can("agreements.manage") or actor.can("settings.manage")
    teams = directory.team_names(actor, {int(one.holder) for one in found if one.holder.isdecimal()})
    shown = [
        _clock(one, people, reasons, row, teams, judges=judges, links=admin, person=actor.person_id) for one in found
    ]
    called = calendars.names({one.calendar for one in found})
    for one in shown:
        one["calendar"] = called.get(one["calendar"], one["calendar"])
        one["open"] = str(one["id"]) == opened
        one["tag"] = clocks_shown.tag_of(standing[one["id"]], now) if one["id"] in standing else ""
    return {
        "all": [one for one in shown if one["current"]],
        "former": [one for one in shown if not one["current"]],
        "held": _held(row, now),
    }


def _clock(
    one: clocks.Explained,
    people: Mapping[str, tuple[str, str]],
    reasons: Mapping[tuple[str, str, str], agreements.Choice],
    row: dict[str, Any],
    teams: Mapping[int, str],
    *,
    judges: bool,
    links: bool,
    person: int | None,
) -> dict[str, Any]:
    instance = one.instance
    choice = reasons.get((one.kind, one.metric, one.holder))
    broken = instance.breached
    return {
        "id": one.id,
        "current": one.current,
        "number": one.number,
        "kind": clock_words.KINDS.get(one.kind, one.kind),
        "name": agreements.metric_name(one.metric, one.metric_name),
        "holder": _team(one, row, teams),
        "supplier": one.supplier,
        "agreement": one.agreement_name,
        "agreement_url": f"/admin/agreements/{one.agreement}" if links else "",
        "version": one.version,
        "calendar": one.calendar,
        "calendar_url": f"/admin/calendars/{one.calendar}" if links else "",
        "target": agreements.span_word(int(instance.target.total_seconds())),
        "elapsed": _open(instance.elapsed),
        "left": _open(instance.remaining),
        "over": instance.remaining < timedelta(),
        "paused": _open(instance.paused) if instance.paused else "",
        "outcome": _OUTCOMES.get(instance.outcome, ""),
        "due": clocks_shown.moment(instance.due_at) if instance.due_at else "",
        "breaches": clocks_shown.moment(instance.breaches_at) if broken and instance.breaches_at else "",
        "at_limit": instance.at_limit and not instance.stopped_at,
        "late": instance.late_recorded,
        "informs": instance.informational,
        "why": choice.sentence if choice is not None else "",
        "others": choice.passed_over if choice is not None else (),
        "warnings": [
            {
                "percent": warning.percent,
                "at": clocks_shown.moment(warning.at) if warning.at else "",
                "told": one.told >= warning.percent,
            }
            for warning in instance.warnings
            if warning.at is not None or not instance.stopped_at
        ],
        "stretches": [_stretch(segment, people) for segment in instance.segments],
        "cause": str(clock_words.CAUSES.get(one.breach_cause, "")),
        "excluded": one.excluded_because,
        "proposed": one.proposed_because if one.exclusion == "proposed" else "",
        "decides": one.exclusion == "proposed" and judges and one.proposed_by_id != person,
        "judged_by": one.judged_by,
        "judged_at": one.judged_at,
        "form": _form(one) if broken and judges and one.id is not None else None,
    }


def _form(one: clocks.Explained) -> JudgeForm:
    """What was judged so far, to be changed; a proposal counts as said."""
    proposed = one.proposed_because if one.exclusion == "proposed" else ""
    said = {"breach_cause": one.breach_cause, "excluded_because": one.excluded_because or proposed}
    return JudgeForm(initial=said, auto_id=f"judge-{one.id}-%s")


def _team(one: clocks.Explained, row: dict[str, Any], teams: Mapping[int, str]) -> str:
    """The team whose clock it is: that which has the record is named to everybody who reads it, any other to those who
    may know of it."""
    if not one.holder:
        return ""
    if one.holder == str(row["team_id"] or ""):
        return str(row["team_name"])
    return teams.get(int(one.holder), _("another team")) if one.holder.isdecimal() else _("another team")


def _open(amount: timedelta) -> str:
    return agreements.span_word(int(abs(amount).total_seconds()))


def _stretch(segment: Any, people: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    sign, colour = _KINDS_OF_STRETCH[segment.kind]
    if segment.kind == "ran":
        words = _("Counted %(time)s") % {"time": _open(segment.counted)}
    elif segment.kind == "paused":
        words = clock_words.stood_still(segment.reasons)
    else:
        words = _("Resolved; the time until it was opened again does not count")
    return {
        "sign": sign,
        "colour": colour,
        "words": words,
        "begin": clocks_shown.moment(segment.begin),
        "end": "" if segment.ongoing else clocks_shown.moment(segment.end),
        "cause": clock_words.cause(segment.cause),
        "by": people.get(segment.by, ("", ""))[1] if segment.by else "",
        "entry": segment.entry,
        "open": _open(segment.open),
        "total": _open(segment.total),
    }


def _held(row: dict[str, Any], now: Any) -> list[dict[str, Any]]:
    """Who had it for how long, by kind; the longest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in clocks.holders(row["id"], now):
        seconds = one.open if one.open is not None else one.time
        if seconds < timedelta(minutes=1) and not one.current:
            continue
        found.setdefault(one.kind, []).append(
            {"name": _holder(one), "open": _open(seconds), "seconds": seconds.total_seconds(), "current": one.current}
        )
    shown: list[dict[str, Any]] = []
    for kind, lines in found.items():
        most = max(line["seconds"] for line in lines) or 1
        for line in lines:
            line["share"] = round(100 * line["seconds"] / most)
        shown.append({"label": str(_HELD[kind]), "lines": sorted(lines, key=_longest)})
    return shown


def _longest(line: dict[str, Any]) -> float:
    return -float(line["seconds"])


def _holder(one: clocks.Held) -> str:
    if one.kind == "state":
        return str(wording.STATES.get(one.key, one.key))
    if one.kind == "supplier":
        return one.name or _("the supplier")
    return one.name or _("nobody")


@require_POST
@agents
def judge(request: HttpRequest, number: str, clock_id: int) -> HttpResponse:
    """Say why a promise was broken; a refusal says its sentence."""
    actor = actor_of(request)
    row = facade.ticket(actor, number)
    form = JudgeForm(request.POST)
    if not form.is_valid():
        return refused(request, 422, _("Choose what broke it from the list, and give the reason in 500 letters."))
    try:
        clocks.judge(actor, row["number"], clock_id, form.cleaned_data)
    except Refusal as no:
        return refused(request, no.status, no.sentence)
    return changed(request, actor, row["number"], _("Judged. The clock itself is as it was."))


@require_POST
@agents
def decide(request: HttpRequest, number: str, clock_id: int) -> HttpResponse:
    """Accept or reject what somebody proposed to leave out of the figures; a refusal says its sentence."""
    actor = actor_of(request)
    row = facade.ticket(actor, number)
    said = {"accept": request.POST.get("accept") == "yes", "word": request.POST.get("word", "")[:500]}
    try:
        clocks.decide_exclusion(actor, row["number"], clock_id, said)
    except Refusal as no:
        return refused(request, no.status, no.errors[0].message if no.errors else no.sentence)
    if request.POST.get("from") == "report":
        return redirect("/reports/exclusions")
    return changed(request, actor, row["number"], _("Decided. The clock itself is as it was."))
