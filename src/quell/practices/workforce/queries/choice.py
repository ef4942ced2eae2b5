"""Who gets a report: the first rule that holds, and the engine's choice among those it leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from quell.engines.assignment import FIXED, Because, Choice, Policy, choose, weight
from quell.engines.presence import stand_in
from quell.kernel.config import sql

from ..models import Rule
from ..rules.matching import Case, fails
from ..settings import CAPACITY, STICKY_DAYS
from .staff import Staff, of_people, of_team, substitutes

NO_RULE = Because("no_rule")


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules say. No `rule`: none holds. `skipped` are the rules before it with the fact that failed."""

    rule: Rule | None
    team_id: int | None = None
    person_id: int | None = None
    because: Because = NO_RULE
    passed_over: tuple[tuple[int, Because], ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    staff: tuple[Staff, ...] = ()

    @property
    def team_code(self) -> str | None:
        """The team it goes to."""
        return self.rule.team.code if self.rule and self.rule.team else None

    @property
    def person_email(self) -> str | None:
        """The person it goes to."""
        return next((one.email for one in self.staff if one.id == self.person_id), None)

    @property
    def person_name(self) -> str:
        """Their name, or ""."""
        return next((one.name for one in self.staff if one.id == self.person_id), "")

    def said(self) -> dict[str, Any]:
        """As it goes into the journal: codes, values and ids; `explain` turns it into words."""
        return {
            "rule": self.rule.name if self.rule else "",
            "policy": self.rule.policy if self.rule else "",
            "because": [self.because.code, dict(self.because.values)],
            "passed_over": [[person, why.code, dict(why.values)] for person, why in self.passed_over[:20]],
            "skipped": [list(pair) for pair in self.skipped[:20]],
        }


def rules_for(organisation_id: int) -> list[Rule]:
    """Active rules that reach an organisation: its own first, then those of the nearest above, each in its order."""
    row = sql.row("SELECT path FROM people_organisation WHERE id = %s", [organisation_id])
    path = list(row[0]) if row else []
    found = Rule.objects.filter(organisation_id__in=path, active=True).select_related("team", "person")
    return sorted(found, key=lambda rule: (-path.index(rule.organisation_id), rule.position, rule.pk))


def any_rules_for(organisation_id: int) -> bool:
    """Whether `rules_for` would find one: the question of every new report, which most organisations answer with no."""
    return sql.row(_ANY, [organisation_id]) is not None


_ANY = """
SELECT 1 FROM people_organisation o JOIN workforce_rule w ON w.organisation_id = ANY(o.path) AND w.active
WHERE o.id = %s LIMIT 1
"""


def decide(case: Case, now: datetime, rules: Sequence[Rule] | None = None) -> Decision:
    """What the rules say about a case, as things stand now. Changes nothing."""
    skipped: list[tuple[str, str]] = []
    for rule in rules_for(case.organisation_id) if rules is None else rules:
        failed = fails(rule.conditions, case)
        if not failed:
            return replace(_given(rule, case, now), skipped=tuple(skipped))
        skipped.append((rule.name, failed))
    return Decision(None, skipped=tuple(skipped))


def _given(rule: Rule, case: Case, now: datetime) -> Decision:
    capacity = CAPACITY.get(case.organisation_id)
    if rule.policy == FIXED:
        staff, choice, chain = _named(rule, case, capacity, now)
    else:
        staff = of_team(rule.team_id or 0, case.organisation_id, capacity, now, case.requester_id)
        needs = tuple(sorted((skill, int(level)) for skill, level in rule.needs.items()))
        policy = Policy(rule.policy, needs, sticky_days=STICKY_DAYS.get(case.organisation_id))
        choice = choose(policy, [one.candidate(now) for one in staff], now, new_weight=weight(case.priority))
        chain = ()
    because = choice.because
    if chain[1:] and choice.person is not None:
        names = {one.id: one.name for one in staff}
        because = Because("substitute", {"for": names.get(chain[0], "")})
    return Decision(rule, rule.team_id, choice.person, because, choice.passed_over, staff=tuple(staff))


def _named(rule: Rule, case: Case, capacity: int, now: datetime) -> tuple[list[Staff], Choice, tuple[int, ...]]:
    """The person the rule names, or whoever stands in for them."""
    instead = substitutes(now)
    wanted = {rule.person_id or 0, *(s for s in instead.values() if s is not None)}
    staff = of_people(sorted(wanted), capacity, now, case.requester_id)
    here = {one.id for one in staff if not one.away(now)}
    chain = stand_in(rule.person_id or 0, instead, lambda person: person in here)
    meant = [one for one in staff if one.id in chain.steps]
    policy = Policy(FIXED, person=chain.person if chain.person is not None else rule.person_id)
    choice = choose(policy, [one.candidate(now) for one in meant], now)
    return staff, choice, chain.steps


_CASES = """
SELECT r.number, r.organisation_id, ARRAY(SELECT code FROM people_organisation above WHERE above.id = ANY(o.path)),
  r.requester_id, p.language, p.vip
FROM records_record r JOIN people_organisation o ON o.id = r.organisation_id
JOIN people_person p ON p.id = r.requester_id WHERE r.number = ANY(%s)
"""


def cases(rows: Sequence[Mapping[str, Any]]) -> list[Case]:
    """What the rules look at, from rows of the incidents' front door, in their order."""
    around = {row[0]: row[1:] for row in sql.rows(_CASES, [[row["number"] for row in rows]])}
    return [_case(row, *around[row["number"]]) for row in rows if row["number"] in around]


def _case(
    row: Mapping[str, Any], organisation_id: int, codes: Sequence[str], requester_id: int, language: str, vip: bool
) -> Case:
    return Case(
        number=row["number"],
        organisation_id=organisation_id,
        organisations=tuple(codes),
        requester_id=requester_id,
        priority=row["priority"],
        impact=row["impact"],
        category=row["category"] or "",
        service=row["service"] or "",
        language=language,
        channel=row["channel"],
        vip=vip,
    )
