"""What can be said about people at work and about rules of assignment. Unknown fields are errors."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from quell.engines.assignment import FIXED, POLICIES
from quell.engines.presence import faults
from quell.kernel.actions.directory.inputs import Code, Flag, Zone
from quell.kernel.actions.registry import Inputs

from ..models import Absence

KINDS, HANDS_OVER = tuple(Absence.Kind.values), tuple(Absence.HandsOver.values)


def _only_text(value: Any) -> Any:
    """Times arrive as RFC 3339 text; a bare number could mean seconds or milliseconds, so it is refused."""
    if value is None or isinstance(value, (str, datetime)):
        return value
    raise ValueError(_("Give a time such as 2026-03-02T08:00:00Z."))


def _within_reach(value: datetime) -> datetime:
    if not 1990 < value.year < 2200:
        raise ValueError(_("This time is too far away."))
    return value


def _week(value: dict[str, list[list[str]]]) -> dict[str, list[list[str]]]:
    if wrong := faults(value):
        sentences = {
            "day": _("Days are mon, tue, wed, thu, fri, sat and sun."),
            "clock": _("Give hours such as 08:00 and 16:30."),
            "order": _("A span ends after it begins."),
            "overlap": _("Spans of a day must not overlap."),
            "many": _("At most six spans a day."),
        }
        raise ValueError(sentences[wrong[0][1]])
    return {day: sorted(spans) for day, spans in value.items() if spans}


Moment = Annotated[AwareDatetime, BeforeValidator(_only_text), AfterValidator(_within_reach)]
Hours = Annotated[dict[str, list[list[str]]], AfterValidator(_week)]
Level = Annotated[int, Field(ge=0, le=5, strict=True)]
Person = Annotated[str, Field(min_length=1, max_length=254)]
Text = Annotated[str, Field(max_length=190)]


class AvailabilityChange(Inputs):
    """Only what is to change. `hours` is a week such as {"mon": [["08:00", "16:00"]]} in `zone`; `capacity` null
    follows the setting; `taking_work` off lasts until `back_at`, or until it is switched on."""

    hours: Hours | None = None
    zone: Zone | None = None
    capacity: Annotated[int, Field(ge=0, le=500, strict=True)] | None = None
    taking_work: Flag | None = None
    back_at: Moment | None = None


class NewAbsence(Inputs):
    """Who is away, from when to when, who stands in, and what the substitute gets when it begins."""

    person: Person
    starts_at: Moment
    ends_at: Moment
    kind: Literal[KINDS] = "leave"  # type: ignore[valid-type]
    substitute: str | None = Field(None, max_length=254)
    hands_over: Literal[HANDS_OVER] = "nothing"  # type: ignore[valid-type]
    note: str = Field("", max_length=300)


class NewSkill(Inputs):
    """Something people can be good at; without an organisation it is everybody's."""

    code: Code
    name: str = Field(min_length=1, max_length=120)
    organisation: str | None = Field(None, max_length=60)


class SkillRating(Inputs):
    """How well somebody knows one skill, 0 (not at all) to 5 (others ask them), perhaps certified until a day."""

    level: Level
    certified_until: date | None = None


class Ratings(Inputs):
    """Ratings by code of skill. What is not named stays."""

    skills: Annotated[dict[str, SkillRating], Field(min_length=1, max_length=100)]


class Conditions(Inputs):
    """All that are given must hold; each list means any of its values."""

    category: Annotated[list[Text], Field(min_length=1, max_length=100)] | None = None
    service: Annotated[list[Text], Field(min_length=1, max_length=100)] | None = None
    organisation: Annotated[list[Text], Field(min_length=1, max_length=100)] | None = None
    language: Annotated[list[Text], Field(min_length=1, max_length=20)] | None = None
    vip: Flag | None = None
    channel: Annotated[list[Text], Field(min_length=1, max_length=20)] | None = None
    impact: Annotated[list[Annotated[int, Field(ge=1, le=4, strict=True)]], Field(min_length=1)] | None = None


class RuleInput(Inputs):
    """One rule: the conditions, then the team and how it chooses. `person` belongs to the policy `fixed`."""

    name: str = Field(min_length=1, max_length=120)
    active: Flag = True
    conditions: Conditions = Field(default_factory=Conditions)
    team: str | None = Field(None, max_length=60)
    policy: Literal[POLICIES] = "least_loaded"  # type: ignore[valid-type]
    person: str | None = Field(None, max_length=254)
    needs: Annotated[dict[str, Annotated[int, Field(ge=1, le=5, strict=True)]], Field(max_length=20)] = Field(
        default_factory=dict
    )

    def leads_somewhere(self) -> str:
        """What is missing for it to lead anywhere, as the name of the field; "" when nothing is."""
        if self.policy == FIXED:
            return "" if self.person else "person"
        return "" if self.team else "team"


class RuleList(Inputs):
    """The rules of an organisation in their order; they replace those it had."""

    organisation: str = Field(min_length=1, max_length=60)
    rules: Annotated[list[RuleInput], Field(max_length=200)]


class Trial(Inputs):
    """Rules to try on recent incidents without keeping them; without `rules`, those that are in force."""

    organisation: str = Field(min_length=1, max_length=60)
    rules: Annotated[list[RuleInput], Field(max_length=200)] | None = None
