"""Priority: the impact × urgency matrix, and the score that orders work inside it (domain.md 4.2, 7.3). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

Cells = Sequence[Sequence[int]]

#: The default 4×4 matrix: rows impact 1–4, columns urgency 1–4.
DEFAULT_CELLS: tuple[tuple[int, ...], ...] = ((1, 1, 2, 3), (1, 2, 3, 3), (2, 3, 3, 4), (3, 4, 4, 5))
#: The 3×3 variant (high, medium, low) for small teams.
SMALL_CELLS: tuple[tuple[int, ...], ...] = ((1, 2, 3), (2, 3, 4), (3, 4, 5))


def priority(cells: Cells, impact: int, urgency: int) -> int:
    """The priority 1–5 for an impact and an urgency, each counted from 1. Levels beyond the matrix take its last
    row or column, so that a 3×3 matrix serves four levels. Raises ValueError below 1."""
    if impact < 1 or urgency < 1:
        raise ValueError("impact and urgency are counted from 1")
    row = cells[min(impact, len(cells)) - 1]
    return row[min(urgency, len(row)) - 1]


def faults(cells: object) -> list[str]:
    """What is wrong with a matrix somebody wrote; empty when it can be used.

    It must be square, 3×3 or 4×4, of whole numbers 1–5, and never less urgent when impact or urgency grows.
    """
    if not isinstance(cells, list) or len(cells) not in (3, 4):
        return ["shape"]
    if any(not isinstance(row, list) or len(row) != len(cells) for row in cells):
        return ["shape"]
    if any(type(cell) is not int or not 1 <= cell <= 5 for row in cells for cell in row):
        return ["range"]
    size = range(len(cells))
    for i in size:
        for u in size:
            if (i and cells[i][u] < cells[i - 1][u]) or (u and cells[i][u] < cells[i][u - 1]):
                return ["order"]
    return []


@dataclass(frozen=True, slots=True)
class Factor:
    """One part of the score: what it is, its value as people state it, and the points it gives."""

    factor: str
    value: float
    points: float


WEIGHTS = {"impact": 40.0, "urgency": 25.0, "size": 15.0, "services": 10.0, "flag": 5.0, "age": 5.0}


def score(
    impact: int, urgency: int, *, users: int = 1, services: int = 1, flagged: bool = False, age_share: float = 0.0
) -> list[Factor]:
    """The breakdown of the ordering score (0–100) by factor.

    `users` suffering, `services` hit, `flagged` for a VIP or a business deadline, `age_share` the part of the
    service level's time already used (0–1, more counts as 1). Weights and norms: domain.md 4.2.
    """
    norms = {
        "impact": (impact, (5 - impact) / 4),
        "urgency": (urgency, (5 - urgency) / 4),
        "size": (users, min(1.0, log10(1 + max(0, users)) / 3)),
        "services": (services, min(1.0, max(0, services) / 5)),
        "flag": (int(flagged), float(flagged)),
        "age": (round(age_share, 4), min(1.0, max(0.0, age_share))),
    }
    return [Factor(name, value, round(WEIGHTS[name] * norm, 2)) for name, (value, norm) in norms.items()]


def total(factors: Sequence[Factor]) -> float:
    """The score itself, to two decimals."""
    return round(sum(factor.points for factor in factors), 2)
