"""What can be said about agreements, their versions and metrics."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BeforeValidator, Field

from quell.engines.clock import terms
from quell.kernel.actions.directory.inputs import Code, Flag, Name
from quell.kernel.actions.registry import Inputs

from ..rules import codes

Text = Annotated[str, Field(max_length=20_000)]
Condition = Annotated[str, Field(max_length=1000)]


def _day(value: Any) -> Any:
    """A day is written as text; numbers would be read as seconds since 1970."""
    if isinstance(value, (int, float)):
        raise ValueError(_("Give a day such as 2026-12-31."))
    return value


def _within_reach(value: date) -> date:
    if not date(2000, 1, 1) <= value <= date(2100, 12, 31):
        raise ValueError(_("Give a day between 2000 and 2100."))
    return value


def _kind_of_record(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z_]{0,19}", value):
        raise ValueError(_("Give a kind of record such as incident."))
    return value


def _once(values: list[Any]) -> list[Any]:
    return sorted(set(values))


Day = Annotated[date, BeforeValidator(_day), AfterValidator(_within_reach)]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]
Codes = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=200), AfterValidator(_once)
]
RecordKinds = Annotated[
    list[Annotated[str, AfterValidator(_kind_of_record)]], Field(max_length=20), AfterValidator(_once)
]
Reason = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,19}$")]


class NewAgreement(Inputs):
    """An agreement; its first version is a draft. `customer` null: everybody of the organisation that keeps it. An OLA
    names its `team`, a UC its `supplier`. `owner` is the e-mail address of who answers for it."""

    code: Code
    name: Name
    kind: Literal["sla", "ola", "uc"]
    organisation: str = Field(min_length=1, max_length=60)
    customer: str | None = Field(None, max_length=60)
    team: str | None = Field(None, max_length=60)
    supplier: str = Field("", max_length=200)
    owner: str | None = Field(None, max_length=254)


class AgreementChange(Inputs):
    """Only what is to change. Who has agreed with whom stands fast once a version has been agreed."""

    name: Name | None = None
    owner: str | None = Field(None, max_length=254)
    customer: str | None = Field(None, max_length=60)
    team: str | None = Field(None, max_length=60)
    supplier: str | None = Field(None, max_length=200)


class Tier(Inputs):
    """What is owed when attainment falls below a percentage: a credit in percent of the fee, in words what else."""

    below: Percent
    credit: Percent
    text: str = Field("", max_length=300)


class TargetInput(Inputs):
    """One promise. `amount` is seconds of open time for `duration`, working days for the two others. Empty lists are
    for any. `pauses_on` null takes what is usual for the metric."""

    metric: str = Field(min_length=1, max_length=60)
    kind: Literal["duration", "same_time_n_days", "end_of_nth_day"] = "duration"
    amount: Annotated[int, Field(strict=True, ge=-(2**31), lt=2**31)]
    calendar: str = Field(min_length=1, max_length=60)
    services: Codes = Field(default_factory=list)
    priorities: Annotated[
        list[Annotated[int, Field(ge=1, le=5, strict=True)]], Field(max_length=5), AfterValidator(_once)
    ] = Field(default_factory=list)
    kinds: RecordKinds = Field(default_factory=list)
    criticalities: Annotated[
        list[Annotated[int, Field(ge=1, le=4, strict=True)]], Field(max_length=4), AfterValidator(_once)
    ] = Field(default_factory=list)
    pauses_on: Annotated[list[Reason], Field(max_length=20), AfterValidator(_once)] | None = None
    on_change: Literal["carry", "recalculate", "restart", "proportional"] = terms.CARRY  # type: ignore[assignment]
    on_reopen: Literal["continue", "count_through", "new_instance"] = terms.CONTINUE  # type: ignore[assignment]
    breach_rule: Literal["elapsed", "deadline"] = terms.BY_ELAPSED  # type: ignore[assignment]
    keep_breach: Flag = True
    warn_at: Annotated[list[Annotated[int, Field(ge=1, le=1000, strict=True)]], Field(max_length=10)] = Field(
        default_factory=lambda: list(codes.WARN_AT)
    )
    goal_percent: Annotated[Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2)] = Decimal(100)
    start_rule: Literal["reported", "detected"] = codes.REPORTED  # type: ignore[assignment]


class VersionChange(Inputs):
    """Only what is to change in the version that is being written. Lists replace what was there. `valid_until` is the
    last day it holds; `routes` lists who works on a record one after the other, by codes of OLAs and UCs."""

    services: Codes | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    review_on: Day | None = None
    review_lead_days: Annotated[int, Field(ge=0, le=365, strict=True)] | None = None
    apply_to_open: Flag | None = None
    summary: Text | None = None
    exclusions: Text | None = None
    reporting: Text | None = None
    penalties: Text | None = None
    tiers: Annotated[list[Tier], Field(max_length=20)] | None = None
    routes: Annotated[list[Annotated[list[Code], Field(min_length=1, max_length=20)]], Field(max_length=20)] | None = (
        None
    )
    targets: Annotated[list[TargetInput], Field(max_length=100)] | None = None


class Sign(Inputs):
    """For which side. `name` and `reference` write down that somebody else has signed, and where the paper lies."""

    side: Literal["customer", "provider", "both"]
    name: str = Field("", max_length=200)
    reference: str = Field("", max_length=300)


class Because(Inputs):
    """Why it ends before its time."""

    reason: str = Field(min_length=1, max_length=500)


class NewMetric(Inputs):
    """What is measured: conditions in the language of queries. `pauses` maps a reason to the condition it holds under;
    `kinds` are kinds of records, none means all."""

    code: Code
    name: str = Field(min_length=1, max_length=120)
    description: str = Field("", max_length=500)
    kinds: RecordKinds = Field(default_factory=list)
    start: Condition = Field(min_length=1)
    stop: Condition = Field(min_length=1)
    pauses: Annotated[dict[Reason, Condition], Field(max_length=20)] = Field(default_factory=dict)
    reset: Condition = ""
    cancel: Condition = ""
    recurring: Flag = False
    per_holder: Literal["", "team"] = ""


class MetricChange(Inputs):
    """Only what is to change; it makes the next version. `active` false: nothing new is promised by it."""

    name: str | None = Field(None, min_length=1, max_length=120)
    description: str | None = Field(None, max_length=500)
    kinds: RecordKinds | None = None
    start: Condition | None = Field(None, min_length=1)
    stop: Condition | None = Field(None, min_length=1)
    pauses: Annotated[dict[Reason, Condition], Field(max_length=20)] | None = None
    reset: Condition | None = None
    cancel: Condition | None = None
    recurring: Flag | None = None
    per_holder: Literal["", "team"] | None = None
    active: Flag | None = None


class Asked(Inputs):
    """A record to choose for: what is not said is nothing in particular. `organisation` is the requester's."""

    metric: str = Field(min_length=1, max_length=60)
    organisation: str = Field(min_length=1, max_length=60)
    service: str | None = Field(None, max_length=60)
    priority: Annotated[int, Field(ge=1, le=5)] | None = None
    kind: str = Field("incident", max_length=20)
    team: str | None = Field(None, max_length=60)
