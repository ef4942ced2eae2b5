"""People, teams, organisations and roles through the pages, with what people mistype."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.test import RequestFactory
from django.urls import reverse

from quell.kernel.journal.models import Entry
from quell.kernel.people.models import Membership, Organisation, Person, Role, RoleGrant, Team
from quell.kernel.people.tokens import issue
from quell.kernel.testing.cast import Cast

from .conftest import Door

pytestmark = pytest.mark.django_db


def url(name: str, *ids: object) -> str:
    return reverse(f"administration:{name}", args=ids)


def facts(person: Person, **changes: str) -> dict[str, str]:
    """The form of somebody's facts as their page shows it."""
    shown = {
        "name": person.name, "email": person.email, "organisation": person.organisation.code, "job_title": "",
        "phone": "", "language": "", "timezone": "", "version": "",
    }  # fmt: skip
    return shown | changes


def test_a_new_person_with_role_and_team(folk: Cast, as_: Door) -> None:
    data = {
        "name": "Ngozi Adeyemi", "email": "Ngozi@gungun.example", "organisation": "gungun", "role": "agent",
        "team": "network", "timezone": "Africa/Lagos",
    }  # fmt: skip
    answer = as_("ann").post(url("new_person"), data)
    made = Person.objects.get(email="ngozi@gungun.example")
    assert answer.status_code == 302 and answer["Location"] == url("person", made.pk)
    grant = RoleGrant.objects.get(person=made)
    assert (grant.role.code, grant.organisation.code, grant.team.code) == ("agent", "gungun", "network")
    assert Membership.objects.filter(person=made, team=folk.network).exists()
    page = as_("ann").get(answer["Location"]).content.decode()
    assert "Ngozi Adeyemi" in page and "created" in page


def test_what_was_typed_stays_when_something_is_wrong(folk: Cast, as_: Door) -> None:
    data = {"name": "Ngozi Adeyemi", "email": "claire@gungun.example", "organisation": "gungun", "phone": "+45 1"}
    answer = as_("ann").post(url("new_person"), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "error-summary" in page and "is known already" in page
    assert 'value="Ngozi Adeyemi"' in page and 'value="+45 1"' in page
    assert 'id="id_email-error"' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "   "), ("name", "x" * 201), ("name", "a\x00b"), ("email", "nobody"), ("email", ""),
        ("email", "a" * 300 + "@gungun.example"), ("organisation", "elsewhere"), ("organisation", "nowhere"),
        ("language", "tlh"), ("timezone", "Mars/Olympus"), ("phone", "1" * 41), ("job_title", "x" * 121),
        ("role", "emperor"), ("team", "foreign"), ("version", "-1"),
    ],
)  # fmt: skip
def test_bad_values_are_refused_beside_their_field(field: str, value: str, folk: Cast, as_: Door) -> None:
    data = {"name": "Ngozi", "email": "ngozi@gungun.example", "organisation": "gungun", field: value}
    answer = as_("ann").post(url("new_person"), data)
    assert answer.status_code == 422
    assert not Person.objects.filter(email="ngozi@gungun.example").exists()


def test_facts_are_changed_once_and_the_second_writer_is_told(folk: Cast, as_: Door) -> None:
    client = as_("ann")
    page = client.get(url("person", folk.claire.pk))
    version = page.context["facts"]["version"].value()
    first = facts(folk.claire, phone="+45 5550 1", version=str(version))
    assert client.post(url("person", folk.claire.pk), first).status_code == 302
    second = facts(folk.claire, phone="+45 5550 2", version=str(version))
    answer = client.post(url("person", folk.claire.pk), second)
    assert answer.status_code == 422
    assert "in the meantime" in answer.content.decode() and "+45 5550 2" in answer.content.decode()
    assert Person.objects.get(pk=folk.claire.pk).phone == "+45 5550 1"
    again = facts(folk.claire, phone="+45 5550 2", version=answer.context["facts"]["version"].value())
    assert client.post(url("person", folk.claire.pk), again).status_code == 302


def test_roles_come_and_go_with_their_place(folk: Cast, as_: Door) -> None:
    client = as_("root")
    answer = client.post(
        url("add_grant", folk.claire.pk), {"grant-role": "auditor", "grant-place": "elsewhere", "grant-team": ""}
    )
    assert answer.status_code == 302
    grant = RoleGrant.objects.get(person=folk.claire)
    assert (grant.organisation.code, grant.granted_by_id) == ("elsewhere", folk.root.pk)
    client.post(
        url("add_grant", folk.claire.pk), {"grant-role": "agent", "grant-place": "gungun", "grant-team": "network"}
    )
    client.post(url("add_grant", folk.claire.pk), {"grant-role": "requester", "grant-place": "*"})
    assert RoleGrant.objects.filter(person=folk.claire).count() == 3
    assert client.post(url("remove_grant", folk.claire.pk, grant.pk)).status_code == 302
    assert not RoleGrant.objects.filter(pk=grant.pk).exists()
    assert client.post(url("remove_grant", folk.claire.pk, grant.pk)).status_code == 404


def test_the_last_administrator_stays(folk: Cast, as_: Door) -> None:
    grant = RoleGrant.objects.get(person=folk.root)
    answer = as_("root").post(url("remove_grant", folk.root.pk, grant.pk), follow=True)
    assert "without an administrator" in answer.content.decode()
    assert RoleGrant.objects.filter(pk=grant.pk).exists()


def test_a_temporary_password_is_shown_once_and_ends_sessions(folk: Cast, as_: Door) -> None:
    as_("claire")
    sessions = Session.objects.count()
    client = as_("ann")
    answer = client.post(url("new_password", folk.claire.pk))
    secret = answer.context["secret"]
    assert answer.status_code == 200 and secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    request = RequestFactory().post("/sign-in")
    assert authenticate(request, email=folk.claire.email, password=secret) is not None
    assert Session.objects.count() == sessions  # hers is gone, Ann's has come
    assert secret not in client.get(url("person", folk.claire.pk)).content.decode()
    assert secret not in str(list(Entry.objects.filter(subject="person").values()))


def test_deactivating_shuts_out_at_once(folk: Cast, as_: Door) -> None:
    hers = as_("claire")
    token, _secret = issue(folk.claire, "a script")
    client = as_("ann")
    page = client.get(url("person", folk.claire.pk)).content.decode()
    assert "1 token is revoked" in page
    assert client.post(url("deactivate_person", folk.claire.pk)).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert hers.get("/").status_code == 302
    assert client.post(url("activate_person", folk.claire.pk)).status_code == 302
    assert Person.objects.get(pk=folk.claire.pk).is_active


def test_nobody_deactivates_themselves(folk: Cast, as_: Door) -> None:
    answer = as_("ann").post(url("deactivate_person", folk.ann.pk), follow=True)
    assert "cannot deactivate yourself" in answer.content.decode()


def test_a_token_is_revoked_by_who_looks_after_its_owner(folk: Cast, as_: Door) -> None:
    token, _secret = issue(folk.claire, "a script")
    foreign, _secret = issue(folk.paul, "another")
    client = as_("ann")
    client.post(url("revoke_token", folk.claire.pk, foreign.pk))
    client.post(url("revoke_token", folk.claire.pk, token.pk))
    token.refresh_from_db()
    foreign.refresh_from_db()
    assert token.revoked_at is not None and foreign.revoked_at is None
    assert Entry.objects.filter(subject="token", verb="revoke", actor=folk.ann).count() == 1


def test_a_team_is_made_filled_led_and_closed(folk: Cast, as_: Door) -> None:
    client = as_("ann")
    answer = client.post(url("new_team"), {"name": "Storage", "code": "storage", "organisation": "gungun"})
    team = Team.objects.get(code="storage")
    assert answer["Location"] == url("team", team.pk)
    client.post(url("add_member", team.pk), {"member-email": "amira@gungun.example", "member-lead": "on"})
    client.post(url("add_member", team.pk), {"member-email": "raj@gungun.example"})
    client.post(url("make_lead", team.pk, folk.raj.pk))
    client.post(url("make_member", team.pk, folk.amira.pk))
    assert set(Membership.objects.filter(team=team).values_list("person__email", "lead")) == {
        ("amira@gungun.example", False), ("raj@gungun.example", True),
    }  # fmt: skip
    client.post(url("remove_member", team.pk, folk.amira.pk))
    assert Membership.objects.filter(team=team).count() == 1
    answer = client.post(url("add_member", team.pk), {"member-email": "stella@elsewhere.example"})
    assert answer.status_code == 422 and "is known here" in answer.content.decode()
    client.post(url("deactivate_team", team.pk))
    team.refresh_from_db()
    assert not team.active


@pytest.mark.parametrize("code", ["", "two words", "x" * 61, "network", "ünicode", "../etc"])
def test_codes_that_cannot_be_are_refused(code: str, folk: Cast, as_: Door) -> None:
    answer = as_("ann").post(url("new_team"), {"name": "Storage", "code": code, "organisation": "gungun"})
    assert answer.status_code == 422 and 'id="id_code-error"' in answer.content.decode()


def test_the_tree_grows_moves_and_never_bites_its_tail(folk: Cast, as_: Door) -> None:
    client = as_("root")
    client.post(url("organisations"), {"name": "Lyon", "code": "lyon", "parent": "gungun"})
    lyon = Organisation.objects.get(code="lyon")
    assert lyon.path == [folk.gungun.pk, lyon.pk]
    answer = client.post(url("organisation", folk.gungun.pk), {"name": "Gungun Trading", "parent": "lyon"})
    assert answer.status_code == 422
    assert client.post(url("organisation", lyon.pk), {"name": "Lyon office", "parent": "elsewhere"}).status_code == 302
    lyon.refresh_from_db()
    assert (lyon.name, lyon.path) == ("Lyon office", [folk.elsewhere.pk, lyon.pk])


def test_a_role_of_ones_own(folk: Cast, as_: Door) -> None:
    client = as_("root")
    data = {"name": "Reader", "code": "reader", "capabilities": ["records.view", "people.view"]}
    assert client.post(url("new_role"), data).status_code == 302
    role = Role.objects.get(code="reader")
    assert role.capabilities == ["records.view", "people.view"]
    change = {"name": "Reader", "description": "Looks only", "capabilities": ["records.view"]}
    assert client.post(url("role", role.pk), change).status_code == 302
    role.refresh_from_db()
    assert role.capabilities == ["records.view"]
    shipped = Role.objects.get(code="agent")
    assert client.post(url("role", shipped.pk), change).status_code == 404
    assert client.post(url("new_role"), {**data, "code": "root", "capabilities": ["everything"]}).status_code == 422


STRANGE = (
    "q=%00", "q=%25_%27", "cursor=xxx", "cursor=WyJhIiwxXQ", "cursor=WzEsMl0", "active=maybe", "organisation=nowhere",
    "role=%F0%9F%90%91", "q=" + "x" * 5000, "cursor=WyJhIiw5OTk5OTk5OTk5OTk5OTk5OTk5OTld", "q=%ff%fe", "subject=x",
)  # fmt: skip


@pytest.mark.parametrize("name", ["people", "teams", "services", "history"])
def test_strange_addresses_answer_with_a_page(name: str, folk: Cast, as_: Door) -> None:
    client = as_("ann")
    for query in STRANGE:
        assert client.get(f"{url(name)}?{query}").status_code == 200, query


def test_ids_beyond_the_database_are_nothing(folk: Cast, as_: Door) -> None:
    assert as_("root").get(f"/admin/people/{2**63}").status_code == 404
    assert as_("root").get(f"/admin/teams/{10**30}").status_code == 404


def test_lists_page_by_key(folk: Cast, as_: Door) -> None:
    for number in range(60):
        Person.objects.create_user(f"p{number:02}@gungun.example", f"Person {number:02}", folk.gungun)
    client = as_("ann")
    first = client.get(url("people"))
    following = first.context["found"].next
    second = client.get(f"{url('people')}?cursor={following}")
    names = [row["name"] for answer in (first, second) for row in answer.context["found"].rows]
    assert len(names) == len(set(names)) == 69
    assert names == sorted(names, key=str.casefold)


@pytest.mark.parametrize(
    ("name", "most"),
    [("home", 12), ("people", 12), ("teams", 10), ("organisations", 10), ("roles", 10), ("history", 10)],
)
def test_pages_ask_the_same_number_of_questions_at_any_size(name: str, most: int, folk: Cast, as_: Door) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_("root")
    client.get(url(name))
    with CaptureQueriesContext(connection) as few:
        client.get(url(name))
    for number in range(30):
        person = Person.objects.create_user(f"p{number}@gungun.example", f"Person {number}", folk.gungun)
        Membership.objects.create(team=folk.desk, person=person)
        Team.objects.create(code=f"t{number}", name=f"Team {number}", organisation=folk.gungun)
    with CaptureQueriesContext(connection) as many:
        client.get(url(name))
    assert len(many) == len(few) <= most
