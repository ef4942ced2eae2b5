"""The pages of the workforce: one's own availability, the team, skills, rules with their trial, notifications."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from quell.kernel.journal.models import Entry
from quell.kernel.notify import jobs
from quell.kernel.notify.models import Notification, Preference
from quell.kernel.people.models import Person
from quell.practices.incidents import facade as incidents
from quell.practices.workforce import facade
from quell.practices.workforce.models import Absence, Availability, Rule

Enter = Callable[[Person], Client]


@pytest.fixture
def enter() -> Enter:
    def signed_in(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return signed_in


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def test_ones_own_week(people, enter):
    jonas = enter(people.jonas)
    assert "Rules can give you work now." in text(jonas.get("/profile/availability"))
    sent = {"taking_work": "on", "mon": "08:00-12:00, 13:00–16:00", "capacity": "9"}
    assert jonas.post("/profile/availability", sent).status_code == 302
    row = Availability.objects.get(person=people.jonas)
    assert (row.hours, row.capacity) == ({"mon": [["08:00", "12:00"], ["13:00", "16:00"]]}, 9)
    wrong = text(jonas.post("/profile/availability", {**sent, "tue": "nine to five"}), 422)
    assert "Write hours such as" in wrong
    assert "nine to five" in wrong
    assert jonas.post("/profile/availability/switch", {"taking": "0"}).status_code == 302
    assert "New work passes you by: Jonas is taking no work" in text(jonas.get("/profile/availability"))


def test_being_away_and_back(people, enter):
    jonas = enter(people.jonas)
    start = datetime.now(UTC) + timedelta(days=2)
    sent = {
        "starts_at": start.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (start + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"),
        "kind": "leave",
        "substitute": "amira@gungun.example",
        "hands_over": "work",
    }
    assert "Give a day and a time" in text(jonas.post("/profile/absences", {**sent, "ends_at": ""}), 422)
    assert "ends after it begins" in text(jonas.post("/profile/absences", {**sent, "ends_at": sent["starts_at"]}), 422)
    assert jonas.post("/profile/absences", sent).status_code == 302
    made = Absence.objects.get()
    assert "Amira stands in" in text(jonas.get("/profile/availability"))
    seen = text(enter(people.raj).get("/workforce/absences"))
    assert "Jonas" in seen
    assert "Leave" not in seen
    assert enter(people.raj).post(f"/profile/absences/{made.pk}/back").status_code == 403
    assert jonas.post(f"/profile/absences/{made.pk}/back").status_code == 302
    assert not Absence.objects.exists()
    assert "Nobody is away" in text(enter(people.raj).get("/workforce/absences"))


def test_requesters_have_no_availability(people, enter):
    claire = enter(people.claire)
    for address in ("/profile/availability", "/profile/absences", "/profile/availability/switch"):
        assert claire.post(address, {}).status_code == 404
    assert claire.get("/workforce").status_code == 302
    assert "Availability" not in text(claire.get("/profile/notifications"))


def test_the_team_and_its_skills(people, enter):
    assert "6 people can take work now." in text(enter(people.jonas).get("/workforce"))
    mia = enter(people.mia)
    assert mia.post("/workforce/skills", {"name": "VPN"}).status_code == 302
    rating = {"person": "jonas@gungun.example", "skill": "vpn", "level": "4"}
    assert mia.post("/workforce/skills", rating).status_code == 302
    assert "only Jonas" in text(mia.get("/workforce/skills"))
    seen = text(enter(people.jonas).get("/workforce/skills"))
    assert "Rate somebody" not in seen
    assert enter(people.jonas).post("/workforce/skills", rating).status_code == 403
    assert enter(people.mia).post("/workforce/skills", {**rating, "level": "eleven"}).status_code == 422


def test_a_rule_from_the_first_word_to_the_trial(people, enter):
    ann = enter(people.ann)
    assert "Write the first rule" in text(ann.get("/admin/assignment"))
    incidents.report(people.actor("claire"), {"title": "VPN drops", "category": "network"})
    form = {
        "name": "Network",
        "category": "network",
        "team": "network",
        "policy": "round_robin",
        "active": "on",
        "skill_0": "",
        "level_0": "1",
    }
    tried = text(ann.post("/admin/assignment/rule?organisation=gungun", {**form, "try": "1"}))
    assert "Tried on the latest incident" in tried
    assert "Network · Amira" in tried
    assert not Rule.objects.exists(), "a trial keeps nothing"
    refused = text(ann.post("/admin/assignment/rule?organisation=gungun", {**form, "team": "", "keep": "1"}), 422)
    assert "Say which team." in refused
    assert ann.post("/admin/assignment/rule?organisation=gungun", {**form, "keep": "1"}).status_code == 302
    second = {**form, "name": "Rest", "policy": "pull", "team": "service-desk"}
    del second["category"]
    assert ann.post("/admin/assignment/rule?organisation=gungun", {**second, "keep": "1"}).status_code == 302
    listed = text(ann.get("/admin/assignment?try=1"))
    assert "If category is Network" in listed
    assert "If always" in listed
    form_page = text(ann.get("/admin/assignment/rule?organisation=gungun&number=0"))
    ticked = re.findall(r'<input type="checkbox" name="category" value="([^"]*)"[^>]*checked', form_page)
    assert ticked == ["network"] and "<select multiple" not in form_page
    assert form_page.index('value="network"') < form_page.index('value="access"'), "what is ticked stands first"
    changed = {**form, "name": "Network and VPN", "vip": "yes"}
    assert ann.post("/admin/assignment/rule?organisation=gungun&number=0", {**changed, "keep": "1"}).status_code == 302
    assert "Network and VPN" in text(ann.get("/admin/assignment/rule?organisation=gungun&number=0"))
    for change, names in (("down", ["Rest", "Network and VPN"]), ("switch", ["Rest", "Network and VPN"])):
        ann.post("/admin/assignment/arrange?organisation=gungun&number=0", {"change": change})
        assert list(Rule.objects.values_list("name", flat=True)) == names
    assert Rule.objects.get(name="Rest").active is False
    ann.post("/admin/assignment/arrange?organisation=gungun&number=0", {"change": "remove"})
    assert Rule.objects.count() == 1
    assert ann.get("/admin/assignment/rule?organisation=gungun&number=7").status_code == 404


def test_a_stale_page_of_rules_changes_nothing(people, enter):
    ann = enter(people.ann)
    facade.put_rules(people.actor("ann"), {"organisation": "gungun", "rules": [{"name": "a", "team": "network"}]})
    facade.put_rules(people.actor("ann"), {"organisation": "gungun", "rules": [{"name": "b", "team": "network"}]})
    ann.post("/admin/assignment/arrange?organisation=gungun&number=0", {"change": "remove", "version": "2"})
    assert Rule.objects.get().name == "b"


@pytest.mark.parametrize("name", ["claire", "jonas", "stella"])
def test_rules_are_not_there_for_others(people, enter, name):
    client = enter(getattr(people, name))
    for address in ("/admin/assignment?organisation=gungun", "/admin/assignment/rule?organisation=gungun"):
        assert client.get(address).status_code == 404


def test_leads_write_rules_too(people, enter):
    assert text(enter(people.mia).get("/admin/assignment"))


def test_how_one_wants_to_hear(people, enter):
    claire = enter(people.claire)
    seen = text(claire.get("/profile/notifications"))
    assert "My own requests" in seen
    assert "Assigned to me" not in seen
    sent = {"requester": "digest", "watching": "default", "mentioned": "none", "news": "default", "digest_at": "07:30",
            "quiet_from": "22:00", "quiet_to": "06:00"}  # fmt: skip
    assert claire.post("/profile/notifications", sent).status_code == 302
    row = Preference.objects.get(person=people.claire)
    assert (row.reasons, row.digest_at) == ({"requester": "digest", "mentioned": "none"}, "07:30")
    assert (row.quiet_from, row.quiet_to) == ("22:00", "06:00")
    assert "beginning and an end" in text(claire.post("/profile/notifications", {**sent, "quiet_to": ""}), 422)
    assert "Assigned to me" in text(enter(people.jonas).get("/profile/notifications"))


def test_done_and_snoozed_in_the_inbox(people, enter):
    number = incidents.report(people.actor("claire"), {"title": "Till is dead"})
    jobs.announce(Entry.objects.get(record__number=number).pk)
    jonas = enter(people.jonas)
    assert "New in the queue" in text(jonas.get("/inbox"))
    line = Notification.objects.get(person=people.jonas)
    assert "Tomorrow morning" in text(jonas.get(f"/inbox/{line.pk}/snooze"))
    until = (datetime.now(UTC) + timedelta(hours=3)).isoformat()
    assert jonas.post(f"/inbox/{line.pk}/snooze", {"until": until}).status_code == 302
    assert "Till is dead" in text(jonas.get("/inbox?shelf=snoozed"))
    assert "Till is dead" not in text(jonas.get("/inbox"))
    assert jonas.post(f"/inbox/{line.pk}/done", {"back": "1", "shelf": "snoozed"}).status_code == 302
    assert jonas.post(f"/inbox/{line.pk}/done", {}).status_code == 302
    assert "Till is dead" in text(jonas.get("/inbox?shelf=done"))
    assert jonas.post("/inbox/read", {"done": "1"}).status_code == 302
    for verb in ("snooze", "done", "read"):
        assert enter(people.raj).post(f"/inbox/{line.pk}/{verb}", {"until": until}).status_code == 404
