"""Who writes an announcement, who reads it, and when (domain.md 4.1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quell.kernel.actions.directory import subjects
from quell.kernel.config import sql
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound, Stale, WrongState
from quell.kernel.items.models import Item
from quell.kernel.journal.models import Entry
from quell.kernel.people.tree import create_organisation
from quell.kernel.testing.cast import Cast
from quell.practices.communications import facade

from .conftest import Announce

SOON = timedelta(hours=1)


def titles(people: Cast, name: str) -> list[str]:
    return [row["title"] for row in facade.showing(people.actor(name))]


def test_everybody_of_the_organisation_reads_it_and_nobody_else(people: Cast, announce: Announce) -> None:
    announce()
    assert titles(people, "claire") == titles(people, "raj") == ["VPN is unstable"]
    assert titles(people, "sam") == titles(people, "stella") == []


@pytest.mark.parametrize("name", ["claire", "amira", "jonas", "otto", "stella", "sam"])
def test_only_leads_write(people: Cast, announce: Announce, name: str) -> None:
    with pytest.raises((Forbidden, Invalid)):
        announce(by=name, organisation="gungun")


def test_only_leads_change_publish_and_end(people: Cast, announce: Announce) -> None:
    made = announce(publish=False)
    for name in ("claire", "amira", "stella"):
        actor = people.actor(name)
        for act in (facade.publish, facade.end, lambda a, i: facade.edit(a, i, {"title": "Mine"})):
            with pytest.raises((Forbidden, NotFound)):
                act(actor, made)
    assert facade.announcement(people.actor("mia"), made)["state"] == "draft"


def test_a_draft_is_only_for_those_who_look_after_the_organisation(people: Cast, announce: Announce) -> None:
    made = announce(publish=False)
    assert titles(people, "claire") == []
    with pytest.raises(NotFound):
        facade.announcement(people.actor("claire"), made)
    assert facade.announcement(people.actor("amira"), made)["phase"] == "draft"
    facade.publish(people.actor("mia"), made)
    assert titles(people, "claire") == ["VPN is unstable"]
    with pytest.raises(WrongState):
        facade.publish(people.actor("mia"), made)


def test_it_shows_from_its_time_until_its_end(people: Cast, announce: Announce) -> None:
    now = datetime.now(UTC)
    later = announce(title="Saturday", severity="maintenance", starts_at=now + SOON, ends_at=now + 2 * SOON)
    past = announce(title="Yesterday", starts_at=now - 2 * SOON, ends_at=now - SOON)
    assert titles(people, "claire") == []
    phases = [facade.announcement(people.actor("mia"), one)["phase"] for one in (later, past)]
    assert phases == ["scheduled", "over"]
    with pytest.raises(NotFound):
        facade.announcement(people.actor("claire"), later)
    with pytest.raises(Invalid, match="end after"):
        announce(starts_at=now, ends_at=now - SOON)


def test_outages_stand_first(people: Cast, announce: Announce) -> None:
    announce(title="News", severity="information")
    announce(title="Outage")
    announce(title="Planned", severity="maintenance")
    assert titles(people, "claire") == ["Outage", "Planned", "News"]


def test_the_audience_may_be_a_branch_a_team_or_followers(people: Cast, announce: Announce) -> None:
    lyon = create_organisation("lyon", "Lyon", people.gungun)
    people.paul.organisation = lyon
    people.paul.save()
    announce(title="Lyon", audience={"organisations": ["lyon"]})
    announce(title="Network", audience={"teams": ["network"]})
    announce(title="Mail", audience={"services": ["mail"]})
    assert titles(people, "paul") == ["Lyon"]
    assert titles(people, "jonas") == ["Network"]
    assert titles(people, "claire") == []
    facade.follow(people.actor("claire"), "mail")
    assert titles(people, "claire") == ["Mail"]
    facade.unfollow(people.actor("claire"), "mail")
    assert titles(people, "claire") == []


def test_nobody_announces_into_somebody_elses_house(people: Cast, announce: Announce) -> None:
    for audience in ({"organisations": ["elsewhere"]}, {"teams": ["foreign"]}):
        with pytest.raises(Invalid):
            announce(audience=audience)
    Item.objects.create(item_class="service", code="theirs", name="Theirs", organisation=people.elsewhere)
    with pytest.raises(Invalid):
        announce(service="theirs")
    with pytest.raises(Invalid):
        facade.follow(people.actor("claire"), "theirs")


def test_the_reader_reads_their_language(people: Cast, announce: Announce) -> None:
    made = announce(language="en", translations={"da": {"title": "VPN er ustabil"}, "zh-hans": {"title": "VPN 不稳定"}})
    row = facade.announcement(people.actor("claire"), made)
    assert [facade.in_words(row, code).title for code in ("da", "en", "zh-hant", "fr")] == [
        "VPN er ustabil", "VPN is unstable", "VPN 不稳定", "VPN is unstable",
    ]  # fmt: skip
    for wrong in ({"xx": {"title": "?"}}, {"en": {"title": "Twice"}}):
        with pytest.raises(Invalid):
            facade.edit(people.actor("mia"), made, {"translations": wrong})


def test_an_edit_is_journalled_and_a_stale_one_refused(people: Cast, announce: Announce) -> None:
    made, mia = announce(), people.actor("mia")
    facade.edit(mia, made, {"title": "VPN is down", "effect": "down"}, version=1)
    with pytest.raises(Stale):
        facade.edit(mia, made, {"title": "Other"}, version=1)
    entry = Entry.objects.filter(subject="announcement", subject_id=made, verb="edit").get()
    assert entry.changes["title"] == ["VPN is unstable", "VPN is down"]
    assert subjects.version_of("announcement", made) == facade.announcement(mia, made)["version"] == 2


def test_an_edit_that_cannot_be_leaves_everything_as_it_was(people: Cast, announce: Announce) -> None:
    made, mia = announce(), people.actor("mia")
    before = facade.announcement(mia, made)
    for data in ({}, {"title": None}, {"ends_at": "2001-01-01T00:00:00Z"}, {"incident": "INC-999999"}):
        with pytest.raises(Invalid):
            facade.edit(mia, made, data)
    assert facade.announcement(mia, made) == before


def test_what_has_ended_is_gone_and_stays_as_it_was(people: Cast, announce: Announce) -> None:
    made, mia = announce(), people.actor("mia")
    facade.end(mia, made)
    assert titles(people, "claire") == []
    for act in (facade.end, facade.publish, lambda a, i: facade.edit(a, i, {"title": "Again"})):
        with pytest.raises(WrongState):
            act(mia, made)


def test_everything_but_an_outage_can_be_put_away(people: Cast, announce: Announce) -> None:
    news, outage = announce(title="News", severity="information"), announce(title="Outage")
    facade.dismiss(people.actor("claire"), news)
    with pytest.raises(WrongState):
        facade.dismiss(people.actor("claire"), outage)
    assert titles(people, "claire") == ["Outage"]
    assert titles(people, "paul") == ["Outage", "News"]


def test_the_incident_behind_it_is_named_only_to_those_who_see_it(people: Cast, announce: Announce) -> None:
    from quell.practices.incidents import facade as incidents

    number = incidents.report(people.actor("paul"), {"title": "VPN drops"})
    made = announce(incident=number)
    assert facade.announcement(people.actor("amira"), made)["incident"] == number
    assert facade.announcement(people.actor("claire"), made)["incident"] is None


def test_what_shows_costs_the_same_for_one_and_for_twenty(
    people: Cast, announce: Announce, monkeypatch: pytest.MonkeyPatch
) -> None:
    claire, asked, run = people.actor("claire"), [], sql._run
    monkeypatch.setattr(sql, "_run", lambda statement, *rest: (asked.append(statement), run(statement, *rest))[1])
    for more in (1, 20):
        for _one in range(more):
            announce()
        asked.clear()
        assert facade.showing(claire)
        assert len(asked) == 2
