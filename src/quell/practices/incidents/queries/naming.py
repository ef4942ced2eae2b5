"""What people name in filters and queries, looked up only within what they may know: others' teams, people and
categories are unknown. Each asks once for all the names given."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from quell.kernel.access.actor import Actor
from quell.kernel.items.models import Item
from quell.kernel.people.models import Membership, Organisation, Person, Team
from quell.kernel.records.models import Record

from ..models import Category


def people(actor: Actor, emails: Collection[str]) -> dict[str, int]:
    """Ids by e-mail address (in lower case) of those the actor may know."""
    if not emails:
        return {}
    scope = actor.scope("people.view")
    found = Person.objects.filter(email__in={one.lower() for one in emails})
    if not scope.everywhere:
        near = {*scope.organisations, *scope.team_organisations, actor.organisation_id or 0}
        found = found.filter(organisation_id__in=near)
    return dict(found.values_list("email", "pk"))


def reach(actor: Actor) -> set[int] | None:
    """Organisations whose teams and services the actor may name; None for all."""
    scope = actor.scope("records.view")
    if scope.everywhere:
        return None
    ids = {*scope.organisations, *scope.team_organisations, actor.organisation_id or 0}
    above = Organisation.objects.filter(pk__in=ids).values_list("path", flat=True)
    return {place for path in above for place in path} | ids


def teams(actor: Actor, codes: Collection[str]) -> dict[str, int]:
    """Ids of teams by code."""
    if not codes:
        return {}
    near = reach(actor)
    found = Team.objects.filter(code__in=codes)
    return dict((found if near is None else found.filter(organisation_id__in=near)).values_list("code", "pk"))


def my_teams(actor: Actor) -> list[int]:
    """Ids of the teams the actor is a member of."""
    return list(Membership.objects.filter(person_id=actor.person_id or 0).values_list("team_id", flat=True))


def services(actor: Actor, codes: Collection[str]) -> dict[str, int]:
    """Ids of services by code."""
    if not codes:
        return {}
    near = reach(actor)
    found = Item.objects.filter(item_class="service", code__in=codes)
    found = found if near is None else found.filter(organisation_id__in=near)
    return {str(code): pk for code, pk in found.values_list("code", "pk")}


def organisations(actor: Actor, codes: Collection[str]) -> dict[str, int]:
    """Ids of organisations by code."""
    if not codes:
        return {}
    near = reach(actor)
    found = Organisation.objects.filter(code__in=codes).values_list("code", "pk")
    return {code: pk for code, pk in found if near is None or pk in near}


def categories(actor: Actor, paths: Collection[str]) -> set[str]:
    """Those of the paths that are the path of a category the actor may use."""
    if not paths:
        return set()
    found, near = Category.objects.filter(path__in=paths), reach(actor)
    if near is not None:
        found = found.filter(Q(organisation=None) | Q(organisation_id__in=near))
    return set(found.values_list("path", flat=True))


def records(actor: Actor, numbers: Collection[str]) -> dict[str, int]:
    """Ids by number of records the actor may see."""
    if not numbers:
        return {}
    wanted = {one.upper() for one in numbers}
    return dict(Record.objects.visible_to(actor).filter(number__in=wanted).values_list("number", "pk"))
