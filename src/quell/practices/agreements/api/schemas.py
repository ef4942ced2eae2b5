"""The shapes of agreements and metrics on the wire."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel


class Agreement(BaseModel):
    """An agreement with the version that counts: the one in force, else the next one. `customer` null: everybody of
    the organisation that keeps it. `writing` is the number of a version that is being written."""

    id: int
    code: str
    name: str
    kind: str
    organisation: str
    customer: str | None
    team: str | None
    supplier: str
    owner: str | None
    number: int | None
    state: str | None
    valid_from: date | None
    valid_until: date | None
    review_on: date | None
    in_force_from: datetime | None
    in_force_until: datetime | None
    writing: int | None
    created_at: datetime
    url: str


class AgreementPage(BaseModel):
    """Some agreements, and where the next begin."""

    items: list[Agreement]
    next_cursor: str | None


class CreditTier(BaseModel):
    """What is owed below a percentage of attainment."""

    below: float
    credit: float
    text: str


class Signature(BaseModel):
    """One side has signed. `recorded`: `person` wrote down that `name` signed, and where the paper lies."""

    side: str
    name: str
    person: str | None
    recorded: bool
    reference: str
    at: datetime


class Target(BaseModel):
    """One promise. `amount` is seconds for `duration`, working days else; `words` says it for people."""

    id: int
    metric: str
    metric_version: int
    kind: str
    amount: int
    words: str
    calendar: str
    services: list[str]
    priorities: list[int]
    kinds: list[str]
    criticalities: list[int]
    pauses_on: list[str]
    on_change: str
    on_reopen: str
    breach_rule: str
    keep_breach: bool
    warn_at: list[int]
    goal_percent: float
    start_rule: str


class Version(BaseModel):
    """One version of an agreement; once `agreed_at`, nothing in it changes."""

    number: int
    state: str
    services: list[str]
    valid_from: date
    valid_until: date | None
    review_on: date | None
    review_lead_days: int
    apply_to_open: bool
    summary: str
    exclusions: str
    reporting: str
    penalties: str
    tiers: list[CreditTier]
    routes: list[list[str]]
    created_by: str
    created_at: datetime
    agreed_at: datetime | None
    in_force_from: datetime | None
    in_force_until: datetime | None
    activated_at: datetime | None
    ended_at: datetime | None
    ended_because: str
    signatures: list[Signature]
    targets: list[Target]


class AgreementWhole(Agreement):
    """An agreement with all its versions, newest first."""

    version: int
    versions: list[Version]


class Leg(BaseModel):
    """Somebody on a route; `time` is empty where nothing is agreed."""

    agreement: str
    holder: str
    time: str
    calendar: str


class ChainLink(BaseModel):
    """One target against one route. `holds` null: it could not be checked; `sentence` says what was found."""

    target_id: int
    metric: str
    priority: int | None
    promised: str
    code: str
    holds: bool | None
    legs: list[Leg]
    sentence: str


class Chain(BaseModel):
    """Whether those behind an SLA can keep it."""

    links: list[ChainLink]


class Difference(BaseModel):
    """One thing that two versions say otherwise."""

    what: str
    before: str
    after: str


class Differences(BaseModel):
    """What changed from one version to another."""

    older: int
    newer: int
    differences: list[Difference]


class ChoiceLine(BaseModel):
    """One target, and why it applies or not: `reason` for programs, `sentence` for people."""

    target_id: int
    agreement: str
    agreement_name: str
    version: int
    kind: str
    label: str
    reason: str
    sentence: str


class Choice(BaseModel):
    """Which target applies to a record, and why each other of the metric does not."""

    chosen: ChoiceLine | None
    sentence: str
    passed_over: list[ChoiceLine]


class Metric(BaseModel):
    """What is measured: conditions in the language of queries."""

    code: str
    version: int
    name: str
    description: str
    kinds: list[str]
    start: str
    stop: str
    pauses: dict[str, str]
    reset: str
    cancel: str
    recurring: bool
    per_holder: str
    shipped: bool
    active: bool
    created_at: datetime
    url: str


class MetricList(BaseModel):
    """Every metric in its newest version."""

    items: list[Metric]


class MetricWhole(Metric):
    """A metric with the versions before."""

    earlier: list[Metric]
