"""The front door of the workforce: who is here, who knows what, and who gets a piece of work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places, subjects
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import Forbidden, NotFound
from quell.kernel.people.models import Organisation
from quell.practices.incidents import facade as incidents

from .actions import absence as absent
from .actions import arrange, give, naming, rule, settle, skill
from .actions.inputs import Trial
from .models import Rule
from .permissions import can_arrange, can_rate, can_rule
from .queries import choice, explanation, listing, staff
from .settings import CAPACITY

Row: TypeAlias = dict[str, Any]
Staff: TypeAlias = staff.Staff
Decision: TypeAlias = choice.Decision
SkillLine: TypeAlias = listing.SkillLine
announce_absence, call_off_absence = absent.announce, absent.call_off
arrange_availability, rate_skills = arrange.arrange, skill.rate
create_skill, set_skill_active = skill.create_skill, skill.set_skill_active
put_rules, absences, skills = rule.put_rules, listing.absences, listing.skills
explain, fact_word = explanation.explain, explanation.fact
RULES_SUBJECT = rule.SUBJECT

#: Bounds that leave nothing out.
EVER = datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
#: How many of the latest incidents a trial looks at.
TRIED = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules would do with one incident. `why` are sentences; `team` and `person` are names."""

    number: str
    title: str
    rule: str
    team: str
    person: str
    had_team: str
    had_person: str
    why: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Would it have gone elsewhere?"""
        return bool(self.rule) and (self.team, self.person or self.had_person) != (self.had_team, self.had_person)


def rules_in_force(organisation_id: int) -> bool:
    """Does any rule reach this organisation at all?"""
    return choice.any_rules_for(organisation_id)


def give_out(row: Mapping[str, Any], now: datetime) -> Decision | None:
    """Decide who gets an incident (a row of the incidents' front door) and note whose turn it was. None when the
    incident is not there any more. Belongs to the caller's transaction."""
    found = choice.cases([row])
    return give.give_out(found[0], now) if found else None


def try_rules(actor: Actor, data: Mapping[str, Any] | BaseModel, *, now: datetime | None = None) -> list[Outcome]:
    """What rules would do with the latest incidents of an organisation, as people are now. Keeps nothing. Raises
    Forbidden, Invalid."""
    inputs = parse(Trial, data)
    place = places.organisation(actor, inputs.organisation)
    if not (may := can_rule(actor, place.pk)):
        raise Forbidden(may.reason)
    drafts = None if inputs.rules is None else [r for r in rule.drafts(actor, place, inputs.rules) if r.active]
    asked = incidents.wanted(actor, {"organisation": place.code, "limit": str(TRIED)}, default_sort="-opened_at")
    rows = incidents.page(actor, asked).rows
    by_number = {row["number"]: row for row in rows}
    in_force = choice.rules_for(place.pk) if drafts is None else drafts
    moment = staff.moment(now)
    return [_outcome(by_number[case.number], choice.decide(case, moment, in_force)) for case in choice.cases(rows)]


def _outcome(row: Mapping[str, Any], decision: Decision) -> Outcome:
    chosen = decision.rule
    return Outcome(
        row["number"],
        row["title"],
        chosen.name if chosen else "",
        chosen.team.name if chosen and chosen.team else "",
        decision.person_name,
        row["team_name"] or "",
        row["assignee_name"] or "",
        tuple(explanation.explain(decision.said())),
    )


def rules(actor: Actor, organisation: str) -> tuple[Organisation, int, list[Rule]]:
    """(organisation, version, rules in their order); raises NotFound for what is not the actor's, Forbidden."""
    place = places.organisation(actor, organisation)
    if not (may := can_rule(actor, place.pk)):
        raise Forbidden(may.reason)
    return place, subjects.version_of(RULES_SUBJECT, place.pk), listing.rules(place.pk)


def member(actor: Actor, email: str, *, now: datetime | None = None) -> Staff:
    """One person; raises NotFound, or Forbidden for those whose hours are not the actor's business."""
    person = naming.of_address(actor, email)
    if person.pk != actor.person_id and not actor.is_agent:
        raise NotFound(str(places.unknown(email)))
    return staff.of_people([person.pk], CAPACITY.get(person.organisation_id), staff.moment(now))[0]


def availability_version(one: Staff) -> int:
    """The version of a person's availability."""
    return subjects.version_of(arrange.SUBJECT, one.id)


def members(actor: Actor, organisation: str, *, now: datetime | None = None) -> list[Staff]:
    """Everybody who works for an organisation, with what they hold; for those who work there. Raises Forbidden."""
    place = places.organisation(actor, organisation)
    scope = actor.scope("records.view")
    if not (scope.everywhere or place.pk in scope.organisations | scope.team_organisations):
        raise Forbidden(str(places.unknown(organisation)))
    return staff.of_organisation(place.pk, CAPACITY.get(place.pk), staff.moment(now))


def skill_matrix(
    actor: Actor, organisation: str, *, now: datetime | None = None
) -> tuple[list[Staff], list[SkillLine]]:
    """(people, skills): who knows what, where one person holds it all, and what the rules ask for."""
    people = members(actor, organisation, now=now)
    place = places.organisation(actor, organisation)
    return people, listing.matrix(listing.skills(actor), people, listing.highest_needs(place.pk))


def may_arrange(actor: Actor, one: Staff) -> bool:
    """May the actor change this person's hours and absences?"""
    return bool(can_arrange(actor, one.id, one.organisation_id))


def may_rate(actor: Actor, one: Staff) -> bool:
    """May the actor say what this person knows?"""
    return bool(can_rate(actor, one.organisation_id))


def may_rule(actor: Actor, organisation_id: int | None) -> bool:
    """May the actor write the rules of an organisation?"""
    return bool(can_rule(actor, organisation_id))


def away_tag(one: Staff, now: datetime) -> str:
    """The same in a word or two."""
    return explanation.away(one.away(now))


def away_word(one: Staff, now: datetime) -> str:
    """What keeps somebody from taking work now, in words; "" when nothing does."""
    code = one.away(now)
    return explanation.reason(code, {}) if code else ""


def absence(actor: Actor, absence_id: int) -> Row:
    """One absence; raises NotFound."""
    found = listing.absences(actor, EVER[0], EVER[1], cursor=absence_id - 1, limit=1)
    if not found or found[0]["id"] != absence_id:
        raise NotFound(_("There is no such absence, or it is not yours to see."))
    return found[0]


def why_assigned(actor: Actor, number: str) -> list[tuple[datetime, list[str]]]:
    """(when, sentences) of every choice a rule made about an incident, oldest first; raises NotFound. Empty for those
    who may not read the internal part."""
    lines = incidents.timeline(actor, incidents.ticket(actor, number))
    return [(line["at"], explain(line["data"])) for line in lines if "because" in line["data"]]


def settle_next_absence(house: Actor, now: datetime) -> bool:
    """Hand over what an absence that has begun leaves behind; False when none waits. In the caller's transaction."""
    return settle.settle_next(house, now)
