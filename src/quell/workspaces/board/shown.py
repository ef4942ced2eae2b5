"""Figures as pages draw them: percents and times in words, bars, the months as a picture, and the way to the clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from quell.practices.agreements import facade as agreements
from quell.practices.clocks import facade

from .doors import address

CLOCKS = "/reports/clocks"
#: The picture of the months: so wide a column, so high at 100 %.
COLUMN, HEIGHT = 40, 80


def percent(value: float | None) -> str:
    """ "95.59 %", or a dash where there is nothing to take it of."""
    return "–" if value is None else _("%(value)s %%") % {"value": number_format(value, 2)}


def minutes(value: int | None) -> str:
    """A length of open time."""
    return "–" if value is None else agreements.span_word(value * 60)


def period_words(period: facade.Period) -> str:
    """A period as people say it."""
    if period.kind == "month":
        return date_format(period.first, "YEAR_MONTH_FORMAT")
    if period.kind == "quarter":
        return _("Quarter %(number)s of %(year)s") % {"number": period.text[-1], "year": period.first.year}
    if period.kind == "week":
        return _("Week %(number)s of %(year)s") % {"number": period.text[-2:], "year": period.text[:4]}
    if period.kind == "year":
        return period.text
    last = period.after - timedelta(days=1)
    return f"{_day(period.first)} – {_day(last)}"


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def to_clocks(asked: facade.Asked, figure: str, key: str = "") -> str:
    """The list of the clocks behind a figure."""
    return address(CLOCKS, {**asked.parameters, "key": key, "figure": figure})


def row(figures: facade.Figures, asked: facade.Asked) -> dict[str, Any]:
    """A line of the table: each number with its way to the clocks behind it."""
    decided = facade.decided_figure(asked)
    numbers = {
        name: {"count": getattr(figures, name), "url": to_clocks(asked, name, figures.key)}
        for name in ("met", "breached", "excluded", "open_breached", "open_within")
    }
    return {
        "name": figures.name,
        "detail": figures.detail,
        "key": figures.key,
        "attainment": percent(figures.attainment),
        "url": to_clocks(asked, decided, figures.key),
        "decided": figures.decided,
        "goal": percent(figures.goal),
        "reached": figures.reached,
        "bar": bar(figures),
        "pause_share": percent(figures.pause_share),
        "median": minutes(figures.median),
        "p90": minutes(figures.p90),
        "figures": figures,
        **numbers,
    }


def bar(figures: facade.Figures) -> dict[str, Any] | None:
    """A bar of 100: how far it is filled, where the goal stands, and whether it is reached."""
    if figures.attainment is None:
        return None
    return {"filled": figures.attainment, "goal": figures.goal, "reached": figures.reached}


def trend(report: facade.Report, basis: facade.Asked) -> dict[str, Any]:
    """The months of a report as columns, with the goal as a line."""
    columns = []
    for place, figures in enumerate(report.rows):
        month = facade.of_period(basis, figures.code)
        height = round((figures.attainment or 0) * HEIGHT / 100, 1)
        columns.append(
            {
                "name": figures.name,
                "x": place * COLUMN + 8,
                "y": HEIGHT - height,
                "height": height,
                "reached": figures.reached,
                "known": figures.attainment is not None,
                "attainment": percent(figures.attainment),
                "goal": percent(figures.goal),
                "decided": figures.decided,
                "url": to_clocks(month, facade.decided_figure(month)),
                "short": date_format(month.period.first, "M"),
            }
        )
    goal = report.total.goal
    return {
        "columns": columns,
        "width": len(columns) * COLUMN,
        "goal": None if goal is None else round(HEIGHT - goal * HEIGHT / 100, 1),
        "any": any(column["known"] for column in columns),
        "goal_words": percent(goal),
    }


def causes(report: facade.Report) -> list[dict[str, Any]]:
    """What broke promises, the most frequent first, each with its share as a bar."""
    asked = report.asked
    rows = [one for one in report.rows if one.breached + one.open_breached]
    most = max((one.breached + one.open_breached for one in rows), default=1)
    return [
        {
            "name": one.name,
            "count": one.breached + one.open_breached,
            "share": round(100 * (one.breached + one.open_breached) / most),
            "url": to_clocks(replace(asked, group="cause"), "broken", one.key)
            if one.key
            else to_clocks(replace(asked, group="none"), "uncoded"),
        }
        for one in sorted(rows, key=lambda one: -(one.breached + one.open_breached))
    ]


def figure_words() -> dict[str, str]:
    """Each figure by its name in addresses."""
    return {
        "all": _("All"),
        "met": _("Kept"),
        "breached": _("Broken"),
        "decided": _("Kept or broken"),
        "live": _("Kept, broken or late"),
        "counted": _("Kept, broken or running"),
        "broken": _("Broken or late"),
        "open": _("Running"),
        "open_within": _("Running in time"),
        "open_breached": _("Late and still open"),
        "excluded": _("Excluded"),
        "cancelled": _("Cancelled"),
        "superseded": _("Replaced by another target"),
        "informational": _("For information only"),
        "coded": _("With a cause"),
        "uncoded": _("Without a cause"),
    }


#: How a clock's figure is marked: the kind of tag, and its sign.
MARKS = {
    "met": ("ok", "check"),
    "breached": ("overdue", "circle-x"),
    "open_breached": ("solid overdue", "alert-triangle"),
    "open_within": ("info", "clock"),
    "excluded": ("outline", "ban"),
}


def clock(line: facade.Line) -> dict[str, Any]:
    """A clock of a list."""
    kind, sign = MARKS.get(line.figure, ("outline", "point"))
    return {
        "line": line,
        "url": record_url(line.record_kind, line.number),
        "figure": figure_words()[line.figure],
        "tag": kind,
        "sign": sign,
        # How long it took is known once it is over; what runs is told by its due moment.
        "spent": agreements.span_word(round(line.spent)) if line.stopped_at else "–",
        "promised": agreements.span_word(round(line.promised)),
        "cause": facade.cause_word(line.cause) if line.cause else "",
    }


def record_url(kind: str, number: str) -> str:
    """The page of a record."""
    return f"/{kind}s/{number}"
