"""The demonstration company: everybody can sign in, every story is told, twice is the same as once."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from quell.kernel.access.actor import actor_for_person
from quell.kernel.config.refusal import Conflict
from quell.kernel.items.models import Item
from quell.kernel.people.models import Person, Team
from quell.kernel.people.tree import create_organisation
from quell.kernel.records.models import OPEN, Note, Record, Reply
from quell.project.demonstration import loading
from quell.project.demonstration.accounts import FILE, password_kept
from quell.project.demonstration.company import ACCOUNTS
from quell.project.demonstration.stories import STORIES

pytestmark = pytest.mark.django_db


def nothing(done: int, of: int) -> None:
    """Progress that nobody watches."""


def test_a_fresh_instance_gets_people_services_and_living_incidents(tmp_path: Path) -> None:
    done = loading.load(tmp_path, nothing, with_log=False)

    assert (done.people, done.incidents) == (6, len(STORIES))
    assert {team.code for team in Team.objects.all()} == {"service-desk", "network", "applications"}
    assert Item.objects.filter(item_class="service", owner__isnull=False).count() == 6
    assert Record.objects.filter(state_category__in=OPEN).count() >= 12
    assert set(Record.objects.values_list("state", flat=True)) >= {
        "new",
        "assigned",
        "in_progress",
        "on_hold",
        "resolved",
    }
    assert Reply.objects.exists()
    assert Note.objects.exists()


def test_the_accounts_of_the_file_sign_in_and_the_file_is_private(tmp_path: Path) -> None:
    loading.load(tmp_path, nothing, with_log=False)

    file = tmp_path / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = [line.split() for line in file.read_text().splitlines()]
    assert [line[0] for line in lines] == [account.role for account in ACCOUNTS]
    request = RequestFactory().post("/sign-in")
    for _role, email, password in lines:
        assert authenticate(request, email=email, password=password) is not None, email


def test_each_account_may_what_its_role_says(tmp_path: Path) -> None:
    loading.load(tmp_path, nothing, with_log=False)
    seen = {}
    for account in ACCOUNTS:
        actor = actor_for_person(Person.objects.get(email=account.email).pk)
        assert actor is not None
        seen[account.key] = actor
    assert seen["noor.rahimi"].scope("people.manage").everywhere
    assert len(seen["amira.khalil"].scope("records.lead").organisations) == 2
    assert len(seen["jonas.schmidt"].scope("records.work").organisations) == 2
    assert seen["wang.xiaoming"].scope("records.work").teams == {Team.objects.get(code="network").pk}
    assert not seen["claire.moreau"].is_agent


def test_loading_again_changes_nothing(tmp_path: Path) -> None:
    loading.load(tmp_path, nothing, with_log=False)
    password = password_kept(tmp_path)
    before = list(Record.objects.order_by("pk").values_list("number", "version", "state"))

    again = loading.load(tmp_path, nothing, with_log=False)

    assert (again.people, again.incidents) == (0, 0)
    assert password_kept(tmp_path) == password
    assert list(Record.objects.order_by("pk").values_list("number", "version", "state")) == before


def test_a_loading_that_was_stopped_is_finished_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = loading._tell

    def stumbles(story: loading.Story, now: object) -> None:
        if Record.objects.count() == 3:
            raise KeyboardInterrupt
        told(story, now)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "_tell", stumbles)
    with pytest.raises(KeyboardInterrupt):
        loading.load(tmp_path, nothing, with_log=False)
    monkeypatch.setattr(loading, "_tell", told)
    assert Record.objects.count() == 3

    assert loading.load(tmp_path, nothing, with_log=False).incidents == len(STORIES) - 3
    assert Record.objects.count() == len(STORIES)


def test_an_instance_in_use_is_left_alone(tmp_path: Path) -> None:
    home = create_organisation("real", "A real company")
    Person.objects.create_user("somebody@real.example", "Somebody", home)
    with pytest.raises(Conflict):
        loading.load(tmp_path, nothing, with_log=False)
    assert not (tmp_path / FILE).exists()
