"""Administration ends at the borders of what somebody looks after, on every address."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from quell.kernel.items.models import Item
from quell.kernel.people.models import Membership, Organisation, Person, Role, RoleGrant, Team
from quell.kernel.people.tokens import issue
from quell.kernel.testing.cast import Cast
from quell.practices.clocks.models import EscalationStep
from quell.practices.communications.models import Announcement
from quell.practices.incidents.models import Category
from quell.practices.tasks import facade as tasks
from quell.workspaces.administration.urls import urlpatterns

from .conftest import Door

pytestmark = pytest.mark.django_db

WHOLE_INSTANCE = {
    "jobs", "new_role", "new_metric", "role", "demonstration", "demonstration_progress",
    "set_up", "set_up_organisation", "set_up_mail", "set_up_mail_tried", "set_up_teams", "set_up_services",
    "set_up_try",
}  # fmt: skip
#: What a desk lead does without looking after anything else.
OF_LEADS = {
    "history", "announcements", "new_announcement", "announcement", "publish_announcement", "end_announcement",
    "ratings", "assignment", "assignment_rule", "arrange_assignment",
}  # fmt: skip
#: What everybody reads who works: what was promised, and how it is measured.
OF_WORKERS = {"agreements", "agreement_choice", "metrics"}


def things(folk: Cast, home: Organisation, person: Person, team: Team) -> dict[str, Any]:
    """One of everything that a company has, by the names that addresses have for their ids."""
    service, _made = Item.objects.get_or_create(
        item_class="service", code=f"svc-{home.code}", defaults={"name": "S", "organisation": home}
    )
    own, _made = Category.objects.get_or_create(organisation=home, path="own", defaults={"code": "own", "name": "Own"})
    token = issue(person, "a program")[0]
    grant = RoleGrant.objects.filter(person=person).first() or RoleGrant.objects.create(
        person=person, role=Role.objects.get(code="agent"), organisation=home
    )
    made = {"organisation": home, "severity": "outage", "language": "en", "title": f"Outage at {home.name}"}
    times = dict.fromkeys(("starts_at", "created_at", "updated_at"), datetime.now(UTC))
    told = Announcement.objects.create(**made, **times)
    template_id = tasks.create_template(
        folk.actor("root"),
        {"name": f"Steps of {home.code}", "organisation": home.code, "lines": [{"title": "One"}]},
    )
    step, _made = EscalationStep.objects.get_or_create(organisation=home, percent=50, audiences=["assignee"])
    return {
        "home": home.code,
        "template_id": template_id,
        "announcement_id": told.pk,
        "person_id": person.pk,
        "organisation_id": home.pk,
        "team_id": team.pk,
        "grant_id": grant.pk,
        "token_id": token.pk,
        "role_id": Role.objects.get(code="agent").pk,
        "category_id": own.pk,
        "code": service.code,
        "version_number": 1,
        "step_id": step.pk,
    }


def address(pattern: URLPattern, ids: dict[str, Any]) -> str:
    """An address with the ids of one company's things in it."""
    wanted = {name: ids[name] for name in pattern.pattern.converters}
    url = (
        reverse(f"administration:{pattern.name}", kwargs=wanted)
        if wanted
        else reverse(f"administration:{pattern.name}")
    )
    return url + (f"?organisation={ids['home']}" if "category" in str(pattern.name) else "")


@pytest.mark.parametrize("name", ["claire", "amira", "jonas", "mia", "stella"])
def test_who_looks_after_nothing_finds_nothing(name: str, folk: Cast, as_: Door) -> None:
    client, ids = as_(name), things(folk, folk.gungun, folk.paul, folk.desk)
    for pattern in urlpatterns:
        if (pattern.name in OF_LEADS and name == "mia") or (pattern.name in OF_WORKERS and name != "claire"):
            continue
        url = address(pattern, ids)
        assert client.get(url).status_code in (404, 405), pattern.name
        assert client.post(url, {}).status_code in (404, 405), pattern.name


def test_visitors_are_sent_to_sign_in(folk: Cast) -> None:
    client, ids = Client(), things(folk, folk.gungun, folk.paul, folk.desk)
    for pattern in urlpatterns:
        answer = client.get(address(pattern, ids))
        sent = answer.status_code == 302 and "/sign-in" in answer["Location"]
        assert sent or answer.status_code == 405, pattern.name


def test_an_administrator_of_one_company_finds_nothing_of_another(folk: Cast, as_: Door) -> None:
    ids = things(folk, folk.elsewhere, folk.stella, folk.foreign_team)
    urls = {pattern.name: address(pattern, ids) for pattern in urlpatterns}
    before = _everything_elsewhere(folk)
    client = as_("ann")
    for pattern in urlpatterns:
        url = urls[pattern.name]
        for answer in (client.get(url), client.post(url, {})):
            if pattern.pattern.converters or pattern.name in WHOLE_INSTANCE:
                assert answer.status_code in (404, 405), pattern.name
            assert b"Stella" not in answer.content and b"Elsewhere" not in answer.content, pattern.name
    assert _everything_elsewhere(folk) == before


def _everything_elsewhere(folk: Cast) -> list[object]:
    return [
        list(Person.objects.filter(organisation=folk.elsewhere).order_by("pk").values()),
        list(Team.objects.filter(organisation=folk.elsewhere).values()),
        list(Membership.objects.filter(team=folk.foreign_team).values()),
        list(RoleGrant.objects.filter(person__organisation=folk.elsewhere).order_by("pk").values()),
        list(Organisation.objects.filter(pk=folk.elsewhere.pk).values()),
        list(Category.objects.filter(organisation=folk.elsewhere).values()),
        list(Item.objects.filter(organisation=folk.elsewhere).values()),
        list(Announcement.objects.filter(organisation=folk.elsewhere).values()),
        list(folk.stella.tokens.values()),
    ]


def test_an_administrator_of_one_company_works_there(folk: Cast, as_: Door) -> None:
    client = as_("ann")
    for name in ("home", "people", "organisations", "teams", "roles", "categories", "matrix", "services", "settings"):
        assert client.get(reverse(f"administration:{name}")).status_code == 200, name
    assert client.get(reverse("administration:person", args=[folk.claire.pk])).status_code == 200


def test_nobody_gives_more_than_they_hold(folk: Cast, as_: Door) -> None:
    url = reverse("administration:add_grant", args=[folk.claire.pk])
    answer = as_("ann").post(url, {"grant-role": "administrator", "grant-place": "*"})
    assert answer.status_code == 422
    assert not RoleGrant.objects.filter(person=folk.claire).exists()
    answer = as_("ann").post(url, {"grant-role": "agent", "grant-place": "elsewhere"})
    assert answer.status_code == 422
    assert not RoleGrant.objects.filter(person=folk.claire).exists()


def test_nobody_sets_the_password_of_who_holds_more(folk: Cast, as_: Door) -> None:
    before = Person.objects.get(pk=folk.root.pk).password
    answer = as_("ann").post(reverse("administration:new_password", args=[folk.root.pk]))
    assert answer.status_code == 403
    assert Person.objects.get(pk=folk.root.pk).password == before


def test_the_settings_of_the_instance_are_not_an_organisations(folk: Cast, as_: Door) -> None:
    client = as_("ann")
    for name in ("settings", "matrix", "categories"):
        url = reverse(f"administration:{name}")
        assert "The whole instance" not in client.get(url).content.decode()
        assert client.get(f"{url}?organisation=elsewhere").status_code == 404
    shipped = Category.objects.get(path="network", organisation=None)
    answer = client.post(reverse("administration:deactivate_category", args=[shipped.pk]))
    assert answer.status_code == 404
    shipped.refresh_from_db()
    assert shipped.active


def test_an_auditor_reads_the_history_and_nothing_else(folk: Cast, as_: Door) -> None:
    client = as_("otto")
    assert client.get(reverse("administration:history")).status_code == 200
    assert client.get(reverse("administration:people")).status_code == 404


def test_every_form_wants_its_token(folk: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(folk.root, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(reverse("administration:deactivate_person", args=[folk.claire.pk]))
    assert answer.status_code == 403
    assert Person.objects.get(pk=folk.claire.pk).is_active
