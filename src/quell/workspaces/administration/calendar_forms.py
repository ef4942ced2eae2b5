"""What is typed on the page of a calendar, and back: the grid of the week, single dates, and the facts round them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quell.practices.calendars import facade

from .forms import CODE_HINT, CODE_SAID, Asked, Choices, text, zone_options

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Spans a day that are offered beyond those that are there, and at least; empty lines for single dates.
SPARE, LEAST, SPARE_DATES = 1, 2, 3
MOST_SPANS = 24
MINUTES = 1440
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h]?([0-5]\d))?")


class CalendarForm(Asked):
    """The facts of a calendar round its hours. Code and organisation only when it is new; zone, validity and holiday
    sets of one with weekly hours, kind and parts of a combination."""

    name = text(gettext_lazy("Name"), length=200, said=gettext_lazy("Give the calendar a name."))
    code = text(gettext_lazy("Code"), length=60, said=CODE_SAID)
    organisation = forms.ChoiceField(label=gettext_lazy("Organisation"))
    zone = text(
        gettext_lazy("Time zone"), length=60, said=gettext_lazy("Say in which time zone these hours are."),
        list="zones", placeholder="Europe/Copenhagen",
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("Open when"), widget=forms.RadioSelect)
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("Made of"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Say which calendars it is made of.")},
    )  # fmt: skip
    holiday_sets = forms.MultipleChoiceField(
        label=gettext_lazy("Holiday sets"), required=False, widget=forms.CheckboxSelectMultiple
    )
    valid_from = forms.DateField(label=gettext_lazy("Holds from"), required=False)
    valid_until = forms.DateField(
        label=gettext_lazy("No longer holds from"), required=False,
        help_text=gettext_lazy("Outside these dates it is closed. Usually both stay empty."),
    )  # fmt: skip
    reason = text(
        gettext_lazy("Why it changes"), length=500, required=False,
    )  # fmt: skip
    closed_too = forms.BooleanField(
        label=gettext_lazy("Count anew what is closed, too"), required=False,
        help_text=gettext_lazy("Reports of the past would tell other figures. Usually this stays off."),
    )  # fmt: skip
    zone_options = staticmethod(zone_options)
    renamed = {"valid_from": "valid_from", "weekly": "", "dates": ""}

    def __init__(
        self, *args: Any, organisations: Choices, sets: Choices, parts: Choices, weekly: bool, new: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choose("organisation", organisations)
        self.choose("kind", [("union", _("One of its parts is open")), ("intersection", _("All its parts are open"))])
        for name, choices in (("parts", parts), ("holiday_sets", sets)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices
        self.fields["code"].help_text = CODE_HINT
        for name in ("valid_from", "valid_until"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        gone = {"kind", "parts"} if weekly else {"zone", "holiday_sets", "valid_from", "valid_until"}
        gone |= {"reason", "closed_too"} if new else {"code", "organisation"}
        for name in gone:
            del self.fields[name]

    def facts(self) -> dict[str, Any]:
        """As the actions take them, without the hours."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


@dataclass(frozen=True, slots=True)
class Box:
    """A span as it stands in the grid: the names of its two fields and what was typed into them."""

    name: str
    begin: str
    end: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """A weekday of the grid: its spans with some to spare, what they come to in seconds, and the open minutes as
    (begin, length) for the picture."""

    day: str
    name: str
    boxes: list[Box]
    seconds: int
    bars: list[tuple[int, int]]
    broken: bool


def rows_of(weekly: Mapping[str, Sequence[Sequence[str]]], broken: set[str] | None = None) -> list[Row]:
    """The grid for some hours. What runs over midnight is drawn on the next day too, and counted where it begins."""
    widest = max([LEAST - SPARE, *(len(spans) for spans in weekly.values())]) + SPARE
    bars: dict[str, list[tuple[int, int]]] = {day: [] for day in WEEKDAYS}
    seconds = dict.fromkeys(WEEKDAYS, 0)
    for at, day in enumerate(WEEKDAYS):
        for begin, end in (tuple(map(minute, span)) for span in weekly.get(day, ())):
            if begin is None or end is None or begin == end:
                continue
            seconds[day] += (end - begin) % MINUTES * 60 or MINUTES * 60
            bars[day].append((begin, (end if end > begin else MINUTES) - begin))
            if end < begin and end:
                bars[WEEKDAYS[(at + 1) % 7]].append((0, end))
    rows = []
    for day in WEEKDAYS:
        name = facade.day_name(day)
        spans = [*weekly.get(day, ()), *[("", "")] * widest][: min(widest, MOST_SPANS)]
        boxes = [
            Box(f"{day}-{n}", span[0], span[1], _("%(day)s, hours %(n)s") % {"day": name, "n": n + 1})
            for n, span in enumerate(spans)
        ]
        rows.append(Row(day, name, boxes, seconds[day], bars[day], day in (broken or set())))
    return rows


def minute(text: str) -> int | None:
    """The minute of the day; None for what is no time."""
    match = _CLOCK.fullmatch(text)
    if not match:
        return None
    found = int(match[1]) * 60 + int(match[2] or 0)
    return found if found <= MINUTES else None


def weekly_of(data: QueryDict) -> dict[str, list[list[str]]]:
    """The hours that were typed. Both edges empty is no span; "8", "8.30" and "0830" are times; what is no time stays
    as it is and is refused with its own words."""
    found: dict[str, list[list[str]]] = {}
    for day in WEEKDAYS:
        for n in range(MOST_SPANS):
            edges = [" ".join(str(data.get(f"{day}-{n}-{edge}", "")).split())[:40] for edge in ("from", "to")]
            if any(edges):
                found.setdefault(day, []).append([_clock(edge) for edge in edges])
    copied = str(data.get("copy", ""))
    if copied in WEEKDAYS:
        like = found.get(copied, [])
        found |= {day: [list(span) for span in like] for day in WEEKDAYS[:5]}
    return {day: spans for day, spans in found.items() if spans}


def _clock(text: str) -> str:
    match = re.fullmatch(r"(\d\d)(\d\d)", text) or _CLOCK.fullmatch(text)
    return f"{int(match[1]):02}:{match[2] or '00'}" if match else text


@dataclass(frozen=True, slots=True)
class DateLine:
    """A single date as it stands on the page. `kind` is closed, special or a weekday it is worked like."""

    date: str
    kind: str
    hours: str
    name: str


def date_kinds() -> Choices:
    """What a single date can be."""
    worked = [(day, _("Worked like a %(day)s") % {"day": facade.day_name(day)}) for day in WEEKDAYS]
    return [("closed", _("Closed")), ("special", _("Other hours")), *worked]


def lines_of(dates: Sequence[Mapping[str, Any]]) -> list[DateLine]:
    """Single dates as lines, and some to spare."""
    lines = []
    for one in dates:
        hours = ", ".join("–".join(span) for span in one["hours"])
        lines.append(DateLine(one["date"], one["like"] or one["kind"], hours, one["name"]))
    return [*lines, *[DateLine("", "closed", "", "")] * SPARE_DATES]


def dates_of(data: QueryDict) -> list[dict[str, Any]]:
    """The single dates that were typed; a line without a date is none."""
    found = []
    columns = (data.getlist(name) for name in ("date", "date_kind", "date_hours", "date_name"))
    for day, kind, hours, name in zip(*columns, strict=False):
        if not day.strip():
            continue
        one: dict[str, Any] = {"date": day.strip()[:40], "kind": kind, "name": name[:120]}
        if kind in WEEKDAYS:
            one |= {"kind": "make_up", "like": kind}
        elif hours.strip():
            one |= {"kind": "special", "hours": spans_of(hours)}  # hours are meant, whatever was chosen beside them
        found.append(one)
    return found


def spans_of(text: str) -> list[list[str]]:
    """Spans written on one line: `8–12, 13:00-15:00`."""
    spans = []
    for part in re.split(r"[,;]+", text[:400]):
        edges = [edge.strip() for edge in re.split(r"[-–—]|\bto\b", part, maxsplit=1)]
        if any(edges):
            spans.append([_clock(edges[0]), _clock(edges[1] if len(edges) > 1 else "")])
    return spans


def shown_from(today: date) -> str:
    """Single dates before this one are history: kept, and not shown among those one edits."""
    return date(today.year - 1, 1, 1).isoformat()


def hours(seconds: int) -> str:
    """Working time in hours, never in days: a working day has not twenty-four. "27 h 30"."""
    minutes, rest = divmod(max(seconds, 0), 60)
    if not minutes and rest:
        return _("%(seconds)d s") % {"seconds": rest}
    return _("%(hours)d h %(minutes)02d") % {"hours": minutes // 60, "minutes": minutes % 60}
