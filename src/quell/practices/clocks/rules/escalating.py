"""Who hears of a promise that runs out (domain.md 4.2): the steps of the matrix, and the people they mean. Pure.

At 50 % the assignee, at 75 % the lead as well, at 90 % whoever answers for the practice, at 100 % the owner of the
service and of the agreement, at 200 % the direction. Escalation never changes ownership.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

#: Words for people around a record; `role:CODE` means all who hold a role where the record lies, an address with an
#: @ one person.
ASSIGNEE, OWNER, TEAM, LEADS = "assignee", "owner", "team", "leads"
SERVICE_OWNER, AGREEMENT_OWNER, PROVIDER = "service_owner", "agreement_owner", "provider_leads"
#: The manager of whoever works on it, or of the leads while nobody does; `managers:N` stands N levels up, or as high as
#: the chain reaches.
MANAGER, MANAGERS = "manager", "managers:"
AUDIENCES = (ASSIGNEE, OWNER, TEAM, LEADS, MANAGER, SERVICE_OWNER, AGREEMENT_OWNER, PROVIDER)
ROLE = "role:"
MOST_LEVELS = 20

BREACH = 100


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Empty sets mean any; `organisations` is empty for a step of the whole instance, or else the one it
    belongs to."""

    id: int
    percent: int
    organisation: int | None
    agreement_kinds: frozenset[str]
    metrics: frozenset[str]
    priorities: frozenset[int]
    audiences: tuple[str, ...]
    verb: str
    inputs: Mapping[str, object]


#: What the house ships, for every organisation that has no steps of its own.
SHIPPED: tuple[tuple[int, tuple[str, ...]], ...] = (
    (50, (ASSIGNEE,)),
    (75, (ASSIGNEE, LEADS)),
    (90, (ASSIGNEE, LEADS, f"{ROLE}desk-lead")),
    (100, (ASSIGNEE, LEADS, SERVICE_OWNER, AGREEMENT_OWNER)),
    (200, (LEADS, SERVICE_OWNER, AGREEMENT_OWNER, f"{MANAGERS}2")),
)


@dataclass(frozen=True, slots=True)
class Due:
    """What has come due of a clock: how much is used up, and what it is about."""

    percent: int
    kind: str
    metric: str
    priority: int | None
    path: Sequence[int]


def steps_for(due: Due, steps: Iterable[Step]) -> list[Step]:
    """The steps that speak: of the nearest organisation that has any, the highest at or below the percent. Several at
    the same percent all speak."""
    fitting = [step for step in steps if _fits(step, due)]
    for organisation in (*reversed(due.path), None):
        here = [step for step in fitting if step.organisation == organisation]
        if here:
            highest = max(step.percent for step in here)
            return [step for step in here if step.percent == highest]
    return []


def _fits(step: Step, due: Due) -> bool:
    return (
        step.percent <= due.percent
        and (not step.agreement_kinds or due.kind in step.agreement_kinds)
        and (not step.metrics or due.metric in step.metrics)
        and (not step.priorities or due.priority in step.priorities)
    )


def levels(audience: str) -> int:
    """How many levels up the chain of managers a word means; 0 for other words."""
    if audience == MANAGER:
        return 1
    number = audience.removeprefix(MANAGERS)
    sound = audience.startswith(MANAGERS) and number.isascii() and number.isdigit() and len(number) < 3
    return int(number) if sound and int(number) <= MOST_LEVELS else 0


def comes_at(percent: int, all_percents: Iterable[int], warned: Iterable[int]) -> list[int]:
    """The warned percents at which a step speaks: from its own up to the next step's. None: it never comes."""
    following = min((one for one in all_percents if one > percent), default=None)
    return sorted({at for at in warned if at >= percent and (following is None or at < following)})


def known(audience: str) -> bool:
    """Is this a word for people?"""
    if levels(audience):
        return True
    return audience in AUDIENCES or (audience.startswith(ROLE) and len(audience) > len(ROLE)) or "@" in audience
