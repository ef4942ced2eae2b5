"""The cast: named people with a place, so that every permission test tells a story.

Gungun is a trading company. Claire reports, Paul sits beside her. Amira works at the desk for the whole company, Jonas
only for the network team, Raj only for applications. Mia leads the desk, Ann administers Gungun, Otto audits it.
Sam and Stella belong to another company altogether; Stella works at its desk.
"""

from __future__ import annotations

from dataclasses import dataclass

from quell.kernel.access.actor import Actor, actor_for_person
from quell.kernel.items.models import Item
from quell.kernel.people.models import Membership, Organisation, Person, Role, RoleGrant, Team
from quell.kernel.people.tree import create_organisation


@dataclass(frozen=True)
class Cast:
    """Everybody, and the places they belong to."""

    gungun: Organisation
    elsewhere: Organisation
    desk: Team
    network: Team
    applications: Team
    foreign_team: Team
    mail: Item
    claire: Person
    paul: Person
    amira: Person
    jonas: Person
    raj: Person
    mia: Person
    ann: Person
    otto: Person
    root: Person
    sam: Person
    stella: Person

    def actor(self, name: str) -> Actor:
        """The person as an actor, with their rights as they stand now."""
        found = actor_for_person(getattr(self, name).pk)
        assert found is not None, f"{name} cannot act"
        return found


def cast() -> Cast:
    """Put the company and the strangers into an empty database."""
    gungun = create_organisation("gungun", "Gungun Trading")
    elsewhere = create_organisation("elsewhere", "Elsewhere Ltd")
    desk, network, applications = (
        Team.objects.create(code=code, name=name, organisation=gungun)
        for code, name in (
            ("service-desk", "Service desk"),
            ("network", "Network"),
            ("applications", "Applications"),
        )
    )
    foreign = Team.objects.create(code="foreign", name="Foreign desk", organisation=elsewhere)
    mail = Item.objects.create(item_class="service", code="mail", name="Mail", organisation=gungun)
    people = {
        "claire": _person("claire", gungun),
        "paul": _person("paul", gungun),
        "amira": _person("amira", gungun, ("agent", gungun, None)),
        "jonas": _person("jonas", gungun, ("agent", gungun, network)),
        "raj": _person("raj", gungun, ("agent", gungun, applications)),
        "mia": _person("mia", gungun, ("desk-lead", gungun, None)),
        "ann": _person("ann", gungun, ("administrator", gungun, None)),
        "otto": _person("otto", gungun, ("auditor", gungun, None)),
        "root": _person("root", gungun, ("administrator", None, None)),
        "sam": _person("sam", elsewhere),
        "stella": _person("stella", elsewhere, ("agent", elsewhere, None)),
    }
    for person, team in (("amira", desk), ("mia", desk), ("jonas", network), ("raj", applications)):
        Membership.objects.create(person=people[person], team=team, lead=person == "mia")
    Membership.objects.create(person=people["stella"], team=foreign)
    return Cast(gungun, elsewhere, desk, network, applications, foreign, mail, **people)


def _person(name: str, home: Organisation, *grants: tuple[str, Organisation | None, Team | None]) -> Person:
    person = Person.objects.create_user(f"{name}@{home.code}.example", name.title(), home)
    for role, organisation, team in grants:
        RoleGrant.objects.create(person=person, role=Role.objects.get(code=role), organisation=organisation, team=team)
    return person
