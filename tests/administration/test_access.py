"""Explaining access: right answers, only to those who look after both, and every look is written down."""

from __future__ import annotations

import pytest
from django.test import Client

from quell.kernel.journal.models import Entry
from quell.kernel.people.models import Person, Role, RoleGrant
from quell.kernel.people.tokens import issue
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade

from .conftest import Door

pytestmark = pytest.mark.django_db
PAGE = "/admin/access"


@pytest.fixture
def number(folk: Cast) -> str:
    """Claire's incident, with the network team."""
    found = facade.report(folk.actor("claire"), {"title": "The printer hums"})
    facade.act(folk.actor("amira"), "assign", found, {"team": "network"})
    return found


def ask(client: Client, person: str, number: str) -> tuple[int, str]:
    """Status and page."""
    answer = client.get(PAGE, {"person": person, "record": number})
    return answer.status_code, answer.content.decode()


def api(person: Person, path: str) -> tuple[int, dict[str, object]]:
    """The same question by program."""
    _token, secret = issue(person, "tests")
    answer = Client().get(f"/api/v1/access/explain?{path}", headers={"Authorization": f"Bearer {secret}"})
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("who", "sight", "why"),
    [
        ("claire", "Sees the public part", "It is their own request"),
        ("paul", "Does not see it", "They neither reported it nor follow it"),
        ("jonas", "Sees everything, notes too", "for the team Network, which has this record"),
        ("raj", "Does not see it", "is narrowed to the team Applications"),
        ("amira", "Sees everything, notes too", "which covers Gungun Trading"),
    ],
)
def test_the_page_says_what_and_why(who: str, sight: str, why: str, number: str, folk: Cast, as_: Door) -> None:
    status, page = ask(as_("ann"), getattr(folk, who).email, number)
    assert status == 200
    assert sight in page and why in page


def test_verbs_have_their_sentence(number: str, folk: Cast, as_: Door) -> None:
    status, found = api(folk.ann, f"person={folk.jonas.email}&record={number}")
    verbs = {one["verb"]: one for one in found["verbs"]}  # type: ignore[attr-defined]
    assert status == 200 and found["sight"] == "everything"
    assert verbs["comment"]["allowed"] and not verbs["comment"]["reason"]
    assert not verbs["reopen"]["allowed"] and "state" in verbs["reopen"]["reason"]
    _status, unseen = api(folk.ann, f"person={folk.paul.email}&record={number}")
    assert {one["reason"] for one in unseen["verbs"]} == {"They do not see it."}  # type: ignore[attr-defined]


def test_a_name_is_enough_and_two_of_a_name_are_offered(number: str, folk: Cast, as_: Door) -> None:
    assert "Sees the public part" in ask(as_("ann"), "Claire", number)[1]
    Person.objects.create_user("claire.two@gungun.example", "Claire Two", folk.gungun)
    assert "Whom do you mean?" in ask(as_("ann"), "Claire", number)[1]
    assert Entry.objects.filter(verb="explain_access").count() == 1


def test_a_look_is_in_the_history_of_the_person(number: str, folk: Cast, as_: Door) -> None:
    ask(as_("ann"), folk.claire.email, number)
    entry = Entry.objects.get(verb="explain_access")
    assert (entry.subject, entry.subject_id, entry.actor_id) == ("person", folk.claire.pk, folk.ann.pk)
    assert entry.data == {"number": number} and entry.record_id is None
    assert "looked at the access of" in as_("ann").get(f"/admin/people/{folk.claire.pk}").content.decode()


def test_nobody_else_learns_anything(number: str, folk: Cast, as_: Door) -> None:
    for who in ("claire", "amira", "mia", "otto", "stella"):
        assert ask(as_(who), folk.claire.email, number)[0] == 404
        assert api(getattr(folk, who), f"person={folk.claire.email}&record={number}")[0] == 403
    RoleGrant.objects.create(
        person=folk.stella, role=Role.objects.get(code="administrator"), organisation=folk.elsewhere
    )
    # Neither somebody else's person nor somebody else's record, and no telling them from what does not exist.
    foreign = facade.report(folk.actor("sam"), {"title": "Theirs"})
    for person, record in (
        (folk.claire.email, foreign),
        (folk.sam.email, number),
        (folk.sam.email, "INC-999999"),
        ("nobody@nowhere.example", foreign),
    ):
        status, page = ask(as_("stella"), person, record)
        assert status == 404 and "The printer hums" not in page
        assert api(folk.stella, f"person={person}&record={record}")[0] == 404
    assert not Entry.objects.filter(verb="explain_access").exists()


def test_who_is_not_active_sees_nothing(number: str, folk: Cast, as_: Door) -> None:
    Person.objects.filter(pk=folk.claire.pk).update(is_active=False)
    status, page = ask(as_("ann"), folk.claire.email, number)
    assert status == 409 and "sees nothing at all" in page


def test_a_ticket_leads_there_for_those_who_may(number: str, as_: Door) -> None:
    link = f"/admin/access?record={number}"
    assert link in as_("ann").get(f"/incidents/{number}").content.decode()
    assert link not in as_("amira").get(f"/incidents/{number}").content.decode()
