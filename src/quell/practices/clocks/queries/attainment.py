"""What was promised and kept, as figures: one statement a report (domain.md 5.8, K53 to K56).

Attainment is met / (met + breached), over all clocks of a group at once; what was excluded by approval, cancelled,
superseded, counted for information only or still runs within its time is in neither. By due moment, what is late and
still runs counts as breached.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql

from ..rules.periods import months_of
from .asking import DUE, NONE, Asked, Source, reader, source
from .naming import Named, month_named, names

#: Groups of a report at most; the largest stand first, and nobody reads more.
MOST_GROUPS = 500


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of clocks of one group. `goal` is what the targets of its clocks ask for, in percent, weighted by the
    same clocks; `spent` and `paused` are seconds of open time of those met and breached, `median` and `p90` whole
    minutes of the time they took (nearest rank). `uncoded` are breached ones without a cause."""

    key: str
    name: str
    detail: str
    code: str
    met: int
    breached: int
    excluded: int
    open_within: int
    open_breached: int
    cancelled: int
    superseded: int
    informational: int
    uncoded: int
    goal: float | None
    spent: float
    paused: float
    median: int | None
    p90: int | None
    strict: bool = False

    @property
    def decided(self) -> int:
        """How many attainment is taken of."""
        return self.met + self.breached + (self.open_breached if self.strict else 0)

    @property
    def attainment(self) -> float | None:
        """Kept, in percent with two digits; None where nothing has been decided."""
        return percent(self.met, self.decided)

    @property
    def live(self) -> float | None:
        """The same with what is late and still runs as breached."""
        return percent(self.met, self.met + self.breached + self.open_breached)

    @property
    def pause_share(self) -> float | None:
        """Paused / (spent + paused), in percent."""
        whole = self.spent + self.paused
        return round(100 * self.paused / whole, 2) if whole else None

    @property
    def reached(self) -> bool | None:
        """Is the goal reached? None where nothing has been decided, or nothing is asked."""
        if self.attainment is None or self.goal is None:
            return None
        return self.attainment >= self.goal


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it was counted at a moment: each group, and all of them together."""

    asked: Asked
    now: datetime
    rows: tuple[Figures, ...]
    total: Figures

    @property
    def mean(self) -> float | None:
        """The plain mean of the groups' percents as they are shown, so that anybody can add it up again. Beside the
        attainment over all clocks: here a small group weighs as much as a large one."""
        known = [Decimal(str(row.attainment)) for row in self.rows if row.attainment is not None]
        return float(round(sum(known, Decimal()) / len(known), 2)) if known else None


def percent(part: int, whole: int) -> float | None:
    """With two digits, None of nothing."""
    return round(100 * part / whole, 2) if whole else None


_COUNTED = ("met", "breached", "excluded", "open_within", "open_breached", "cancelled", "superseded", "informational")
# Rows alike in group, target, figure and minute are put together first, by as many workers as there are; goals and
# ranks are taken of what is left. A rank of minutes rounded down is the rank's minute rounded down, so nothing is lost.
_STATEMENT = """
WITH alike AS MATERIALIZED (
  SELECT {key} AS key, c.target_id, {figure} AS figure, (date_part('epoch', c.spent) / 60)::integer AS minute,
    count(*) AS n, count(*) FILTER (WHERE c.breach_cause = '') AS uncoded,
    sum(date_part('epoch', c.spent)) AS spent, sum(date_part('epoch', c.paused)) AS paused
  {body} GROUP BY 1, 2, 3, 4
), targets AS (
  SELECT a.key, a.target_id, a.figure, sum(a.n) AS n, sum(a.uncoded) AS uncoded, sum(a.spent) AS spent,
    sum(a.paused) AS paused
  FROM alike a GROUP BY GROUPING SETS ((a.key, a.target_id, a.figure), (a.target_id, a.figure))
), counted AS (
  SELECT t.key, {sums},
    coalesce(sum(t.uncoded) FILTER (WHERE t.figure IN ('breached', 'open_breached')), 0)::bigint AS uncoded,
    (sum(t.n * g.goal_percent) FILTER (WHERE t.figure IN ('met', 'breached', 'open_breached'))
      / nullif(sum(t.n) FILTER (WHERE t.figure IN ('met', 'breached', 'open_breached')), 0))::float8 AS goal,
    coalesce(sum(t.spent) FILTER (WHERE t.figure IN ('met', 'breached')), 0)::float8 AS spent,
    coalesce(sum(t.paused) FILTER (WHERE t.figure IN ('met', 'breached')), 0)::float8 AS paused
  FROM targets t JOIN agreements_target g ON g.id = t.target_id GROUP BY t.key
), minutes AS (
  SELECT a.key, a.minute, sum(a.n) AS n FROM alike a WHERE a.figure IN ('met', 'breached')
  GROUP BY GROUPING SETS ((a.key, a.minute), (a.minute))
), ranked AS (
  SELECT m.key, m.minute, sum(m.n) OVER (PARTITION BY m.key ORDER BY m.minute) AS upto,
    sum(m.n) OVER (PARTITION BY m.key) AS whole FROM minutes m
), ranks AS (
  SELECT r.key, min(r.minute) FILTER (WHERE 2 * r.upto >= r.whole) AS median,
    min(r.minute) FILTER (WHERE 10 * r.upto >= 9 * r.whole) AS p90 FROM ranked r GROUP BY r.key
)
SELECT c.*, r.median, r.p90 FROM counted c LEFT JOIN ranks r ON r.key IS NOT DISTINCT FROM c.key
ORDER BY c.key IS NULL DESC, {order} LIMIT {most}
"""


def report(actor: Actor, asked: Asked, now: datetime) -> Report:
    """The figures, group by group, the largest first; raises Forbidden."""
    reader(actor)
    found = counted(source(actor, asked, now), asked)
    known = names(asked.group, [row["key"] for row in found if row["key"] is not None], asked.period)
    strict = asked.basis == DUE
    rows = [_figures(row, known.get(row["key"]), strict) for row in found if row["key"] is not None]
    if asked.group == "month":
        there = {row.key: row for row in rows}
        rows = [
            there.get(str(place)) or _empty(str(place), month_named(month), strict)
            for place, month in enumerate(months_of(asked.period), 1)
        ]
    total = next((_figures(row, None, strict) for row in found if row["key"] is None), _empty("", None, strict))
    return Report(asked, now, tuple(rows), total)


def counted(rows: Source, asked: Asked) -> list[dict[str, Any]]:
    """What the statement gives: the whole first, its key None; then each group."""
    sums = ", ".join(f"coalesce(sum(t.n) FILTER (WHERE t.figure = '{name}'), 0)::bigint AS {name}" for name in _COUNTED)
    statement = _STATEMENT.format(
        key=rows.key,
        figure=rows.figure,
        body=rows.body,
        sums=sums,
        order="met + breached + open_breached + open_within DESC, c.key",
        most=MOST_GROUPS + 1,
    )
    return sql.dicts(statement, rows.values, prepare=False)


def _figures(row: Mapping[str, Any], named: Named | None, strict: bool) -> Figures:
    key = row["key"] or ""
    name = named or Named("" if key == NONE else key, "", "")
    goal = None if row["goal"] is None else round(row["goal"], 2)
    counts = {one: row[one] for one in (*_COUNTED, "uncoded", "spent", "paused", "median", "p90")}
    return Figures(key=key, name=name.name, detail=name.detail, code=name.code, goal=goal, strict=strict, **counts)


def _empty(key: str, named: Named | None, strict: bool) -> Figures:
    nothing = dict.fromkeys((*_COUNTED, "uncoded"), 0)
    row = {"key": key, "goal": None, "spent": 0.0, "paused": 0.0, "median": None, "p90": None, **nothing}
    return _figures(row, named, strict)
