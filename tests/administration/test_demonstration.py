"""The demonstration company: a believable past, the same from the same seed; twice is once; it leaves no trace."""

from __future__ import annotations

import stat
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import authenticate
from django.test import RequestFactory

from quell.kernel.access.actor import HOUSE, Actor, actor_for_person
from quell.kernel.config.refusal import Conflict, Forbidden
from quell.kernel.journal.models import Entry
from quell.kernel.notify.models import Notification
from quell.kernel.people.models import Organisation, Person, Role, RoleGrant, Team
from quell.kernel.people.tree import create_organisation
from quell.kernel.records.models import Record
from quell.practices.communications import facade as communications
from quell.practices.communications.models import Rating
from quell.practices.incidents.facade import report
from quell.practices.servicedesk import facade as servicedesk
from quell.practices.workforce.models import Rule
from quell.practices.worklog.models import TimeEntry
from quell.project.demonstration import leaving, loading
from quell.project.demonstration.accounts import FILE, password_kept
from quell.project.demonstration.colleagues import colleagues
from quell.project.demonstration.company import ACCOUNTS
from quell.project.demonstration.ninety_days import plan
from quell.project.demonstration.scenes import scenes
from quell.project.demonstration.stories import STORIES, VPN

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def nothing(done: int, of: int) -> None:
    """Progress that nobody watches."""


def load(state: Path, days: int = 2, now: datetime | None = None) -> loading.Loaded:
    """The company with a short past; the ninety days take half a minute."""
    return loading.load(state, nothing, with_log=False, days=days, now=now)


def person(key: str) -> Actor:
    actor = actor_for_person(Person.objects.get(email=f"{key}@gungun.example").pk)
    assert actor is not None
    return actor


def test_the_ninety_days_are_the_same_from_the_same_seed_and_others_from_another() -> None:
    people = colleagues(Random(5))
    assert people == colleagues(Random(5))
    assert plan(Random(5), people, NOW) == plan(Random(5), people, NOW)
    assert plan(Random(5), people, NOW) != plan(Random(6), people, NOW)


def test_the_ninety_days_are_believable() -> None:
    people = colleagues(Random(loading.SEED))
    assert len(people) == 200
    assert len({one.email for one in people}) == 200
    assert {one.language for one in people} == {"en", "da", "zh-hans"}
    cases = plan(Random(loading.SEED), people, NOW)
    assert 450 < len(cases) < 1000
    for case in cases:
        times = [deed.at for deed in case.deeds]
        assert times == sorted(times), case.title
        assert times[-1] < NOW
        assert case.deeds[0].verb == "report"
    verbs = Counter(deed.verb for case in cases for deed in case.deeds)
    assert {
        "assign", "start", "comment", "hold", "resume", "transfer", "resolve", "reopen", "close", "cancel", "give",
        "log", "rate",
    } <= {*verbs}  # fmt: skip
    # The same fires burn every week: the Lyon gateway on Tuesdays.
    drops = [case.deeds[0].at for case in cases if "VPN" in case.title]
    assert Counter(at.weekday() for at in drops).most_common(1)[0][0] == 1
    # Nearly everything gets done, and not at once.
    last = [next(deed.verb for deed in reversed(case.deeds) if deed.verb != "rate") for case in cases]
    finished = [verb for verb in last if verb in ("close", "resolve", "cancel")]
    assert 0.9 < len(finished) / len(cases) < 1
    waits = sorted(
        next(deed.at for deed in case.deeds if deed.verb == "resolve") - case.deeds[0].at
        for case in cases
        if any(deed.verb == "resolve" for deed in case.deeds)
    )
    assert timedelta(minutes=30) < waits[len(waits) // 2] < timedelta(hours=8)


def test_some_say_how_they_found_the_help_and_nobody_is_asked_twice_in_a_fortnight() -> None:
    cases = plan(Random(loading.SEED), colleagues(Random(loading.SEED)), NOW)
    said = [(deed.who, deed.at, deed.data) for case in cases for deed in case.deeds if deed.verb == "rate"]
    resolved = sum(any(deed.verb == "resolve" for deed in case.deeds) for case in cases)
    assert 0.2 < len(said) / resolved < 0.4
    stars = [data["stars"] for _who, _at, data in said]
    assert 3.9 < sum(stars) / len(stars) < 4.6 and {*stars} == {1, 2, 3, 4, 5}
    assert 0.25 < sum(bool(data["comment"]) for _who, _at, data in said) / len(said) < 0.75
    by_person: dict[str, list[datetime]] = {}
    for who, at, _data in said:
        by_person.setdefault(who, []).append(at)
    for times in by_person.values():
        assert all(after - before >= timedelta(days=14) for before, after in pairwise(sorted(times)))


def test_time_is_written_down_by_who_worked_and_not_before_it_was_worked() -> None:
    cases = plan(Random(loading.SEED), colleagues(Random(loading.SEED)), NOW)
    entries = [deed for case in cases for deed in case.deeds if deed.verb == "log"]
    agents = {account.email for account in ACCOUNTS if account.teams}
    assert {deed.who for deed in entries} == agents
    assert all(deed.data["started_at"] + timedelta(seconds=deed.data["seconds"]) <= deed.at for deed in entries)
    assert {deed.data["work_type"] for deed in entries} >= {"repair", "analysis", "talking", "travel"}


def test_every_scene_speaks_the_three_languages_of_the_company() -> None:
    for scene in scenes():
        for language in ("en", "da", "zh-hans"):
            words = scene.words(language, Random(1))
            assert all((words.title, words.description, words.answer, words.done)), (scene.key, language)
            assert "{" not in words.title, (scene.key, language)


def _as_it_is() -> dict[str, list[tuple[object, ...]]]:
    """What a visitor could tell two loadings apart by; no ids and no numbers, which the database hands out."""
    return {
        "records": list(Record.objects.order_by("pk").values_list("title", "state", "opened_at", "assignee__email")),
        "ratings": list(
            Rating.objects.order_by("pk").values_list("record__title", "person__email", "stars", "comment")
        ),
        "hours": list(
            TimeEntry.objects.order_by("pk").values_list("record__title", "person__email", "seconds", "note")
        ),
        "rules": list(Rule.objects.order_by("position").values_list("name", "fired", "fired_at")),
        "inboxes": sorted(
            Notification.objects.values_list("person__email", "created_at", "reason", "record__title", "entry__verb")
        ),
        "read": sorted(Notification.objects.exclude(read_at=None).values_list("person__email", "read_at", "reason")),
    }


@pytest.mark.django_db
def test_a_company_that_left_comes_back_the_same(tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    load(tmp_path, 6, now)
    first = _as_it_is()
    assert all(first.values())
    leaving.leave(HOUSE, tmp_path)
    load(tmp_path, 6, now)
    assert _as_it_is() == first


@pytest.mark.django_db
def test_the_accounts_of_the_file_sign_in_and_the_file_is_private(tmp_path: Path) -> None:
    load(tmp_path)

    file = tmp_path / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = [line.split() for line in file.read_text().splitlines()]
    assert [line[0] for line in lines] == [account.role for account in ACCOUNTS]
    request = RequestFactory().post("/sign-in")
    for _role, email, password in lines:
        assert authenticate(request, email=email, password=password) is not None, email


@pytest.mark.django_db
def test_each_account_may_what_its_role_says(tmp_path: Path) -> None:
    load(tmp_path)
    seen = {account.key: person(account.key) for account in ACCOUNTS}
    departments = 12
    assert seen["noor.rahimi"].scope("people.manage").everywhere
    assert len(seen["amira.khalil"].scope("records.lead").organisations) == 2 + departments
    assert len(seen["jonas.schmidt"].scope("records.work").organisations) == 2 + departments
    assert seen["wang.xiaoming"].scope("records.work").teams == {Team.objects.get(code="network").pk}
    assert not seen["claire.moreau"].is_agent


@pytest.mark.django_db
def test_loading_again_changes_nothing(tmp_path: Path) -> None:
    load(tmp_path)
    password = password_kept(tmp_path)
    before = list(Record.objects.order_by("pk").values_list("number", "version", "state"))

    again = load(tmp_path)

    assert (again.people, again.incidents) == (0, 0)
    assert password_kept(tmp_path) == password
    assert list(Record.objects.order_by("pk").values_list("number", "version", "state")) == before


@pytest.mark.django_db
def test_a_past_that_was_interrupted_is_told_whole_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(done: int, of: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loading.load(tmp_path, stumbles, with_log=False, days=2)
    assert not Record.objects.exists()
    assert Person.objects.count() == 206

    assert load(tmp_path).incidents == Record.objects.count() > len(STORIES)


@pytest.mark.django_db
def test_an_instance_in_use_is_left_alone(tmp_path: Path) -> None:
    home = create_organisation("real", "A real company")
    Person.objects.create_user("somebody@real.example", "Somebody", home)
    with pytest.raises(Conflict):
        load(tmp_path)
    assert not (tmp_path / FILE).exists()


def rows() -> dict[str, int]:
    """How many rows each table has."""
    return {
        model._meta.db_table: model._default_manager.count()
        for model in apps.get_models()
        if not model._meta.db_table.startswith(("procrastinate_", "django_"))
    }


@pytest.mark.django_db
def test_it_leaves_without_a_trace(tmp_path: Path) -> None:
    before = rows()
    load(tmp_path, days=4)
    grown = rows()
    tables = {"communications_rating", "worklog_timeentry", "workforce_rule", "workforce_absence", "workforce_turn"}
    assert all(grown[table] > before[table] for table in tables), grown

    left = leaving.leave(HOUSE, tmp_path)

    assert left.incidents > len(STORIES)
    assert left.people == 206
    assert rows() == before
    assert not (tmp_path / FILE).exists()
    assert not leaving.present()


@pytest.mark.django_db
def test_who_worked_for_somebody_else_stays_as_a_name_in_their_history(tmp_path: Path) -> None:
    load(tmp_path)
    home = create_organisation("real", "A real company")
    chief = Person.objects.create_user("chief@real.example", "Chief", home)
    RoleGrant.objects.create(person=chief, role=Role.objects.get(code="administrator"))
    noor = person("noor.rahimi")
    number = report(noor, {"title": "Ours", "requester": "chief@real.example"})
    actor = actor_for_person(chief.pk)
    assert actor is not None

    left = leaving.leave(actor, tmp_path)

    assert left.names_kept == ("Noor Rahimi",)
    assert [record.number for record in Record.objects.all()] == [number]
    kept = Person.objects.get(email="noor.rahimi@gungun.example")
    assert (kept.is_active, kept.organisation_id, kept.has_usable_password()) == (False, home.pk, False)
    assert not kept.grants.exists()
    assert Entry.objects.get(record__number=number).actor_id == kept.pk
    assert set(Organisation.objects.values_list("code", flat=True)) == {"real"}


@pytest.mark.django_db
def test_it_does_not_leave_while_others_lean_on_it_or_nobody_could_sign_in(tmp_path: Path) -> None:
    load(tmp_path)
    noor = person("noor.rahimi")
    with pytest.raises(Forbidden):
        leaving.leave(person("amira.khalil"), tmp_path)
    with pytest.raises(Conflict, match="administrator"):
        leaving.leave(noor, tmp_path)
    home = create_organisation("real", "A real company")
    chief = Person.objects.create_user("chief@real.example", "Chief", home)
    RoleGrant.objects.create(person=chief, role=Role.objects.get(code="administrator"))
    with pytest.raises(Conflict, match="yourself"):
        leaving.leave(noor, tmp_path)
    number = report(noor, {"title": "Ours", "requester": "chief@real.example"})
    Record.objects.filter(number=number).update(team=Team.objects.get(code="network"))
    actor = actor_for_person(chief.pk)
    assert actor is not None
    with pytest.raises(Conflict, match=number):
        leaving.leave(actor, tmp_path)
    assert Record.objects.filter(organisation__code="gungun").exists()


def test_only_the_demonstration_may_leave_the_journal() -> None:
    source = Path(leaving.__file__).parents[2]
    naming = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if "quell.demonstration_leaves" in path.read_text(encoding="utf-8")
    }
    assert naming == {
        "project/demonstration/leaving.py",
        "kernel/journal/migrations/0004_demonstration_leaves.py",
        # What has been agreed is never changed either, but by the same leave.
        "practices/agreements/migrations/0002_never_changed.py",
    }


@pytest.mark.django_db
def test_the_desk_has_furnished_itself(tmp_path: Path) -> None:
    load(tmp_path)
    jonas, claire = person("jonas.schmidt"), person("claire.moreau")
    names = {canned.name for canned in servicedesk.canned_replies(jonas)}
    assert {"Which message do you see?", "Password set by phone"} <= names
    assert {macro.name for macro in servicedesk.macros(jonas)} >= {"Ask for a picture and wait"}
    vpn = Record.objects.get(title=VPN, organisation__code="gungun")
    spoken = servicedesk.speak(jonas, next(one.id for one in servicedesk.canned_replies(jonas)), vpn.number)
    assert not spoken.gaps
    (shown,) = (row for row in communications.showing(claire) if row["phase"] == "showing")
    assert shown["title"] == "VPN in Lyon is unstable"
    affected = communications.affected(shown["id"])
    assert affected is not None
    assert len(affected.people) == 12
    told = communications.announcements(person("amira.khalil"), communications.Asked())
    assert len(told) == 2
    for row in told:
        assert {*row["translations"], row["language"]} == {code for code, _name in settings.LANGUAGES}
    for canned in servicedesk.canned_replies(jonas):
        assert {*canned.texts} == {code for code, _name in settings.LANGUAGES}
