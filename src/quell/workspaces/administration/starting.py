"""What an organisation of some size begins with: teams and services to tick in the set-up (domain.md 9, presets).

Nothing here is in force by itself. What is ticked becomes an ordinary team or service, with the name it has in the
language of whoever ticks it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Conflict, Invalid
from quell.practices.calendars import facade as calendars_room

MICRO, DEPARTMENT, ENTERPRISE = "micro", "department", "enterprise"
SIZES: tuple[tuple[str, Promise], ...] = (
    (MICRO, gettext_lazy("Up to 5: everybody does everything")),
    (DEPARTMENT, gettext_lazy("6 to 30: a desk and a few teams")),
    (ENTERPRISE, gettext_lazy("More than 30: a team for every field")),
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to tick: its code, its name, and for services how much depends on it (1 to 4)."""

    code: str
    name: str | Promise
    criticality: int = 3


_DESK = Suggestion("service-desk", gettext_lazy("Service desk"))
TEAMS: dict[str, tuple[Suggestion, ...]] = {
    MICRO: (_DESK,),
    DEPARTMENT: (
        _DESK,
        Suggestion("infrastructure", gettext_lazy("Infrastructure")),
        Suggestion("applications", gettext_lazy("Applications")),
    ),
    ENTERPRISE: (
        _DESK,
        Suggestion("network", gettext_lazy("Network")),
        Suggestion("servers", gettext_lazy("Servers")),
        Suggestion("applications", gettext_lazy("Applications")),
        Suggestion("workplace", gettext_lazy("Workplace")),
        Suggestion("security", gettext_lazy("Security")),
    ),
}
_FEW = (
    Suggestion("mail", gettext_lazy("E-mail and calendar"), 2),
    Suggestion("network", gettext_lazy("Network and internet"), 1),
    Suggestion("workplace", gettext_lazy("Computers at work")),
    Suggestion("printing", gettext_lazy("Printing")),
)
_MORE = (
    *_FEW,
    Suggestion("business-software", gettext_lazy("Business software"), 1),
    Suggestion("telephones", gettext_lazy("Telephones"), 2),
    Suggestion("files", gettext_lazy("Shared files"), 2),
)
SERVICES: dict[str, tuple[Suggestion, ...]] = {
    MICRO: _FEW,
    DEPARTMENT: _MORE,
    ENTERPRISE: (
        *_MORE,
        Suggestion("sign-in", gettext_lazy("Accounts and sign-in"), 1),
        Suggestion("remote-access", gettext_lazy("Remote access"), 2),
        Suggestion("website", gettext_lazy("Website"), 2),
    ),
}

MOST_LINES, LONGEST_LINE = 50, 200
_PERSON = re.compile(r"^(?P<name>[^<>,;]*?)\s*[<,;]\s*(?P<email>[^<>,;\s]+)\s*>?$")


def lines(text: str) -> list[str]:
    """What stands on each line, tidied and once. Raises Invalid for more or longer lines than anybody types."""
    found = list(dict.fromkeys(" ".join(line.split()) for line in text.replace("\x00", "").splitlines()))
    found = [line for line in found if line]
    if len(found) > MOST_LINES:
        raise Invalid(_("At most %(count)d lines at once.") % {"count": MOST_LINES})
    for line in found:
        if len(line) > LONGEST_LINE:
            raise Invalid(_("“%(line)s…” is too long.") % {"line": line[:40]})
    return found


def people(text: str) -> list[tuple[str, str]]:
    """(name, e-mail) from lines such as “Ida Holm <ida@example.com>” or “Ida Holm, ida@example.com”. Raises Invalid
    naming the first line that is no person."""
    found: list[tuple[str, str]] = []
    for line in lines(text):
        match = _PERSON.match(line)
        name, email = (match["name"].strip(' "'), match["email"].lower()) if match else ("", "")
        try:
            validate_email(email)
        except ValidationError:
            name = ""
        if not name:
            raise Invalid(_("“%(line)s” is not understood. Write a name and an e-mail address.") % {"line": line})
        if email not in {known for _name, known in found}:
            found.append((name, email))
    return found


def under_free_code(make: Callable[[dict[str, Any]], object], facts: dict[str, Any], place: str) -> str:
    """Make something under its `code`, or, where that is taken, under the organisation's code and its own; returns the
    one used. Raises what `make` raises otherwise."""
    code = str(facts["code"])
    try:
        make(facts)
    except Conflict:
        code = f"{place}-{code}"[:60].rstrip("-_")
        make({**facts, "code": code})
    return code


def not_yet(suggested: Iterable[Suggestion], names: Iterable[str]) -> list[Suggestion]:
    """Suggestions of which nothing with that name is there already."""
    known = {name.casefold() for name in names}
    return [one for one in suggested if str(one.name).casefold() not in known]


def calendars(actor: Actor, *, organisation: str, country: str, zone: str) -> None:
    """The calendars an organisation begins with, all or none: the holidays of its country, office hours without them,
    and round the clock. Raises Invalid, Forbidden."""
    place = {"organisation": organisation}
    week = ("mon", "tue", "wed", "thu", "fri")
    office = {day: [["08:00", "16:00"]] for day in week}
    always = {day: [["00:00", "24:00"]] for day in (*week, "sat", "sun")}
    with transaction.atomic():
        facts = {"code": country.lower(), "name": _("Holidays"), "source": "country", "country": country, **place}
        used = under_free_code(partial(calendars_room.create_set, actor), facts, organisation)
        for code, name, weekly, sets in (
            ("office-hours", _("Office hours"), office, [used]),
            ("always", _("Always (24×7)"), always, []),
        ):
            hours: dict[str, Any] = {"zone": zone, "weekly": weekly, "holiday_sets": sets}
            whole = {"code": code, "name": name, **hours, **place}
            under_free_code(partial(calendars_room.create, actor), whole, organisation)
