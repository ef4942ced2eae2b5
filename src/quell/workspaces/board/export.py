"""Reports and the clocks behind their figures as tables for other programs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quell.kernel.config.refusal import Invalid
from quell.kernel.files import sheets
from quell.kernel.ui.signed_in import actor_of
from quell.practices.clocks import facade

from .doors import given, managers
from .held import asked_here, called

#: Lines of a file that is written while somebody waits.
MOST = 20_000
_FIGURES = (
    "name", "detail", "attainment", "goal", "met", "breached", "open_breached", "open_within", "excluded", "cancelled",
    "superseded", "uncoded", "pause_share", "median", "p90",
)  # fmt: skip
_OF_CLOCK = (
    "number", "title", "kind", "metric", "target", "agreement_code", "organisation", "service", "team", "priority",
    "figure", "started_at", "due_at", "breaches_at", "stopped_at", "promised", "spent", "paused", "cause",
    "excluded_because",
)  # fmt: skip


@require_safe
@managers
def figures(request: HttpRequest) -> HttpResponse:
    """The table of a report, its whole last; columns are named as in the API."""
    actor, now = actor_of(request), datetime.now(UTC)
    words = given(request)
    asked = facade.asked_of(actor, words, now)
    found = facade.report(actor, asked, now)
    rows = [[getattr(one, name) for name in _FIGURES] for one in (*found.rows, found.total)]
    rows[-1][0] = _("All together")
    return _file(words.get("format", ""), f"attainment-{asked.period.text}", _FIGURES, rows)


@require_safe
@managers
def clocks(request: HttpRequest) -> HttpResponse:
    """The clocks behind a figure, times in the zone of the report, lengths in seconds."""
    actor, now = actor_of(request), datetime.now(UTC)
    words = given(request)
    asked = facade.asked_of(actor, words, now)
    sought = facade.Sought(words.get("key", ""), facade.known_figure(words.get("figure") or "all"))
    if facade.count_behind(actor, asked, sought, now) > MOST:
        raise Invalid(_too_long())
    zone = ZoneInfo(asked.period.zone)
    rows = (
        [_cell(getattr(one, name), zone) for name in _OF_CLOCK]
        for one in facade.every_behind(actor, asked, sought, now, MOST)
    )
    return _file(words.get("format", ""), f"clocks-{asked.period.text}", _OF_CLOCK, rows)


_OF_SHARE = ("name", "code", "tickets", "share", "counted", "paused", "median")
_OF_TICKET = ("number", "title", "record_kind", "state", "counted", "paused")


@require_safe
@managers
def held(request: HttpRequest) -> HttpResponse:
    """Who held the clocks, the whole last; lengths in seconds, columns named as in the API."""
    actor, now = actor_of(request), datetime.now(UTC)
    words = given(request)
    asked, sought, by = asked_here(actor, words, now)
    found = facade.held(actor, asked, sought, by, now)
    rows = [[getattr(one, name) for name in _OF_SHARE] for one in (*found.rows, found.total)]
    for row, one in zip(rows, found.rows, strict=False):
        row[0] = called(by, one.name, one.key)
    rows[-1][0] = _("All together")
    return _file(words.get("format", ""), f"held-by-{by}-{asked.period.text}", _OF_SHARE, rows)


@require_safe
@managers
def held_tickets(request: HttpRequest) -> HttpResponse:
    """The tickets behind a line of it, at most as many as a file holds."""
    actor, now = actor_of(request), datetime.now(UTC)
    words = given(request)
    asked, sought, by = asked_here(actor, words, now)
    count, found = facade.held_tickets(actor, asked, sought, by, words.get("holder", ""), now, limit=MOST)
    if count > MOST:
        raise Invalid(_too_long())
    rows = [[getattr(one, name) for name in _OF_TICKET] for one in found]
    return _file(words.get("format", ""), f"held-by-{by}-tickets-{asked.period.text}", _OF_TICKET, rows)


def _too_long() -> str:
    said = {"most": number_format(MOST, force_grouping=True)}
    return (
        _(
            "A file holds %(most)s lines, and these are more. Choose a shorter period, or one service or team; "
            "the API hands them all over, page by page."
        )
        % said
    )


def _cell(value: object, zone: ZoneInfo) -> object:
    if isinstance(value, datetime):
        return value.astimezone(zone)
    return round(value) if isinstance(value, float) else value


def _file(kind: str, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    kind = kind if kind in sheets.FORMATS else "csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"report.{kind}"
        sheets.WRITERS[kind](path, header, rows)
        content = path.read_bytes()
    answer = HttpResponse(content, content_type=sheets.TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name.replace("..", "-to-")}.{kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
