"""What can be said about people and places. Unknown fields are errors (contract.md, HTTP)."""

from __future__ import annotations

import zoneinfo
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from quell.kernel.actions.registry import Inputs


def _address(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        raise ValueError(_("This is not an e-mail address.")) from None
    return value.lower()


def _nobody_or_address(value: str) -> str:
    return _address(value) if value else ""


def _language(value: str) -> str:
    if value and value not in dict(settings.LANGUAGES):
        choices = ", ".join(dict(settings.LANGUAGES))
        raise ValueError(_("Choose one of: %(choices)s.") % {"choices": choices})
    return value


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _zone(value: str) -> str:
    if value and value not in _zones():
        raise ValueError(_("This is not a time zone. Give one such as Europe/Copenhagen."))
    return value


def _slug(value: str) -> str:
    if not value.isascii() or not all(c.isalnum() or c in "-_" for c in value) or not value[:1].isalnum():
        raise ValueError(_("A code is made of letters, digits, - and _, and begins with a letter or digit."))
    return value


def _grant(value: Any) -> Any:
    return {"role": value} if isinstance(value, str) else value


Email = Annotated[str, Field(max_length=254), AfterValidator(_address)]
Code = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_slug)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Language = Annotated[str, Field(max_length=12), AfterValidator(_language)]
Zone = Annotated[str, Field(max_length=60), AfterValidator(_zone)]
Password = Annotated[str, StringConstraints(strip_whitespace=False, max_length=256)]
Flag = Annotated[bool, Field(strict=True)]


Manager = Annotated[str, Field(max_length=254), AfterValidator(_nobody_or_address)]
Money = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
Currency = Annotated[str, Field(pattern=r"^([A-Z]{3})?$", description="ISO 4217, such as DKK.")]


class GrantInput(Inputs):
    """A role, within an organisation and all below it (default: the person's own), perhaps for one team only.

    `everywhere` grants it over the whole instance.
    """

    role: str = Field(min_length=1, max_length=60)
    organisation: str | None = Field(None, max_length=60)
    team: str | None = Field(None, max_length=60)
    everywhere: Flag = False


Grant = Annotated[GrantInput, BeforeValidator(_grant, json_schema_input_type=str | GrantInput)]
Grants = Annotated[list[Grant], Field(max_length=50)]
Codes = Annotated[list[str], Field(max_length=200)]
Addresses = Annotated[list[str], Field(max_length=1000)]


class NewPerson(Inputs):
    """A person. `roles` holds names of roles or {role, organisation, team}; with `teams`, the role `agent` is
    narrowed to them."""

    email: Email
    name: Name
    organisation: str = Field(min_length=1, max_length=60)
    roles: Grants = Field(default_factory=list)
    teams: Codes = Field(default_factory=list)
    language: Language = ""
    timezone: Zone = ""
    phone: str = Field("", max_length=40)
    job_title: str = Field("", max_length=120)
    vip: Flag = False
    manager: Email | None = None
    approval_limit: Money | None = None
    approval_currency: Currency = ""
    password: Password | None = None


class PersonChange(Inputs):
    """Only what is to change. `roles` and `teams` replace what was there; an empty `manager` means nobody, and
    `approval_limit` null takes the limit away."""

    email: Email | None = None
    name: Name | None = None
    organisation: str | None = Field(None, min_length=1, max_length=60)
    roles: Grants | None = None
    teams: Codes | None = None
    language: Language | None = None
    timezone: Zone | None = None
    phone: str | None = Field(None, max_length=40)
    job_title: str | None = Field(None, max_length=120)
    vip: Flag | None = None
    manager: Manager | None = None
    approval_limit: Money | None = None
    approval_currency: Currency | None = None
    password: Password | None = None


class NewTeam(Inputs):
    """A team; `members` and `leads` are e-mail addresses, and a lead is a member."""

    code: Code
    name: Name
    organisation: str = Field(min_length=1, max_length=60)
    members: Addresses = Field(default_factory=list)
    leads: Addresses = Field(default_factory=list)


class TeamChange(Inputs):
    """Only what is to change. `members` and `leads` replace what was there."""

    name: Name | None = None
    members: Addresses | None = None
    leads: Addresses | None = None


class NewOrganisation(Inputs):
    """An organisation, at the root or below a `parent`."""

    code: Code
    name: Name
    parent: str | None = Field(None, max_length=60)


class OrganisationChange(Inputs):
    """Only what is to change. `parent` null moves it to the root."""

    name: Name | None = None
    parent: str | None = Field(None, max_length=60)


class NewRole(Inputs):
    """A role: a name for some capabilities."""

    code: Code
    name: str = Field(min_length=1, max_length=120)
    description: str = Field("", max_length=300)
    capabilities: list[str] = Field(max_length=50)


class RoleChange(Inputs):
    """Only what is to change."""

    name: str | None = Field(None, min_length=1, max_length=120)
    description: str | None = Field(None, max_length=300)
    capabilities: list[str] | None = Field(None, max_length=50)
