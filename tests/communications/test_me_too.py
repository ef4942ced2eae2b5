"""“Me too”: counted once, told of every update, and the incident behind it learns of it."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from quell.journeys.metoo_to_incident import metoo_to_incident
from quell.kernel.actions.listening import Heard, hear
from quell.kernel.config.refusal import Forbidden, NotFound, WrongState
from quell.kernel.journal.models import Entry
from quell.kernel.testing.cast import Cast
from quell.practices.communications import facade, jobs
from quell.practices.incidents import facade as incidents

from .conftest import Announce


def said(announcement: int) -> list[int]:
    """Ids of the lines of history that say “me too”."""
    lines = Entry.objects.filter(subject="announcement", subject_id=announcement, verb="me_too")
    return list(lines.order_by("id").values_list("id", flat=True))


def test_it_counts_each_person_once(people: Cast, announce: Announce) -> None:
    made = announce()
    for name in ("claire", "claire", "paul"):
        facade.me_too(people.actor(name), made)
    row = facade.announcement(people.actor("claire"), made)
    assert (row["me_too_count"], row["me_too"]) == (2, True)
    facade.not_me(people.actor("claire"), made)
    row = facade.announcement(people.actor("claire"), made)
    assert (row["me_too_count"], row["me_too"]) == (1, False)


def test_only_its_readers_say_it_and_only_while_it_shows(people: Cast, announce: Announce) -> None:
    made = announce()
    with pytest.raises(NotFound):
        facade.me_too(people.actor("sam"), made)
    with pytest.raises(WrongState):
        facade.me_too(people.actor("claire"), announce(severity="information"))
    facade.me_too(people.actor("claire"), made)
    facade.end(people.actor("mia"), made)
    with pytest.raises(NotFound):
        facade.me_too(people.actor("paul"), made)
    with pytest.raises(WrongState):
        facade.me_too(people.actor("amira"), made)
    assert facade.announcement(people.actor("claire"), made)["phase"] == "over"


def test_updates_are_mailed_to_them_once(people: Cast, announce: Announce) -> None:
    made, mia = announce(translations={"da": {"title": "VPN er ustabil"}}, language="en"), people.actor("mia")
    people.claire.language, people.claire.email = "da", "claire@gungun.dk"  # where mail can go
    people.claire.save()
    facade.me_too(people.actor("claire"), made)
    jobs.mail(made, people.claire.pk)
    assert mail.outbox == []
    facade.edit(mia, made, {"text": "We found it.", "translations": {"da": {"title": "VPN", "text": "Fundet."}}})
    for _twice in range(2):
        jobs.mail(made, people.claire.pk)
    assert [message.to for message in mail.outbox] == [["claire@gungun.dk"]]
    assert mail.outbox[0].subject == "VPN" and "Fundet." in mail.outbox[0].body
    jobs.mail(made, people.paul.pk)
    assert len(mail.outbox) == 1


def test_news_counts_until_it_is_read(people: Cast, announce: Announce) -> None:
    made, claire = announce(), people.actor("claire")
    facade.me_too(claire, made)
    assert facade.unseen(people.claire.pk) == 0
    facade.edit(people.actor("mia"), made, {"text": "Half of it works."})
    assert facade.unseen(people.claire.pk) == 1
    assert [(one.title, one.fresh) for one in facade.joined(claire)] == [("VPN is unstable", True)]
    facade.mark_seen(people.claire.pk, made)
    assert facade.unseen(people.claire.pk) == 0
    facade.edit(people.actor("mia"), made, {"audience": {"teams": ["network"]}})
    assert facade.unseen(people.claire.pk) == 0


def test_the_incident_gains_followers_and_its_count_rises(people: Cast, announce: Announce) -> None:
    number = incidents.report(people.actor("raj"), {"title": "VPN drops"})
    made = announce(incident=number)
    for name in ("claire", "paul"):
        facade.me_too(people.actor(name), made)
    amira = people.actor("amira")
    before = incidents.ticket(amira, number)["version"]
    for entry in [*said(made), *said(made)]:
        hear("metoo_to_incident", entry)
    row = incidents.ticket(amira, number)
    assert (row["affected_users"], row["version"]) == (2, before + 1)
    assert [name for _id, name, _email in incidents.followers(row)] == ["Claire", "Paul"]
    assert incidents.ticket(people.actor("claire"), number)["title"] == "VPN drops"


def test_strangers_to_the_incidents_organisation_are_counted_but_do_not_read_it(
    people: Cast, announce: Announce
) -> None:
    number = incidents.report(people.actor("raj"), {"title": "VPN drops"})
    made = announce(by="root", incident=number, audience={"organisations": ["gungun", "elsewhere"]})
    for name in ("claire", "paul", "sam"):
        facade.me_too(people.actor(name), made)
    for entry in said(made):
        hear("metoo_to_incident", entry)
    row = incidents.ticket(people.actor("amira"), number)
    assert row["affected_users"] == 3
    assert "Sam" not in [name for _id, name, _email in incidents.followers(row)]
    with pytest.raises(NotFound):
        incidents.ticket(people.actor("sam"), number)


def test_a_closed_incident_and_a_plain_announcement_are_left_alone(people: Cast, announce: Announce) -> None:
    number = incidents.report(people.actor("raj"), {"title": "VPN drops"})
    incidents.act(people.actor("raj"), "cancel", number, {"reason": "Mistake"})
    for made in (announce(incident=number), announce()):
        facade.me_too(people.actor("claire"), made)
        for entry in said(made):
            hear("metoo_to_incident", entry)
    assert incidents.ticket(people.actor("amira"), number)["affected_users"] == 1
    nothing = Heard("x", 0, 0, "", "announcement", 0, "me_too", None, "", None, {}, {}, None, "")  # type: ignore[arg-type]
    metoo_to_incident(nothing)


@pytest.mark.parametrize("name", ["claire", "amira", "mia", "root", "sam"])
def test_nobody_counts_people_in_by_hand(people: Cast, name: str) -> None:
    number = incidents.report(people.actor("claire"), {"title": "VPN drops"})
    choices = [one for one in incidents.verbs(people.actor("claire"), number) if one.verb == "count_in"]
    assert [one.allowed for one in choices] == [False]
    with pytest.raises((Forbidden, NotFound)):
        incidents.act(people.actor(name), "count_in", number, {"people": [], "affected_users": 9})


def test_agents_read_of_it_in_the_history(people: Cast, announce: Announce, client: Client) -> None:
    number = incidents.report(people.actor("raj"), {"title": "VPN drops"})
    made = announce(incident=number)
    for name in ("claire", "paul"):
        facade.me_too(people.actor(name), made)
    hear("metoo_to_incident", said(made)[0])
    client.force_login(people.amira)
    page = client.get(f"/incidents/{number}?tab=history").content.decode()
    assert "2 people said “me too” and follow it" in page and "count_in" not in page
