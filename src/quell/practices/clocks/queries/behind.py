"""The clocks behind a figure, page by page: the same source with the same conditions, so as many as the figure says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql
from quell.kernel.config.refusal import Invalid

from .asking import DECIDED, DUE, FIGURES, LIVE, WHOLES, Asked, Source, reader, source
from .naming import targets

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One clock as lists show it: whose record it is, what was promised, what became of it. `figure` is what it counts
    as, `spent` and `paused` are seconds of open time."""

    id: int
    number: str
    title: str
    record_kind: str
    kind: str
    metric: str
    target: str
    agreement: str
    agreement_code: str
    organisation: str
    service: str
    team: str
    priority: int | None
    figure: str
    started_at: datetime
    due_at: datetime | None
    breaches_at: datetime | None
    stopped_at: datetime | None
    spent: float
    paused: float
    promised: float
    cause: str
    excluded_because: str


@dataclass(frozen=True, slots=True)
class Sought:
    """Which of a report's clocks: a group by its key ("" for all), a figure or several put together by name."""

    key: str = ""
    figure: str = "all"

    @property
    def figures(self) -> tuple[str, ...]:
        """The single figures meant."""
        return WHOLES.get(self.figure, (self.figure,))


Place = tuple[datetime, int]
_LINES = """
SELECT f.*, r.number, r.title, r.kind AS record_kind, o.name AS organisation, coalesce(i.name, '') AS service,
  coalesce(w.name, '') AS team
FROM (SELECT c.id, c.record_id, c.kind, c.metric, c.target_id, c.organisation_id, c.service_id, c.priority,
    CASE WHEN c.holder ~ '^[0-9]+$' THEN c.holder::bigint ELSE c.team_id END AS team_id, {figure} AS figure,
    c.started_at, c.due_at, c.breaches_at, c.stopped_at, date_part('epoch', c.spent) AS spent,
    date_part('epoch', c.paused) AS paused,
    date_part('epoch', c.length) AS promised, c.breach_cause AS cause, c.excluded_because,
    coalesce(c.stopped_at, c.due_at, c.started_at) AS at
  {body} AND {chosen}
    AND (%(after_at)s::timestamptz IS NULL
      OR (coalesce(c.stopped_at, c.due_at, c.started_at), c.id) < (%(after_at)s::timestamptz, %(after_id)s::bigint))
  ORDER BY at DESC, c.id DESC LIMIT %(limit)s) f
JOIN records_record r ON r.id = f.record_id JOIN people_organisation o ON o.id = f.organisation_id
LEFT JOIN items_item i ON i.id = f.service_id LEFT JOIN people_team w ON w.id = f.team_id
ORDER BY f.at DESC, f.id DESC
"""


def known_figure(figure: str) -> str:
    """A figure's name; raises Invalid."""
    known = (*FIGURES, *WHOLES)
    if figure not in known:
        raise Invalid.field("figure", _("Choose one of: %(choices)s.") % {"choices": ", ".join(known)})
    return figure


def decided(asked: Asked) -> str:
    """The figure that attainment is taken of: by due moment, what is late and still runs is in it."""
    return LIVE if asked.basis == DUE else DECIDED


def lines(
    actor: Actor, asked: Asked, sought: Sought, now: datetime, *, limit: int = PAGE, after: Place | None = None
) -> list[Line]:
    """A page of clocks, the latest first, at most one more than `limit`; raises Forbidden."""
    reader(actor)
    rows = source(actor, asked, now)
    chosen, values = chosen_of(rows, sought)
    place = after or (None, 0)
    found = sql.dicts(
        _LINES.format(figure=rows.figure, body=rows.body, chosen=chosen),
        {**rows.values, **values, "limit": limit + 1, "after_at": place[0], "after_id": place[1]},
        prepare=False,
    )
    return _told(found)


def place_of(line: Line) -> Place:
    """Where a page that ends with this line goes on."""
    return line.stopped_at or line.due_at or line.started_at, line.id


def write_place(line: Line) -> str:
    """The same as text, for an address."""
    at, pk = place_of(line)
    return f"{at.isoformat()} {pk}"


def read_place(text: str) -> Place | None:
    """What `write_place` wrote, None for nothing; raises Invalid."""
    if not text:
        return None
    # A plus sign in an address may arrive as a space.
    at, _space, pk = text.rpartition(" ")
    try:
        return datetime.fromisoformat(at.replace(" ", "+")).astimezone(UTC), min(abs(int(pk)), 2**63 - 1)
    except (ValueError, OverflowError):
        raise Invalid.field("cursor", _("This cursor does not belong to this list. Begin again without it.")) from None


def count(actor: Actor, asked: Asked, sought: Sought, now: datetime) -> int:
    """How many there are; raises Forbidden."""
    reader(actor)
    rows = source(actor, asked, now)
    chosen, values = chosen_of(rows, sought)
    found = sql.row(f"SELECT count(*) {rows.body} AND {chosen}", {**rows.values, **values}, prepare=False)
    return int(found[0]) if found else 0


def every(actor: Actor, asked: Asked, sought: Sought, now: datetime, most: int) -> Iterator[Line]:
    """All of them, at most so many, read a thousand at a time."""
    after: Place | None = None
    left = most
    while left > 0:
        found = lines(actor, asked, sought, now, limit=min(1000, left), after=after)
        yield from found[: min(1000, left)]
        if len(found) <= 1000:
            return
        left -= 1000
        after = place_of(found[999])


def chosen_of(rows: Source, sought: Sought) -> tuple[str, dict[str, Any]]:
    """The condition under which a row of the source is behind a figure, with its values."""
    conditions, values = [f"{rows.figure} = ANY(%(figures)s)"], {"figures": list(sought.figures)}
    if sought.figure in ("coded", "uncoded"):
        conditions.append(f"c.breach_cause {'=' if sought.figure == 'uncoded' else '<>'} ''")
    if sought.key:
        conditions.append(f"{rows.key} = %(key)s")
        values["key"] = sought.key  # type: ignore[assignment]
    return " AND ".join(conditions), values


def _told(found: list[dict[str, Any]]) -> list[Line]:
    known = targets({str(row["target_id"]) for row in found})
    names = [name for name in Line.__slots__ if name not in ("target", "agreement", "agreement_code")]  # type: ignore[attr-defined]
    lines = []
    for row in found:
        named = known[str(row["target_id"])]
        told = {name: row[name] for name in names}
        lines.append(Line(target=named.name, agreement=named.detail, agreement_code=named.code, **told))
    return lines
