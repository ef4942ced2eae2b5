"""Holiday sets: dates kept once for all calendars that use them; by hand, of a country, or out of an iCalendar file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.config.refusal import FieldError, Invalid, Refusal
from quell.kernel.ui.signed_in import actor_of
from quell.practices.calendars import facade

from . import history, queries
from .agreements import promised
from .doors import door, page, reach
from .forms import CODE_HINT, CODE_SAID, Asked, Choices, text
from .listing import asked

SOURCES = ("country", "hand", "feed")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Bytes of an uploaded file that are read; more is refused by the reader.
MOST_BYTES = 1_000_001
_WORKED = re.compile(r"=\s*(mon|tue|wed|thu|fri|sat|sun)\b.*", re.IGNORECASE)


class SetForm(Asked):
    """A holiday set. What it is made from can be said only when it is new."""

    name = text(gettext_lazy("Name"), length=200, said=gettext_lazy("Give the holiday set a name."))
    code = text(gettext_lazy("Code"), length=60, said=CODE_SAID)
    organisation = forms.ChoiceField(label=gettext_lazy("Organisation"))
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    subdivision = text(
        gettext_lazy("Part of the country"), length=20, required=False, placeholder="BY",
    )  # fmt: skip
    language = forms.ChoiceField(label=gettext_lazy("Names of the holidays"), required=False)
    url = text(gettext_lazy("Address of the iCalendar file"), length=2000, placeholder="https://…/holidays.ics")
    dates = forms.CharField(
        label=gettext_lazy("Dates"), required=False, max_length=200_000,
        help_text=gettext_lazy("One a line: 2026-12-24 Christmas Eve. A day worked like a Friday: 2026-01-04 = fri"),
        widget=forms.Textarea(attrs={"rows": 12, "class": "input mono", "spellcheck": "false"}),
    )  # fmt: skip
    reason = text(gettext_lazy("Why it changes"), length=500, required=False)
    closed_too = forms.BooleanField(label=gettext_lazy("Count anew what is closed, too"), required=False)
    renamed = {"days": "dates", "make_up": "dates", "categories": "country"}

    def __init__(self, *args: Any, source: str, organisations: Choices, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = CODE_HINT
        self.fields["subdivision"].help_text = _("Its code, where holidays differ; empty for the whole country.")
        self.choose("organisation", organisations)
        self.choose("language", [("", _("In the country’s own language")), ("en", _("In English"))])
        mine = {"country": {"country", "subdivision", "language"}, "feed": {"url"}, "hand": {"dates"}}[source]
        keep = {"name", "version", *(mine if new else mine & {"url", "dates"})}
        keep |= {"code", "organisation"} if new else {"reason", "closed_too"} if source == "hand" else set()
        for name in set(self.fields) - keep:
            del self.fields[name]
        if "country" in self.fields:
            self.choose("country", countries())

    def facts(self, source: str) -> dict[str, Any]:
        """As the actions take them; raises Invalid for a line that is no date."""
        found = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "dates")}
        if source == "hand":
            found["days"], found["make_up"] = dates_of(self.cleaned_data.get("dates", ""))
        return found


def countries() -> Choices:
    """The countries whose holidays are known, by their names in the reader's language."""
    from babel import Locale  # large, and asked here only

    territories = Locale.parse((get_language() or "en").replace("-", "_")).territories
    named = [(code, str(territories.get(code, code))) for code in facade.countries()]
    return sorted(named, key=lambda one: one[1].casefold())


def dates_of(written: str) -> tuple[dict[str, str], dict[str, str]]:
    """Days off with their names, and days worked with the weekday they are worked like."""
    off: dict[str, str] = {}
    worked: dict[str, str] = {}
    for line in written.splitlines():
        day, _space, rest = line.strip().partition(" ")
        if not day:
            continue
        try:
            date.fromisoformat(day)
        except ValueError:
            sentence = _("“%(line)s” does not begin with a date such as 2026-12-24.") % {"line": line.strip()[:60]}
            raise Invalid(sentence, errors=[FieldError("dates", sentence)]) from None
        if match := _WORKED.match(rest.strip()):
            worked[day] = match[1].lower()
        else:
            off[day] = rest.strip()[:200]
    return off, worked


def written(days: Mapping[str, str], make_up: Mapping[str, str]) -> str:
    """The same the other way round."""
    lines = {day: f"{day} {name}".strip() for day, name in days.items()}
    lines |= {day: f"{day} = {like}" for day, like in make_up.items()}
    return "\n".join(lines[day] for day in sorted(lines))


@require_safe
@door(SETTINGS_MANAGE)
def holiday_sets(request: HttpRequest) -> HttpResponse:
    """Holiday sets by code; those of organisations above can be looked at."""
    actor = actor_of(request)
    after = asked(request, "cursor") or None
    found = facade.holiday_sets(actor, facade.Asked(asked(request, "q"), limit=queries.PAGE, after=after))
    names = {place["code"]: place["name"] for place in queries.organisations(reach(actor, SETTINGS_MANAGE))}
    rows = [{**row, "place": names.get(row["organisation"], row["organisation"]), "from": source_words(row["source"]),
             "trouble": _trouble(row), "next": _next(row["days"])} for row in found[: queries.PAGE]]  # fmt: skip
    context = {
        "rows": rows,
        "text": asked(request, "q"),
        "next": rows[-1]["code"] if len(found) > queries.PAGE else "",
        "first": after is None,
        "trail": [_trail(), {"label": _("Holiday sets"), "url": ""}],
    }
    return page(request, "holiday_sets", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door(SETTINGS_MANAGE)
def new_holiday_set(request: HttpRequest) -> HttpResponse:
    """Make a set: of a country, by hand, or from an address (`?source=`)."""
    actor = actor_of(request)
    source = asked(request, "source", SOURCES)
    form = _form(request, actor, source, new=True, initial={"country": likely_country(actor)})
    if form.is_bound and form.is_valid():
        try:
            code = facade.create_set(actor, {**form.facts(source), "source": source})
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("Calendars can use it now."))
            return HttpResponseRedirect(reverse("administration:holiday_set", args=[code]))
    context = {
        "row": None, "form": form, "source": source,
        "trail": [_trail(), _trail_sets(), {"label": _("New holiday set"), "url": ""}],
    }  # fmt: skip
    return page(request, "holiday_set", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door(SETTINGS_MANAGE)
def holiday_set(request: HttpRequest, code: str) -> HttpResponse:
    """One set with its dates; a POST looks at a change, or puts it in force."""
    actor = actor_of(request)
    row = facade.holiday_set_row(actor, code)
    source = row["source"]["kind"]
    begun = {"name": row["name"], "version": row["version"], "url": row["source"].get("url", "")}
    begun["dates"] = written(row["days"], row["make_up"])
    form, preview = _form(request, actor, source, new=False, initial=begun), None
    if form.is_bound and form.is_valid():
        try:
            data = form.facts(source)
            if "look" in request.POST:
                preview = facade.preview_set(actor, code, data)
            else:
                facade.edit_set(actor, code, data, version=form.guard)
                messages.success(request, _("Stored. It counts from now on."))
                return HttpResponseRedirect(reverse("administration:holiday_set", args=[code]))
        except Refusal as no:
            form.refuse(no)
            if any(error.field == "reason" for error in no.errors):
                preview = facade.preview_set(actor, code, form.facts(source))
    context = {
        "row": row, "form": form, "source": source, "preview": preview, "trouble": _trouble(row),
        "promised": promised(preview.proposal.codes) if preview else {},
        "mine": facade.may_manage(actor, row["organisation_id"]), "from": source_words(row["source"]),
        "years": _years(row), "span": _span(row), "used_by": facade.used_by(actor, holiday_set=code),
        "lines": history.of_subject(reach(actor, SETTINGS_MANAGE), "holiday_set", row["id"], limit=8),
        "trail": [_trail(), _trail_sets(), {"label": row["name"], "url": ""}],
    }  # fmt: skip
    return page(request, "holiday_set", context, status=422 if form.errors else 200)


@require_POST
@door(SETTINGS_MANAGE)
def read_file(request: HttpRequest, code: str) -> HttpResponse:
    """Take the dates of an uploaded iCalendar file into a set."""
    actor = actor_of(request)
    facade.holiday_set_row(actor, code)
    file = request.FILES.get("file")
    raw = file.read(MOST_BYTES) if file is not None else b""
    try:
        data = {
            "ics": raw.decode("utf-8-sig", "replace").replace("\x00", "�"),
            "reason": request.POST.get("reason", ""),
        }
        left_out = facade.read_file(actor, code, data)
    except Refusal as no:
        messages.error(request, no.errors[0].message if no.errors else no.sentence)
    else:
        told = ngettext(
            "Read. One event in the file is no holiday and was left out.",
            "Read. %(num)s events in the file are no holidays and were left out.", left_out,
        ) % {"num": left_out}  # fmt: skip
        messages.success(request, told if left_out else _("Read. What is to come is as the file says."))
    return HttpResponseRedirect(reverse("administration:holiday_set", args=[code]))


@require_POST
@door(SETTINGS_MANAGE)
def refresh(request: HttpRequest, code: str) -> HttpResponse:
    """Look at the source of a set now."""
    try:
        row = facade.look_again(actor_of(request), code, datetime.now(UTC))
    except Refusal as no:
        facade.holiday_set_row(actor_of(request), code)
        messages.error(request, no.sentence)
    else:
        if trouble := _trouble(row):
            messages.error(request, trouble)
        else:
            messages.success(request, _("Looked at. What is to come is as its source says."))
    return HttpResponseRedirect(reverse("administration:holiday_set", args=[code]))


@require_POST
@door(SETTINGS_MANAGE)
def set_active(request: HttpRequest, code: str, active: bool) -> HttpResponse:
    """Take a set out of use, or into use again."""
    try:
        facade.set_set_active(actor_of(request), code, active)
    except Refusal as no:
        facade.holiday_set_row(actor_of(request), code)
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("administration:holiday_set", args=[code]))


def source_words(source: Mapping[str, Any]) -> str:
    """Where a set comes from."""
    if source["kind"] == "country":
        named = dict(countries()).get(source["country"], source["country"])
        return f"{named}, {source['subdivision']}" if source["subdivision"] else named
    return str(source["url"]) if source["kind"] == "feed" else _("By hand")


def _trouble(row: facade.Row) -> str:
    code, _space, detail = row["trouble"].partition(" ")
    return facade.feed_trouble(code, detail) if code else ""


def _next(days: Mapping[str, str]) -> tuple[date, str] | None:
    today = timezone.localdate().isoformat()
    coming = next((day for day in sorted(days) if day >= today), None)
    return (date.fromisoformat(coming), days[coming]) if coming else None


def _years(row: facade.Row) -> list[dict[str, Any]]:
    """The dates of the years one looks for: this one first, two to come, and the last."""
    by_year: dict[int, list[dict[str, Any]]] = {}
    for day in sorted({**row["days"], **row["make_up"]}):
        like = row["make_up"].get(day, "")
        said = {"date": date.fromisoformat(day), "name": row["days"].get(day, ""), "like": facade.day_name(like)}
        by_year.setdefault(int(day[:4]), []).append(said)
    this = timezone.localdate().year
    return [{"year": year, "dates": by_year[year]} for year in (this, this + 1, this + 2, this - 1) if year in by_year]


def _span(row: facade.Row) -> str:
    years = sorted({day[:4] for day in (*row["days"], *row["make_up"])})
    return f"{years[0]}–{years[-1]}" if years else ""


def likely_country(actor: Actor) -> str:
    """The country of somebody's time zone, where one can tell."""
    from babel.core import get_global

    found = get_global("zone_territories").get(actor.timezone or "", "")
    return str(found) if found in facade.countries() else "DK"


def _form(request: HttpRequest, actor: Actor, source: str, *, new: bool, initial: dict[str, Any]) -> SetForm:
    places = queries.choices(queries.organisations(reach(actor, SETTINGS_MANAGE)))
    data = request.POST if request.method == "POST" else None
    return SetForm(data, source=source, organisations=places, new=new, initial=initial)


def _trail() -> dict[str, str]:
    return {"label": _("Calendars"), "url": reverse("administration:calendars")}


def _trail_sets() -> dict[str, str]:
    return {"label": _("Holiday sets"), "url": reverse("administration:holiday_sets")}
