"""The set-up: five steps, each with its rule for when it counts as done, kept on the server, whole or not at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from quell.kernel.actions import demonstration, set_up
from quell.kernel.config.models import SetUpStep
from quell.kernel.items.models import Item
from quell.kernel.people.models import Membership, Organisation, Person, Role, RoleGrant, Team
from quell.kernel.people.tree import create_organisation
from quell.kernel.records.models import Record
from quell.kernel.testing.cast import Cast
from quell.kernel.ui.contact import DESK_CLOSED, DESK_HOURS, DESK_PHONE, DESK_ZONE
from quell.practices.incidents.models import Category
from quell.practices.intake import facade as intake

from .conftest import Door

pytestmark = pytest.mark.django_db
HERE = "/admin/set-up"
PAGES = tuple(f"{HERE}/{step}" for step in set_up.STEPS)


def states() -> dict[str, str]:
    return {step.code: step.state for step in set_up.progress().steps}


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def named(client: Client, size: str = "micro", name: str = "Gungun Trading") -> None:
    assert client.post(f"{HERE}/organisation", {"name": name, "size": size}).status_code == 302


def jobs(task: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [task])
        return [json.loads(args) for (args,) in cursor.fetchall()]


@pytest.mark.parametrize("name", ["claire", "amira", "mia", "ann", "otto"])
def test_only_an_administrator_of_the_whole_instance_finds_it(name: str, as_: Door) -> None:
    client = as_(name)
    for page in (HERE, *PAGES, f"{HERE}/mail/tried"):
        assert client.get(page).status_code == 404, page
        assert client.post(page, {"go": "on"}).status_code in (404, 405), page
    assert not SetUpStep.objects.exists()


def test_it_goes_on_where_it_was_left(as_: Door) -> None:
    client = as_("root")
    assert client.get(HERE)["Location"] == PAGES[0]
    assert client.post(PAGES[0], {"go": "skip"})["Location"] == PAGES[1]
    assert client.post(PAGES[1], {"go": "skip"})["Location"] == PAGES[2]
    assert states() == {**dict.fromkeys(set_up.STEPS, ""), "organisation": "skipped", "mail": "skipped"}
    # In another browser on another day it is where it was; what was skipped waits behind what nobody answered.
    assert as_("root").get(HERE)["Location"] == PAGES[2]
    for page in PAGES[2:]:
        client.post(page, {"go": "skip"})
    assert client.get(HERE)["Location"] == PAGES[0]


def test_skipping_takes_nothing_back(as_: Door) -> None:
    client = as_("root")
    named(client)
    client.post(PAGES[0], {"go": "skip"})
    assert states()["organisation"] == "done"


def test_the_organisation_is_named_and_its_size_decides_what_is_suggested(folk: Cast, as_: Door) -> None:
    client = as_("root")
    assert "Security" not in words(client, PAGES[2])
    named(client, "enterprise", "Keel Shipping")
    assert Organisation.objects.get(pk=folk.gungun.pk).name == "Keel Shipping"
    assert "Security" in words(client, PAGES[2]) and "Remote access" in words(client, PAGES[3])
    assert client.post(PAGES[0], {"name": " ", "size": "huge"}).status_code == 422
    assert Organisation.objects.get(pk=folk.gungun.pk).name == "Keel Shipping"


def test_in_the_demonstration_ones_own_organisation_is_made_beside_it(
    db: None, no_demonstration: list[demonstration.Demonstration], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demonstration, "_known", no_demonstration)
    demo = create_organisation("gungun", "Gungun Trading")
    noor = Person.objects.create_user("noor@gungun.example", "Noor", demo)
    RoleGrant.objects.create(person=noor, role=Role.objects.get(code="administrator"))
    client = Client()
    client.force_login(noor, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = words(client, PAGES[0])
    assert "signed in to the demonstration" in page and "it is here" in page and "/admin/demonstration" in page
    # Until it has a name nothing can be put into it.
    assert client.post(PAGES[2], {"part": "teams", "others": "Desk"}).status_code == 422
    named(client, name="Gungun")
    own = Organisation.objects.exclude(pk=demo.pk).get()
    assert (own.name, own.code) == ("Gungun", "own-gungun")
    assert Organisation.objects.get(pk=demo.pk).name == "Gungun Trading"
    client.post(PAGES[2], {"part": "teams", "others": "Desk"})
    assert Team.objects.get().organisation_id == own.pk


def test_teams_hours_and_colleagues(folk: Cast, as_: Door, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    client = as_("root")
    named(client, "department")
    hours = {"part": "hours", "hours": "Mon–Fri 08–17", "zone": "Europe/Paris", "closed": "2026-12-24"}
    assert client.post(PAGES[2], hours).status_code == 302
    assert (DESK_HOURS.get(), DESK_ZONE.get(), DESK_CLOSED.get()) == ("Mon–Fri 08–17", "Europe/Paris", "2026-12-24")
    answer = client.post(PAGES[2], {**hours, "hours": "whenever", "zone": "Mars/Base"})
    assert answer.status_code == 422
    assert "is not understood" in answer.content.decode() and "not a time zone" in answer.content.decode()
    assert DESK_HOURS.get() == "Mon–Fri 08–17" and DESK_ZONE.get() == "Europe/Paris"
    # "Service desk" and "Applications" are there by these names; only what is missing is suggested.
    page = words(client, PAGES[2])
    assert 'value="infrastructure"' in page and 'name="suggested" value="service-desk"' not in page
    client.post(PAGES[2], {"part": "teams", "suggested": ["infrastructure"], "others": "Tills\nService desk\n"})
    assert set(Team.objects.filter(organisation=folk.gungun).values_list("code", "name")) >= {
        ("infrastructure", "Infrastructure"),
        ("tills", "Tills"),
        ("gungun-service-desk", "Service desk"),
    }
    people = "Ida Holm <ida@gungun.example>\nBo Lund, BO@gungun.example"
    client.post(PAGES[2], {"part": "people", "people": people, "role": "agent", "team": "tills"})
    made = Person.objects.filter(email__in=["ida@gungun.example", "bo@gungun.example"])
    assert {one.name for one in made} == {"Ida Holm", "Bo Lund"}
    assert Membership.objects.filter(person__in=made, team__code="tills").count() == 2
    assert set(RoleGrant.objects.filter(person__in=made).values_list("role__code", flat=True)) == {"agent"}
    assert [job["email"] for job in jobs("ui.send_invitation")] == ["ida@gungun.example", "bo@gungun.example"]


@pytest.mark.parametrize(
    "wrong",
    ["New One, new@gungun.example\nnobody", "New One, new@gungun.example\nClaire, claire@gungun.example", "", "a@b@c"],
)
def test_one_wrong_line_and_nobody_is_made(wrong: str, as_: Door) -> None:
    client = as_("root")
    before = Person.objects.count()
    answer = client.post(PAGES[2], {"part": "people", "people": wrong, "role": "agent", "team": ""})
    assert answer.status_code == 422
    assert Person.objects.count() == before and not jobs("ui.send_invitation")
    # What was typed stays.
    assert wrong.split("\n")[0].replace("<", "&lt;") in answer.content.decode()


def test_without_mail_nobody_is_written_to(as_: Door, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    client = as_("root")
    answer = client.post(
        PAGES[2],
        {"part": "people", "people": "A B, ab@gungun.example", "role": "administrator", "team": ""},
        follow=True,
    )
    assert "set their password on their page" in answer.content.decode()
    assert not jobs("ui.send_invitation")
    grant = RoleGrant.objects.get(person__email="ab@gungun.example")
    assert grant.role.code == "administrator" and grant.organisation_id is None


def test_nobody_gives_what_they_do_not_hold(folk: Cast, as_: Door) -> None:
    client = as_("root")
    answer = client.post(
        PAGES[2], {"part": "people", "people": "A B, ab@gungun.example", "role": "auditor", "team": "foreign"}
    )
    assert answer.status_code == 422 and not Person.objects.filter(email="ab@gungun.example").exists()


def test_services_and_categories(folk: Cast, as_: Door) -> None:
    client = as_("root")
    named(client)
    data = {"part": "services", "suggested": ["network", "mail"], "others": "Till system\n"}
    assert client.post(PAGES[3], data).status_code == 302
    made = dict(Item.objects.filter(organisation=folk.gungun).values_list("code", "criticality"))
    # "mail" was taken, so ours stands under the organisation's code.
    assert made.keys() == {"mail", "gungun-mail", "network", "till-system"} and made["network"] == 1
    client.post(PAGES[3], {"part": "categories", "names": "Tills\nTills › Drawer\n"})
    own = Category.objects.filter(organisation=folk.gungun)
    assert set(own.values_list("name", flat=True)) == {"Tills", "Tills › Drawer"}
    assert client.post(PAGES[3], {"part": "services", "others": ""}).status_code == 422
    assert client.post(PAGES[3], {"part": "categories", "names": "Good\nTills"}).status_code == 422
    assert not own.filter(name="Good").exists()


def test_a_step_counts_only_when_what_it_is_for_is_there(folk: Cast, as_: Door, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    client = as_("stella")
    assert client.get(PAGES[2]).status_code == 404
    client = as_("root")
    Team.objects.filter(organisation=folk.gungun).update(active=False)
    Item.objects.filter(organisation=folk.gungun).update(active=False)
    for page, fault in zip(
        PAGES[1:],
        ("begin without mail", "Make a team first", "Name one service first", "File the report first"),
        strict=True,
    ):
        answer = client.post(page, {"go": "on"}, follow=True)
        assert fault in answer.content.decode(), page
    assert states() == dict.fromkeys(set_up.STEPS, "")
    client.post(PAGES[1], {"go": "on", "without": "1"})
    assert states()["mail"] == "done"


def test_a_first_report_goes_the_portals_way_and_once(folk: Cast, as_: Door) -> None:
    client = as_("root")
    page = words(client, PAGES[4])
    token = page.split('name="token" value="')[1].split('"')[0]
    for _again in range(2):
        assert client.post(PAGES[4], {"part": "try", "title": "Test: VPN", "token": token}).status_code == 302
    record = Record.objects.get()
    assert record.channel == "portal" and record.requester_id == folk.root.pk and record.title == "Test: VPN"
    page = words(client, PAGES[4])
    assert f"/portal/requests/{record.number}" in page and f"/incidents/{record.number}" in page
    assert states()["try"] == "done"
    client.post(PAGES[4], {"part": "withdraw"})
    record.refresh_from_db()
    assert record.state == "cancelled"
    assert "File another" in words(client, PAGES[4]) and "File a first report" in words(client, f"{PAGES[4]}?again=1")


def test_a_report_that_cannot_be_filed_leaves_nothing(as_: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    client = as_("root")
    assert client.post(PAGES[4], {"part": "try", "title": " "}).status_code == 422

    def broken(*args: object, **facts: object) -> None:
        raise RuntimeError("the step cannot be kept")

    monkeypatch.setattr(set_up, "keep", broken)
    with pytest.raises(RuntimeError):
        client.post(PAGES[4], {"part": "try", "title": "Test"})
    assert not Record.objects.exists() and states()["try"] == ""


def test_words_that_call_for_a_question_are_refused_in_a_sentence(folk: Cast, as_: Door) -> None:
    network = Category.objects.get(path="network", organisation=None)
    asked = {"words": ["vpn"], "questions": [{"question": "Which gateway?", "required": True}]}
    intake.ask(folk.actor("root"), network.pk, asked)
    answer = as_("root").post(PAGES[4], {"part": "try", "title": "Test: VPN"})
    assert answer.status_code == 422 and "These words call for a question" in answer.content.decode()
    assert not Record.objects.exists() and states()["try"] == ""


def test_the_telephone_is_a_setting_like_any_other(as_: Door) -> None:
    client = as_("root")
    client.post(PAGES[1], {"part": "phone", "phone": " 4357 "})
    assert DESK_PHONE.get() == "4357"
    client.post(PAGES[1], {"part": "phone", "phone": ""})
    assert DESK_PHONE.get() == ""


def test_the_list_stands_on_the_home_pages_until_it_is_done_or_put_away(folk: Cast, as_: Door) -> None:
    client = as_("root")
    for page in ("/", "/admin/"):
        text = words(client, page)
        assert "Set-up 0 of 5" in text and all(f'href="{step}"' in text for step in PAGES)
    for name in ("amira", "mia", "ann"):
        assert "Set-up 0 of 5" not in words(as_(name), "/")
    client.post(PAGES[0], {"go": "skip"})
    named(client)
    assert "Set-up 1 of 5" in words(client, "/")
    assert client.post("/set-up-card", {"next": "/admin/"})["Location"] == "/admin/"
    assert "Set-up 1 of 5" not in words(client, "/")
    # Put away by one person, it still stands on everybody else's page.
    other = Person.objects.create_user("second@gungun.example", "Second", folk.gungun)
    RoleGrant.objects.create(person=other, role=RoleGrant.objects.get(person=folk.root).role)
    second = Client()
    second.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Set-up 1 of 5" in words(second, "/")
    client.post("/set-up-card", {"next": "/", "shown": "1"})
    assert "Set-up 1 of 5" in words(client, "/")
    for step in set_up.STEPS:
        set_up.keep(folk.actor("root"), step, set_up.DONE)
    assert "Set-up" not in words(client, "/")


def test_every_form_wants_its_token(folk: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(folk.root, backend="allauth.account.auth_backends.AuthenticationBackend")
    for page in PAGES:
        assert client.post(page, {"go": "skip"}).status_code == 403
    assert not SetUpStep.objects.exists()
