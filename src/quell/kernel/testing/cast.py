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

#: Who works there.
GUNGUN = ("claire", "paul", "amira", "jonas", "raj", "mia", "ann", "otto", "root")


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
    """Put the company and the strangers into an empty database. Nearly every test begins with it, so it is one
    statement for each kind of thing."""
    gungun = create_organisation("gungun", "Gungun Trading")
    elsewhere = create_organisation("elsewhere", "Elsewhere Ltd")
    desk, network, applications, foreign = Team.objects.bulk_create(
        Team(code=code, name=name, organisation=organisation)
        for code, name, organisation in (
            ("service-desk", "Service desk", gungun),
            ("network", "Network", gungun),
            ("applications", "Applications", gungun),
            ("foreign", "Foreign desk", elsewhere),
        )
    )
    mail = Item.objects.create(item_class="service", code="mail", name="Mail", organisation=gungun)
    homes = {**dict.fromkeys(GUNGUN, gungun), "sam": elsewhere, "stella": elsewhere}
    made = Person.objects.bulk_create(_person(name, home) for name, home in homes.items())
    people = dict(zip(homes, made, strict=True))
    roles = {
        role.code: role for role in Role.objects.filter(code__in=("agent", "desk-lead", "administrator", "auditor"))
    }
    RoleGrant.objects.bulk_create(
        RoleGrant(person=people[name], role=roles[role], organisation=organisation, team=team)
        for name, role, organisation, team in (
            ("amira", "agent", gungun, None),
            ("jonas", "agent", gungun, network),
            ("raj", "agent", gungun, applications),
            ("mia", "desk-lead", gungun, None),
            ("ann", "administrator", gungun, None),
            ("otto", "auditor", gungun, None),
            ("root", "administrator", None, None),
            ("stella", "agent", elsewhere, None),
        )
    )
    Membership.objects.bulk_create(
        Membership(person=people[name], team=team, lead=name == "mia")
        for name, team in (
            ("amira", desk),
            ("mia", desk),
            ("jonas", network),
            ("raj", applications),
            ("stella", foreign),
        )
    )
    return Cast(gungun, elsewhere, desk, network, applications, foreign, mail, **people)


def _person(name: str, home: Organisation) -> Person:
    person = Person(email=f"{name}@{home.code}.example", name=name.title(), organisation=home)
    person.set_unusable_password()
    return person
