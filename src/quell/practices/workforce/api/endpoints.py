"""The workforce's addresses: availability, absences, skills, rules of assignment."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from quell.kernel.actions.registry import NoInputs
from quell.kernel.api.answers import address, answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable, versioned
from quell.kernel.api.pagination import Cursor, Limit, page, read_cursor
from quell.kernel.api.versions import expected, with_version

from .. import facade
from ..actions.inputs import AvailabilityChange, NewAbsence, NewSkill, Ratings, RuleList, Trial
from . import schemas

router = Router(tags=["Workforce"])
LIST = "absences"
#: How far back absences are listed: what is over is history.
OVER_DAYS = 31

Code = Annotated[str, Field(max_length=60, description="Code of the organisation.")]
Someone = Annotated[str, Field(max_length=254, description="Only absences of this person, by e-mail.")]
ArrangeBody = with_version(AvailabilityChange, "EditAvailability")
RuleBody = with_version(RuleList, "PutAssignmentRules")


def _member(one: facade.Staff, now: datetime) -> dict[str, Any]:
    return {
        "person": one.email,
        "name": one.name,
        "away": one.away(now) or None,
        "hours": one.hours,
        "zone": one.zone,
        "capacity": one.capacity,
        "own_capacity": one.own_capacity,
        "load": one.load,
        "open_records": one.open_records,
        "taking_work": one.taking_work,
        "back_at": one.back_at,
        "absent_until": one.absent_until,
        "skills": one.skills,
    }


@router.get(
    "/workforce", response=schemas.Members, summary="Who takes work, and how much", operation_id="listWorkforce"
)
def workforce(request: HttpRequest, organisation: Code) -> HttpResponse:
    """Everybody who works for an organisation: here or not, what they hold, what they know."""
    now = datetime.now(UTC)
    found = facade.members(actor_of(request), organisation, now=now)
    return answer({"items": [_member(one, now) for one in found]})


@router.get(
    "/people/{email}/availability",
    response=schemas.Availability,
    summary="When somebody takes work",
    operation_id="readAvailability",
)
def availability(request: HttpRequest, email: str) -> HttpResponse:
    """Hours, capacity, the switch and the present load of one person."""
    now = datetime.now(UTC)
    one = facade.member(actor_of(request), email, now=now)
    return answer({**_member(one, now), "version": facade.availability_version(one)})


@router.patch(
    "/people/{email}/availability",
    response=schemas.Availability,
    summary="Change when somebody takes work",
    operation_id="editAvailability",
)
@versioned
def arrange(request: HttpRequest, email: str, body: ArrangeBody) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given; one's own, or as a lead."""
    data, version = expected(request, body)
    facade.arrange_availability(actor_of(request), email, data, version=version)
    return availability(request, email)


@router.put("/people/{email}/skills", response=schemas.Availability, summary="Rate skills", operation_id="rateSkills")
def rate(request: HttpRequest, email: str, body: Ratings) -> HttpResponse:
    """Say how well somebody knows the skills named, 0 to 5; for leads. What is not named stays."""
    facade.rate_skills(actor_of(request), email, body)
    return availability(request, email)


def _absence(row: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "person", "starts_at", "ends_at", "substitute", "hands_over")
    shown = {name: row[name] for name in names}
    private = {name: row[name] if row["may_change"] else None for name in ("kind", "note")}
    return {**shown, **private, "url": address(LIST, row["id"])}


@router.get("/absences", response=schemas.AbsencePage, summary="List absences", operation_id="listAbsences")
def absences(request: HttpRequest, person: Someone = "", limit: Limit = 50, cursor: Cursor = None) -> HttpResponse:
    """Absences of people the caller may know, from a month back, in the order they were made."""
    now = datetime.now(UTC)
    begin = int(read_cursor(LIST, cursor) or 0)
    found = facade.absences(
        actor_of(request), now - timedelta(days=OVER_DAYS), datetime.max.replace(tzinfo=UTC), person=person,
        cursor=begin, limit=limit + 1,
    )  # fmt: skip
    return page(LIST, found, limit, "id", _absence)


@router.post("/absences", response={201: schemas.Absence}, summary="Be away", operation_id="createAbsence")
@repeatable
def be_away(request: HttpRequest, body: NewAbsence) -> HttpResponse:
    """Say that somebody will be away and who stands in; one's own, or as a lead."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        made = _absence(facade.absence(actor, facade.announce_absence(actor, body)))
        return created(made, made["url"])

    return once(request, act)


@router.get("/absences/{absence_id}", response=schemas.Absence, summary="Read an absence", operation_id="readAbsence")
def read_absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    """One absence."""
    return answer(_absence(facade.absence(actor_of(request), absence_id)))


@router.post(
    "/absences/{absence_id}/cancel", response={204: None}, summary="Call off an absence", operation_id="cancelAbsence"
)
def call_off(request: HttpRequest, absence_id: int, body: NoInputs) -> HttpResponse:
    """Take back one that has not begun, or end one that runs."""
    facade.call_off_absence(actor_of(request), absence_id)
    return HttpResponse(status=204)


@router.get("/skills", response=schemas.Skills, summary="The skills matrix", operation_id="listSkills")
def skills(request: HttpRequest, organisation: Code) -> HttpResponse:
    """Who knows what how well, and what hangs on one person alone."""
    _people, lines = facade.skill_matrix(actor_of(request), organisation)
    return answer({"items": [_skill(line) for line in lines]})


def _skill(line: facade.SkillLine) -> dict[str, Any]:
    return {
        "code": line.code,
        "name": line.name,
        "levels": dict(line.levels),
        "capable": line.capable,
        "alone": line.alone or None,
        "needed": line.needed,
    }


@router.post("/skills", response={201: schemas.Skill}, summary="Make a skill", operation_id="createSkill")
@repeatable
def create_skill(request: HttpRequest, body: NewSkill) -> HttpResponse:
    """Something people can be good at, for an organisation or for everybody."""

    def act() -> HttpResponse:
        code = facade.create_skill(actor_of(request), body)
        made = {"code": code, "name": body.name, "levels": {}, "capable": 0, "alone": None, "needed": 0}
        return created(made, address("skills"))

    return once(request, act)


@router.get(
    "/assignment-rules",
    response=schemas.Rules,
    summary="The rules of assignment",
    operation_id="readAssignmentRules",
)
def read_rules(request: HttpRequest, organisation: Code) -> HttpResponse:
    """The rules of one organisation in their order; for its leads and administrators."""
    place, version, found = facade.rules(actor_of(request), organisation)
    rules = [
        {
            "name": rule.name,
            "active": rule.active,
            "conditions": rule.conditions,
            "team": rule.team.code if rule.team else None,
            "policy": rule.policy,
            "person": rule.person.email if rule.person else None,
            "needs": rule.needs,
            "fired": rule.fired,
            "fired_at": rule.fired_at,
        }
        for rule in found
    ]
    return answer({"organisation": place.code, "version": version, "rules": rules})


@router.put(
    "/assignment-rules",
    response=schemas.Rules,
    summary="Set the rules of assignment",
    operation_id="putAssignmentRules",
)
@versioned
def put_rules(request: HttpRequest, body: RuleBody) -> HttpResponse:  # type: ignore[valid-type]
    """Make the rules of an organisation exactly these, in this order. The first whose conditions all hold decides."""
    data, version = expected(request, body)
    facade.put_rules(actor_of(request), data, version=version)
    return read_rules(request, data["organisation"])


@router.post(
    "/assignment-rules/try",
    response=schemas.TrialResult,
    summary="Try rules of assignment",
    operation_id="tryAssignmentRules",
)
def try_rules(request: HttpRequest, body: Trial) -> HttpResponse:
    """What rules would do with the latest hundred incidents, as people are now. Nothing is changed."""
    found = facade.try_rules(actor_of(request), body)
    items = [{**{name: value or None for name, value in asdict(one).items()}, "why": one.why, "number": one.number,
              "title": one.title, "differs": one.differs} for one in found]  # fmt: skip
    return answer({"tried": len(found), "differing": sum(one.differs for one in found), "items": items})


@router.get(
    "/incidents/{number}/assignment",
    response=schemas.Explanation,
    summary="Why an incident was assigned",
    operation_id="explainAssignment",
)
def explain(request: HttpRequest, number: str) -> HttpResponse:
    """Every choice a rule made about it, in sentences; nothing for those who may not read the internal part."""
    found = facade.why_assigned(actor_of(request), number)
    return answer({"items": [{"at": at, "why": why} for at, why in found]})
