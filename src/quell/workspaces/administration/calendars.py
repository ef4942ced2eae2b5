"""Calendars: when time counts as working time. Edited with a look at what it would do, tried, told by year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.engines.businesstime.calendar import clock
from quell.engines.businesstime.faults import CalendarFault
from quell.engines.businesstime.local import moment_of
from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of
from quell.practices.calendars import facade

from . import calendar_forms as typed
from . import calendar_pictures, history, holiday_sets, queries, starting
from .agreements import promised
from .calendar_forms import CalendarForm
from .doors import door, page, reach
from .forms import Choices
from .listing import asked

SHOWN = ("hours", "year", "try", "versions")
#: Choices offered of calendars and holiday sets.
MANY = 200
UNITS = {"minutes": 60, "hours": 3600}


@require_safe
@door(SETTINGS_MANAGE)
def calendars(request: HttpRequest) -> HttpResponse:
    """Calendars by code; those of organisations above can be looked at."""
    actor = actor_of(request)
    wanted = {
        "text": asked(request, "q"),
        "organisation": asked(request, "organisation"),
        "active": asked(request, "active", ("yes", "no", "all")),
    }
    active = {"yes": True, "no": False}.get(wanted["active"])
    after = asked(request, "cursor") or None
    found = facade.calendars(
        actor, facade.Asked(wanted["text"], active, wanted["organisation"] or None, queries.PAGE, after)
    )
    places = queries.organisations(reach(actor, SETTINGS_MANAGE))
    names = {place["code"]: place["name"] for place in places}
    now = datetime.now(UTC)
    tables = facade.timetables()
    called = facade.names({part for row in found for part in row["spec"].get("parts", ())})
    rows = [
        {**row, "place": names.get(row["organisation"], row["organisation"]), "now": _state(tables, row["code"], now),
         "week": typed.rows_of(row["spec"]["weekly"]),
         "parts": [called.get(part, part) for part in row["spec"].get("parts", ())]}
        for row in found[: queries.PAGE]
    ]  # fmt: skip
    context = {
        "rows": rows,
        "next": rows[-1]["code"] if len(found) > queries.PAGE else "",
        "first": after is None,
        "wanted": wanted,
        "filtered": bool(wanted["text"] or wanted["organisation"]),
        "organisations": queries.choices(places),
        "hours_of": typed.hours,
        "trail": [{"label": _("Calendars"), "url": ""}],
    }
    if not rows and not context["filtered"]:
        country = holiday_sets.likely_country(actor)
        context |= {"countries": holiday_sets.countries(), "country": country, "zone": actor.timezone or ""}
    return page(request, "calendars", context)


def _state(tables: Mapping[str, Any], code: str, now: datetime) -> str:
    """Open just now, or not; "broken" when it cannot be meant."""
    try:
        return "open" if tables[code].is_open(now) else "closed"
    except (CalendarFault, KeyError):
        return "broken"


@require_POST
@door(SETTINGS_MANAGE)
def begin(request: HttpRequest) -> HttpResponse:
    """What everybody begins with: the holidays of a country, office hours without them, and round the clock."""
    actor = actor_of(request)
    given = {name: request.POST.get(name, "") for name in ("organisation", "country", "zone")}
    try:
        starting.calendars(actor, **given)
    except Refusal as no:
        messages.error(request, no.errors[0].message if no.errors else no.sentence)
    else:
        messages.success(request, _("The calendars can be chosen now. Look whether the hours are yours."))
    return HttpResponseRedirect(reverse("administration:calendars"))


@require_http_methods(["GET", "HEAD", "POST"])
@door(SETTINGS_MANAGE)
def new_calendar(request: HttpRequest) -> HttpResponse:
    """Make a calendar of weekly hours, or (`?kind=union`) one made of others."""
    actor = actor_of(request)
    weekly = asked(request, "kind", ("weekly", "union")) == "weekly"
    spec: dict[str, Any] = {"kind": "weekly" if weekly else "union", "weekly": {}, "dates": []}
    if weekly:
        spec |= {"zone": actor.timezone or "", "weekly": {day: [["08:00", "16:00"]] for day in typed.WEEKDAYS[:5]}}
    form = _form(request, actor, spec, new=True)
    if form.is_bound:
        spec = {**spec, "weekly": typed.weekly_of(request.POST), "dates": typed.dates_of(request.POST)}
        if "copy" not in request.POST and form.is_valid():
            try:
                code = facade.create(actor, _data(spec, form))
            except Refusal as no:
                return _editor(request, actor, None, spec, form, refused=no)
            messages.success(request, _("The calendar can be chosen now."))
            return HttpResponseRedirect(reverse("administration:calendar", args=[code]))
    return _editor(request, actor, None, spec, form)


@require_http_methods(["GET", "HEAD", "POST"])
@door(SETTINGS_MANAGE)
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """One calendar: its hours, its year, a tester, its versions. A POST looks at a change, or puts it in force."""
    actor = actor_of(request)
    row = facade.calendar(actor, code)
    mine = facade.may_manage(actor, row["organisation_id"])
    if request.method == "POST":
        return _change(request, actor, row)
    shown = asked(request, "show", SHOWN if mine else SHOWN[1:3])
    if shown == "hours":
        return _editor(request, actor, row, row["spec"], _form(request, actor, row["spec"], row=row))
    context = {"row": row, "mine": mine, "shown": shown, "trail": _trail(row["name"]), "hours_of": typed.hours}
    try:
        told = {"year": _year, "try": _tried, "versions": _versions}[shown](request, actor, row)
    except (Refusal, CalendarFault) as no:
        sentence = no.sentence if isinstance(no, Refusal) else facade.sentence(no)
        told = {"refusal": sentence}
    return page(request, "calendar_" + shown, {**context, **told})


def _change(request: HttpRequest, actor: Actor, row: facade.Row) -> HttpResponse:
    spec = {**row["spec"], "dates": typed.dates_of(request.POST)}
    if row["kind"] == "weekly":
        spec["weekly"] = typed.weekly_of(request.POST)
    form = _form(request, actor, spec, row=row)
    if "copy" in request.POST or not form.is_valid():
        return _editor(request, actor, row, spec, form)
    data = _data(spec, form)
    old = [one for one in row["spec"]["dates"] if one["date"] < typed.shown_from(timezone.localdate())]
    data["dates"] = [*data["dates"], *old]
    try:
        if "look" in request.POST:
            return _editor(request, actor, row, spec, form, preview=facade.preview(actor, row["code"], data))
        facade.edit(actor, row["code"], data, version=form.guard)
    except Refusal as no:
        preview = None
        if any(error.field == "reason" for error in no.errors):
            preview = facade.preview(actor, row["code"], data)
        return _editor(request, actor, row, spec, form, refused=no, preview=preview)
    messages.success(request, _("Stored. It counts from now on."))
    return HttpResponseRedirect(reverse("administration:calendar", args=[row["code"]]))


@require_POST
@door(SETTINGS_MANAGE)
def draw_week(request: HttpRequest) -> HttpResponse:
    """The grid of the week as it was typed, drawn anew; nothing is kept."""
    context = {"week": typed.rows_of(typed.weekly_of(request.POST)), "hours_of": typed.hours}
    return render(request, "administration/calendar_week.html", context)


@require_POST
@door(SETTINGS_MANAGE)
def set_active(request: HttpRequest, code: str, active: bool) -> HttpResponse:
    """Take a calendar out of use, or into use again."""
    try:
        facade.set_active(actor_of(request), code, active)
    except Refusal as no:
        facade.calendar(actor_of(request), code)  # what is not theirs to see is not there
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("administration:calendar", args=[code]))


def _form(
    request: HttpRequest, actor: Actor, spec: Mapping[str, Any], *, row: facade.Row | None = None, new: bool = False
) -> CalendarForm:
    everything = facade.Asked(active=True, limit=MANY)
    sets = [(one["code"], one["name"]) for one in facade.holiday_sets(actor, everything)[:MANY]]
    known = {code for code, _name in sets}
    sets += [(code, code) for code in spec.get("holiday_sets", ()) if code not in known]
    own = row["code"] if row else ""
    parts = [(one["code"], one["name"]) for one in facade.calendars(actor, everything)[:MANY] if one["code"] != own]
    known = {code for code, _name in parts}
    parts += [(code, code) for code in spec.get("parts", ()) if code not in known]
    initial = {**spec, "name": row["name"], "version": row["version"]} if row else spec
    return CalendarForm(
        request.POST if request.method == "POST" else None, initial=initial, organisations=_places(actor), sets=sets,
        parts=parts, weekly=spec["kind"] == "weekly", new=new,
    )  # fmt: skip


def _data(spec: Mapping[str, Any], form: CalendarForm) -> dict[str, Any]:
    if spec["kind"] != "weekly":
        return {**form.facts(), "dates": []}
    return {**form.facts(), "kind": "weekly", "weekly": spec["weekly"], "dates": spec["dates"]}


def _editor(
    request: HttpRequest, actor: Actor, row: facade.Row | None, spec: Mapping[str, Any], form: CalendarForm, *,
    refused: Refusal | None = None, preview: facade.Preview | None = None,
) -> HttpResponse:  # fmt: skip
    """The page on which a calendar is edited, as it was typed; with what a change would do."""
    broken: set[str] = set()
    if refused is not None:
        form.refuse(refused)
        steps = [error.field.split(".") for error in refused.errors]
        broken = {step[1] for step in steps if step[0] == "weekly" and len(step) > 1}
    since = typed.shown_from(timezone.localdate())
    dates = [{"hours": [], "like": None, "name": "", **one} for one in spec["dates"]]
    context = {
        "row": row,
        "mine": True,
        "shown": "hours",
        "form": form,
        "weekly": spec["kind"] == "weekly",
        "week": typed.rows_of(spec["weekly"], broken),
        "hours_of": typed.hours,
        "dates": typed.lines_of([one for one in dates if form.is_bound or one["date"] >= since]),
        "older": 0 if form.is_bound else sum(one["date"] < since for one in dates),
        "kinds": typed.date_kinds(),
        "preview": preview,
        "promised": promised(preview.proposal.codes) if preview else {},
        "used_by": facade.used_by(actor, calendar=row["code"]) if row else [],
        "trail": _trail(row["name"] if row else _("New calendar")),
    }
    looked = request.method == "POST" and refused is None and not form.errors
    return page(request, "calendar_hours", context, status=422 if form.is_bound and not looked else 200)


def _year(request: HttpRequest, actor: Actor, row: facade.Row) -> dict[str, Any]:
    this = timezone.localdate().year
    wanted = asked(request, "year")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and 1971 <= int(wanted[:4]) <= 2098 else this
    lines = facade.year(actor, row["code"], number)
    timetable = facade.timetables()[row["code"]]
    names = {line.date: line.name for line in lines if line.name}
    return {
        "year": number,
        "lines": lines,
        "day_name": facade.day_name,
        "clock_of": clock,
        "idle": sum(not line.matters for line in lines),
        "months": calendar_pictures.months(timetable, number, names),
        "parts": [part for part in facade.calendars(actor, facade.Asked(limit=MANY)) if part["code"] in
                  row["spec"]["parts"]],
    }  # fmt: skip


def _tried(request: HttpRequest, actor: Actor, row: facade.Row) -> dict[str, Any]:
    """The sum that was asked for; at first: what do four hours from now mean?"""
    zone = facade.timetables()[row["code"]].zone
    now = datetime.now(zone).replace(tzinfo=None, second=0, microsecond=0)
    start = _local(asked(request, "start")) or now
    end = _local(asked(request, "end"))
    amount, unit = asked(request, "amount") or "4", asked(request, "unit", ("hours", "minutes"))
    context: dict[str, Any] = {
        "start": start.isoformat(timespec="minutes"),
        "end": end.isoformat(timespec="minutes") if end else "",
        "amount": amount,
        "unit": unit,
        "zone": zone.key,
    }
    seconds = int(amount) * UNITS[unit] if amount.isascii() and amount.isdigit() and len(amount) < 7 else 0
    if end is not None:
        told = facade.counted(actor, row["code"], moment_of(start, zone), moment_of(end, zone))
    elif 0 < seconds <= 5 * 366 * 86400:
        told = facade.due_after(actor, row["code"], moment_of(start, zone), timedelta(seconds=seconds))
    else:
        return {**context, "fault": _("Give a whole number of hours or minutes, at most five years.")}
    spoken = typed.hours(int(told.elapsed.total_seconds()) if end else seconds)
    return {**context, "told": told, "steps": _steps(told, zone, row), "spoken": spoken, "local": _locals(told, zone)}


def _locals(told: facade.Told, zone: ZoneInfo) -> dict[str, datetime | None]:
    """Beginning and end as the clock on the wall of the calendar's zone shows them."""
    return {
        "start": told.start.astimezone(zone).replace(tzinfo=None),
        "due": told.due.astimezone(zone).replace(tzinfo=None) if told.due else None,
    }


def _steps(told: facade.Told, zone: ZoneInfo, row: facade.Row) -> list[dict[str, Any]]:
    named = {one["date"]: one["name"] for one in row["spec"]["dates"]}
    because = {
        "weekly": _("Weekly hours"),
        "holiday": _("Holiday"),
        "special": _("Single date"),
        "make_up": _("Make-up working day"),
        "not_valid": _("The calendar does not hold on this day"),
    }
    shown = []
    for step in told.steps:
        why, name = (because[step.day.because], step.day.name) if step.day else ("", "")
        if step.day and step.day.because == "weekly" and not step.day.spans:
            why = _("No hours on this weekday")
        spans = [" – ".join(edge.astimezone(zone).strftime("%H:%M") for edge in stretch) for stretch in step.stretches]
        shown.append(
            {
                "date": step.date, "spans": spans, "why": why, "name": name or named.get(step.date.isoformat(), ""),
                "counted": int(step.counted.total_seconds()), "total": int(step.total.total_seconds()),
            }
        )  # fmt: skip
    return shown


def _versions(request: HttpRequest, actor: Actor, row: facade.Row) -> dict[str, Any]:
    return {"lines": history.of_subject(reach(actor, SETTINGS_MANAGE), "calendar", row["id"], limit=50)}


def _local(text: str) -> datetime | None:
    """A local time as a browser's field gives it; None for anything else."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo is None and 1971 <= found.year <= 2098 else None


def _places(actor: Actor) -> Choices:
    return queries.choices(queries.organisations(reach(actor, SETTINGS_MANAGE)))


def _trail(name: str) -> list[dict[str, str]]:
    return [{"label": _("Calendars"), "url": reverse("administration:calendars")}, {"label": name, "url": ""}]
