"""How an organisation's people hear of things: set by its administrators, found by its words, beaten by one's own."""

from __future__ import annotations

import pytest

from quell.kernel.actions.directory import notices
from quell.kernel.journal.models import Entry
from quell.kernel.notify.people import hearers
from quell.kernel.testing.cast import Cast
from quell.workspaces.administration.notifications import REASONS

from .conftest import Door

pytestmark = pytest.mark.django_db
PAGE = "/admin/notifications"


def form(**chosen: str) -> dict[str, str]:
    return {**dict.fromkeys(REASONS, "default"), **chosen}


def channel(folk: Cast, name: str, reason: str) -> str:
    person = getattr(folk, name).pk
    return hearers([person])[person].wishes.channel(reason)


def test_a_choice_holds_for_all_who_have_none_of_their_own(folk: Cast, as_: Door) -> None:
    notices.change_own(folk.actor("claire"), {"reasons": {"requester": "email"}})
    answer = as_("root").post(f"{PAGE}?organisation=gungun", form(requester="digest", team="none", news="inbox"))
    assert answer.status_code == 302 and answer["Location"].endswith("?organisation=gungun")
    assert (channel(folk, "claire", "requester"), channel(folk, "paul", "requester")) == ("email", "digest")
    assert (channel(folk, "amira", "team"), channel(folk, "claire", "news")) == ("none", "inbox")
    assert channel(folk, "stella", "requester") == "email", "another company is not concerned"
    entry = Entry.objects.get(subject="notification_defaults")
    assert entry.actor == folk.root and entry.changes["reasons"][1]["requester"] == "digest"
    page = as_("root").get(f"{PAGE}?organisation=gungun").content.decode()
    assert '<option value="digest" selected>' in page and "Root" in page


def test_back_to_what_holds_above(folk: Cast, as_: Door) -> None:
    client = as_("root")
    client.post(f"{PAGE}?organisation=gungun", form(requester="none"))
    client.post(f"{PAGE}?organisation=gungun", form())
    assert channel(folk, "paul", "requester") == "email"
    assert "As above: Inbox and mail at once" in client.get(PAGE).content.decode()


def test_the_later_of_two_is_told(folk: Cast, as_: Door) -> None:
    client = as_("root")
    client.post(f"{PAGE}?organisation=gungun", form(requester="none"))
    late = client.post(f"{PAGE}?organisation=gungun", {**form(requester="digest"), "version": "1"})
    assert late.status_code == 412
    assert channel(folk, "paul", "requester") == "none"


def test_what_is_no_channel_is_refused(folk: Cast, as_: Door) -> None:
    answer = as_("root").post(f"{PAGE}?organisation=gungun", form(requester="pigeon", news="none"))
    assert answer.status_code == 422
    assert not Entry.objects.filter(subject="notification_defaults").exists()


@pytest.mark.parametrize("name", ["claire", "amira", "mia"])
def test_it_is_not_there_for_others(name: str, as_: Door) -> None:
    assert as_(name).get(PAGE).status_code == 404
    assert as_(name).post(f"{PAGE}?organisation=gungun", form(requester="none")).status_code == 404
    assert not Entry.objects.filter(subject="notification_defaults").exists()


def test_a_place_that_is_not_there(as_: Door) -> None:
    assert as_("root").get(f"{PAGE}?organisation=nowhere").status_code == 404


@pytest.mark.parametrize("words", ["daily mail", "MENTIONED", "notifications"])
def test_the_search_for_settings_leads_here(words: str, as_: Door) -> None:
    client = as_("root")
    assert (
        f'href="{PAGE}"' in client.get("/admin/settings", {"q": words}).content.decode().partition('id="settings"')[2]
    )
    assert PAGE in client.get("/palette", {"q": ":notif"}).content.decode()
    found = client.get("/admin/settings", {"q": "reopen window"}).content.decode().partition('id="settings"')[2]
    assert f'href="{PAGE}"' not in found


def test_the_instance_says_where_an_organisation_differs(folk: Cast, as_: Door) -> None:
    client = as_("root")
    assert "Its own value in" not in client.get("/admin/settings").content.decode()
    client.post("/admin/settings?organisation=gungun", {"incidents.reopen_window_days": "7"})
    page = client.get("/admin/settings").content.decode()
    assert "/admin/settings?organisation=gungun#id_incidents.reopen_window_days" in page
