"""Why this target and none of the others: the choice of `engines.targets` in words (domain.md 4.9, 5.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from quell.engines.targets import Applied, Because, Case, Promise, applies
from quell.kernel.config import sql
from quell.practices.calendars import facade as calendars

from . import words
from .book import Book, Promised

#: Every reason there is, so that a test can hold the words to all of them.
REASONS = (
    "none", "default", "customer", "service", "service_and_customer", "record", "not_yet", "over", "other_record",
    "other_service", "other_customer", "other_holder", "other_priority", "other_kind", "other_criticality",
    "less_specific", "further_away", "says_less", "older",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One target with why it applies or why not. `label` is its metric, time and calendar in words."""

    target_id: int
    agreement: str
    agreement_name: str
    version: int
    kind: str
    label: str
    reason: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The target that applies (None: none does), and every other of the same metric."""

    chosen: Said | None
    sentence: str
    passed_over: tuple[Said, ...]


def choose(book: Book, metric: str, case: Case, at: datetime) -> Choice:
    """Which target applies to a record, and why; agreements with teams and suppliers only while they hold it."""
    candidates = {id(one.promise): one for one in book.promised if one.promise.metric == metric}
    found = applies(metric, case, [one.promise for one in candidates.values()], at)
    called = calendars.names({one.terms.calendar for one in candidates.values()})
    names = {**names_in(found), **{f"calendar:{code}": name for code, name in called.items()}}
    chosen = candidates[id(found.promise)] if found.promise is not None else None
    passed = _once(found, candidates, names)
    if chosen is None:
        return Choice(None, because(found.because, names), passed)
    return Choice(_said(chosen, found.because, names), because(found.because, names), passed)


def _once(applied: Applied, candidates: Mapping[int, Promised], names: Mapping[str, str]) -> tuple[Said, ...]:
    """Each target once: one for several services is passed over as often as it does not fit, and told for the nearest
    miss, or not at all when it is the one that applies."""
    told: dict[str, tuple[Promise, Because]] = {}
    for promise, why in applied.passed_over:
        if applied.promise is not None and promise.key == applied.promise.key:
            continue
        known = told.get(promise.key)
        if known is None or known[1].code == "other_service":
            told[promise.key] = (promise, why)
    return tuple(_said(candidates[id(promise)], why, names) for promise, why in told.values())


def _said(one: Promised, why: Because, names: Mapping[str, str]) -> Said:
    target = one.terms.target
    calendar = names.get(f"calendar:{one.terms.calendar}", one.terms.calendar)
    label = f"{words.amount(target.kind, target.amount)} · {calendar}"
    return Said(
        one.target_id, one.terms.agreement, one.agreement_name, one.terms.version, one.kind, label, why.code,
        because(why, names),
    )  # fmt: skip


def because(why: Because, names: Mapping[str, str]) -> str:
    """One reason as a sentence. `names` maps `service:7`, `customer:3` and `holder:5` to what they are called."""
    given = {name: str(value) for name, value in why.values.items()}
    if "wanted" in given:
        place = {"other_service": "service", "other_customer": "customer", "other_holder": "holder"}.get(why.code, "")
        given["wanted"] = names.get(f"{place}:{given['wanted']}", given["wanted"])
    for place in ("service", "customer", "holder"):
        if place in given:
            given[place] = names.get(f"{place}:{given[place]}", given[place])
    for moment in ("since", "until"):
        if moment in given:
            given[moment] = date_format(localtime(datetime.fromisoformat(given[moment])), "DATETIME_FORMAT")
    for rank in ("rank", "behind"):
        if rank in given:
            given[rank] = _ranks().get(given[rank], given[rank])
    if why.code == "other_priority":
        given["wanted"] = ", ".join(f"P{one.strip()}" for one in given["wanted"].split(","))
    return sentences()[why.code] % given


def _ranks() -> dict[str, str]:
    return {
        "default": _("everything"),
        "customer": _("the customer"),
        "service": _("the service"),
        "service_and_customer": _("the service of the customer"),
        "record": _("this very record"),
    }


def sentences() -> dict[str, str]:
    """The sentence of every reason there is, by its code, in the reader's language."""
    return {
        "none": _("No target of this metric applies."),
        "default": _("It applies because it is for everything and nothing more specific fits."),
        "customer": _("It applies because it is for %(customer)s, and nothing more specific fits."),
        "service": _("It applies because it is for the service %(service)s."),
        "service_and_customer": _("It applies because it is for the service %(service)s of %(customer)s."),
        "record": _("It applies because it is for this very record."),
        "not_yet": _("It has not begun yet (%(since)s)."),
        "over": _("It is over (%(until)s)."),
        "other_record": _("It is for another record."),
        "other_service": _("It is for the service %(wanted)s."),
        "other_customer": _("It is for %(wanted)s."),
        "other_holder": _("It is kept by %(wanted)s, who does not have it."),
        "other_priority": _("It is for priority %(wanted)s."),
        "other_kind": _("It is for records of the kind %(wanted)s."),
        "other_criticality": _("It is for services of criticality %(wanted)s."),
        "less_specific": _("It fits, but the one that applies is more specific: that is for %(behind)s."),
        "further_away": _("It fits, but the one that applies is for something nearer."),
        "says_less": _("It fits, but the one that applies says more about the record."),
        "older": _("It fits, but the one that applies is newer."),
    }


_NAMES = """
SELECT 'service:' || id, name FROM items_item WHERE id = ANY(%(service)s)
UNION ALL SELECT 'customer:' || id, name FROM people_organisation WHERE id = ANY(%(customer)s)
UNION ALL SELECT 'holder:' || id, name FROM people_team WHERE id = ANY(%(holder)s)
"""


def names_in(*found: Applied) -> dict[str, str]:
    """What the services, customers and holders of these choices are called."""
    wanted: dict[str, set[int]] = {"service": set(), "customer": set(), "holder": set()}
    for one in found:
        promises: Iterable[Promise] = [*([one.promise] if one.promise else []), *(p for p, _why in one.passed_over)]
        for promise in promises:
            for place in wanted:
                value = getattr(promise.scope, place)
                if value.isdigit():
                    wanted[place].add(int(value))
    if not any(wanted.values()):
        return {}
    return dict(sql.rows(_NAMES, {place: sorted(ids) for place, ids in wanted.items()}))
