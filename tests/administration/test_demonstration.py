"""The demonstration company: a believable past, the same from the same seed; twice is once; it leaves no trace."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from quell.kernel.access.actor import Actor, actor_for_person
from quell.kernel.config.refusal import Conflict
from quell.kernel.people.models import Person
from quell.kernel.people.tree import create_organisation
from quell.kernel.records.models import Record
from quell.project.demonstration import leaving, loading
from quell.project.demonstration.accounts import FILE
from quell.project.demonstration.colleagues import colleagues
from quell.project.demonstration.company import ACCOUNTS
from quell.project.demonstration.ninety_days import plan
from quell.project.demonstration.scenes import scenes
from quell.project.demonstration.stories import STORIES

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
