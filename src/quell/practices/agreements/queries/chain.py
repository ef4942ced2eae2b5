"""Can those behind an SLA keep it? Every target against the teams and suppliers its records go through (domain.md
4.9). A warning, never a refusal: people may know more than their agreements say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from quell.engines.businesstime.faults import CalendarFault
from quell.engines.clock import terms
from quell.engines.target_chain import FITS, GAP, NEVER_DONE, TOO_LONG, Finding, Leg, check
from quell.engines.targets import Case, Promise, applies
from quell.kernel.config import sql
from quell.practices.calendars import facade as calendars

from ..models import Agreement, Version
from ..rules import codes
from ..rules.routes import Behind, routes
from . import words
from .book import Book, Promised, book, with_version

#: What a record must be done by; what is behind other metrics is not a chain of hands.
CHECKED = (codes.RESOLUTION, codes.FULFILMENT)
#: By which metric each kind of agreement behind it is counted.
COUNTED_BY = {codes.OLA: codes.HANDLING, codes.UC: codes.SUPPLIER}
#: A year meets every weekend, holiday and both changes of clocks.
YEAR = timedelta(days=366)
#: Cases looked at for one version: its targets, times the priorities and services they are for.
MOST_CASES = 100

CODES = (FITS, TOO_LONG, GAP, NEVER_DONE, "nobody", "in_days", "broken_calendar")


@dataclass(frozen=True, slots=True)
class LegSaid:
    """Somebody on a route, with the time agreed in words; "" where nothing is."""

    agreement: str
    holder: str
    time: str
    calendar: str


@dataclass(frozen=True, slots=True)
class Link:
    """One target and one route for a case of it. `code` is one of CODES; `holds` None: nothing could be checked."""

    target_id: int
    metric: str
    priority: int | None
    service: str
    promised: str
    code: str
    holds: bool | None
    legs: tuple[LegSaid, ...]
    sentence: str


def of_version(agreement: Agreement, version: Version, now: datetime) -> list[Link]:
    """Every target of an SLA's version that must be done by a time, against what is behind it: what cannot hold first.
    Alike cases are told once."""
    if agreement.kind != codes.SLA:
        return []
    since = version.in_force_from or now
    whole = book() if version.in_force_from else with_version(version.pk, now)
    mine = [one for one in whole.promised if one.version_id == version.pk and one.terms.metric in CHECKED]
    if not mine:  # over since long: as it was when it held
        mine = [one for one in with_version(version.pk, since).promised if one.version_id == version.pk]
        mine = [one for one in mine if one.terms.metric in CHECKED]
    behind = _Behind(whole, agreement, max(since, now))
    found: dict[tuple[object, ...], Link] = {}
    for one, priority in list(_cases(mine))[:MOST_CASES]:
        for link in _links(one, priority, behind, version.routes, max(since, now)):
            alike = (link.target_id, link.service, link.code, link.legs, link.sentence)
            known = found.get(alike)
            found[alike] = link if known is None else replace(known, priority=None)
    return sorted(found.values(), key=lambda link: link.holds is not False)


def warnings(agreement: Agreement, version: Version, now: datetime) -> list[str]:
    """The sentences of what cannot hold, each with the promise it is about: "Resolution P1: It cannot hold …"."""
    return [f"{_about(link)}: {link.sentence}" for link in of_version(agreement, version, now) if link.holds is False]


def _about(link: Link) -> str:
    metric = words.metric_called(link.metric)
    return f"{metric} P{link.priority}" if link.priority else metric


def _cases(mine: Iterable[Promised]) -> Iterator[tuple[Promised, int | None]]:
    for one in mine:
        for priority in sorted(one.promise.scope.priorities) or range(1, 6):
            yield one, priority


class _Behind:
    """What is behind a case: for each OLA and UC of the house the promise that fits, as the choice would find it."""

    def __init__(self, whole: Book, agreement: Agreement, at: datetime) -> None:
        self.at = at
        self.promised = [one for one in whole.promised if one.kind in COUNTED_BY]
        place = agreement.customer or agreement.organisation
        self.customers = tuple(str(pk) for pk in reversed(place.path))
        if agreement.organisation_id not in place.path:
            self.customers = (*self.customers, *(str(pk) for pk in reversed(agreement.organisation.path)))
        self.teams = dict(sql.rows("SELECT id, name FROM people_team WHERE id = ANY(%s)", [
            sorted({one.provider_team_id for one in self.promised if one.provider_team_id})
        ]))  # fmt: skip

    def of(self, case: Case, named: frozenset[str]) -> list[Behind]:
        """All that fit, in the order of their codes. Those a route names are taken for a service of theirs where the
        promise is for any: somebody who writes them into it means the records they are for."""
        found = []
        by_agreement: dict[int, list[Promised]] = {}
        for one in self.promised:
            by_agreement.setdefault(one.agreement_id, []).append(one)
        for group in by_agreement.values():
            first = group[0]
            promises: dict[int, Promised] = {id(one.promise): one for one in group}
            held = replace(case, holder=str(first.provider_team_id or ""))
            if first.terms.agreement in named and not case.services:
                held = replace(held, services=tuple({one.promise.scope.service for one in group} - {""}))
            chosen = applies(COUNTED_BY[first.kind], held, [one.promise for one in group], self.at).promise
            if chosen is not None:
                found.append(self._told(promises, chosen))
        return sorted(found, key=lambda one: one.code)

    def _told(self, promises: dict[int, Promised], chosen: Promise) -> Behind:
        one = promises[id(chosen)]
        target = one.terms.target
        allowed = timedelta(seconds=target.amount) if target.kind == terms.DURATION else None
        holder = self.teams.get(one.provider_team_id, "") or one.supplier or one.agreement_name
        return Behind(one.terms.agreement, one.kind, holder, allowed, one.terms.calendar)


def _links(
    one: Promised, priority: int | None, behind: _Behind, given: list[list[str]], now: datetime
) -> Iterator[Link]:
    scope, target = one.promise.scope, one.terms.target
    services = (scope.service,) if scope.service else ()
    kind = next(iter(sorted(scope.kinds)), "incident")
    criticality = next(iter(sorted(scope.criticalities)), None)
    case = Case("", services, behind.customers, "", priority, kind, criticality)
    found = behind.of(case, frozenset(code for route in given for code in route))
    ways = routes(found, given)
    if target.kind != terms.DURATION:
        yield _link(one, priority, "in_days", None, ())
        return
    if not ways:
        yield _link(one, priority, "nobody", None, ())
        return
    for way in ways:
        legs = tuple(Leg(step.holder, step.allowed, step.calendar) for step in way)
        allowed = timedelta(seconds=target.amount)
        try:
            until = now + YEAR
            finding = check(allowed, one.terms.calendar, [legs], calendars.timetables(), now.astimezone(UTC), until)[0]
        except (KeyError, CalendarFault):
            yield _link(one, priority, "broken_calendar", None, way)
            continue
        yield _link(one, priority, finding.code, finding, way)


def _link(one: Promised, priority: int | None, code: str, finding: Finding | None, way: tuple[Behind, ...]) -> Link:
    target = one.terms.target
    legs = tuple(LegSaid(step.code, step.holder, words.length(step.allowed), step.calendar) for step in way)
    promised = words.amount(target.kind, target.amount)
    holds = None if code in ("nobody", "in_days", "broken_calendar") else code == FITS
    values = {"promised": promised, "needed": "", "spare": "", "worst": "", "gaps": ""}
    if finding is not None:
        spare = finding.spare or timedelta()
        values |= {
            "needed": words.length(finding.needed),
            "spare": words.length(abs(spare)),
            "worst": date_format(localtime(finding.worst), "DATETIME_FORMAT") if finding.worst else "",
            "gaps": ", ".join(finding.gaps),
        }
    return Link(
        one.target_id, one.terms.metric, priority, one.promise.scope.service, promised, code, holds, legs,
        sentences()[code] % values,
    )  # fmt: skip


def sentences() -> dict[str, str]:
    """What is said of every finding, in the reader's language."""
    return {
        FITS: _("It can hold: %(needed)s of the %(promised)s are needed at most."),
        TOO_LONG: _(
            "It cannot hold: %(needed)s may be needed and %(promised)s are promised (worst for what comes in on "
            "%(worst)s)."
        ),
        GAP: _("It may not hold: nothing is agreed for this with %(gaps)s."),
        NEVER_DONE: _("It cannot hold: a calendar on the way ends before the work is done."),
        "nobody": _("No team and no supplier behind it has agreed to anything."),
        "in_days": _("Not checked: this promise is counted in working days."),
        "broken_calendar": _("Not checked: one of the calendars cannot be read."),
    }
