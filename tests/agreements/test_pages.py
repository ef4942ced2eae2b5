"""The pages of administration: from a new agreement to one in force, what stands where, and metrics."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from quell.practices.agreements import facade
from quell.workspaces.administration.agreement_targets import Sheet, of_version, read_time, write_time

from .conftest import NOW, target

TIMES = [
    ("4", 4 * 3600), ("4h", 4 * 3600), ("4 h", 4 * 3600), ("1.5h", 5400), ("30m", 1800), ("30 min", 1800),
    ("1h 30m", 5400), ("1:30", 5400), ("", None), ("soon", None), ("-1h", None), ("4 timer", 4 * 3600),
    ("2 小时", 2 * 3600), ("0m", 0),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "seconds"), TIMES, ids=[typed or "empty" for typed, _seconds in TIMES])
def test_times_as_people_write_them(typed, seconds):
    assert read_time(typed) == seconds
    if seconds:
        assert read_time(write_time(seconds)) == seconds


@pytest.fixture
def browser(people):
    def of(name):
        client = Client()
        client.force_login(getattr(people, name))
        return client

    return of


HEAD = {"name": "Standard", "code": "std", "kind": "sla", "organisation": "gungun", "customer": "", "owner": ""}
DAYS = {"valid_from": "2026-01-01", "review_lead_days": "30"}
TABLE = {
    "p1_response": "30m", "p1_resolution": "4h", "p1_calendar": "always", "p1_goal": "95", "p2_resolution": "8h",
    "p2_calendar": "office",
}  # fmt: skip
LINE = {
    "line": "l0", "l0_metric": "update", "l0_time": "2", "l0_kind": "end_of_nth_day", "l0_calendar": "office",
    "l0_priorities": ["1", "2"], "l0_usual": "1", "l0_keep_breach": "1", "l0_warn_at": "50", "l0_on_change": "carry",
    "l0_on_reopen": "continue", "l0_breach_rule": "deadline", "l0_start_rule": "reported",
}  # fmt: skip


@time_machine.travel(NOW, tick=False)
def test_the_whole_way_by_hand(browser, desk):
    ann = browser("ann")
    made = ann.post("/admin/agreements/new", HEAD)
    assert (made.status_code, made["Location"]) == (302, "/admin/agreements/std/write")
    wrong = ann.post("/admin/agreements/std/write", {**DAYS, **TABLE, "p2_resolution": "soon", **LINE})
    assert wrong.status_code == 422
    assert '<a href="#p2">P2 – Write a time such as 4h or 30m.</a>' in wrong.content.decode()
    assert 'value="soon"' in wrong.content.decode()
    kept = ann.post("/admin/agreements/std/write", {**DAYS, **TABLE, **LINE, "below_0": "95", "credit_0": "2,5"})
    assert kept.status_code == 302, kept.context["form"].errors
    targets = {(t["metric"], tuple(t["priorities"])): t for t in desk.row()["versions"][0]["targets"]}
    assert targets["resolution", (1,)]["amount"] == 4 * 3600
    assert targets["resolution", (1,)]["pauses_on"] == ["requester", "scheduled"]
    assert (targets["response", (1,)]["amount"], str(targets["response", (1,)]["goal_percent"])) == (1800, "95.00")
    assert (targets["update", (1, 2)]["kind"], targets["update", (1, 2)]["breach_rule"]) == (
        "end_of_nth_day",
        "deadline",
    )
    again = ann.get("/admin/agreements/std/write").content.decode()
    assert 'name="p1_response" value="30m"' in again
    assert 'value="end_of_nth_day" selected' in again
    for step in ("propose", "sign"):
        ann.post(f"/admin/agreements/std/{step}", {"side": "both"})
    assert desk.states() == {1: "active"}
    shown = ann.get("/admin/agreements/std").content.decode()
    for word in ("In force", "30 min", "One person signed for both sides.", "below 95", "No team and no supplier"):
        assert word in shown, word
    ann.post("/admin/agreements/std/draft")
    compared = ann.get("/admin/agreements/std?older=1&newer=2").content.decode()
    assert "From version 1 to version 2" in compared
    facade.write(desk.actor, "std", {"apply_to_open": True})
    seen = ann.get("/admin/agreements/std?version=2&foresee=1")
    assert [one.looked_at for one in seen.context["foreseen"]] == [0]
    assert "What it would do" in seen.content.decode()
    ann.post("/admin/agreements/std/versions/1/terminate", {"reason": "Enough"})
    assert desk.states() == {1: "terminated", 2: "draft"}


@time_machine.travel(NOW, tick=False)
def test_what_the_form_shows_is_what_it_keeps(browser, desk, ann):
    """Whatever a version says goes through the form unchanged."""
    everything = [
        target(priorities=[1]),
        target(priorities=[1], metric="response", amount=1800),
        target(priorities=[2], calendar="always", goal_percent=95),
        target(priorities=[2], metric="response", amount=60),
        target(services=["mail"], kinds=["incident"], criticalities=[1, 2], warn_at=[80], on_reopen="count_through"),
        target(metric="update", pauses_on=["supplier"], keep_breach=False),
        target(metric="handling", pauses_on=[]),
    ]
    desk.make("std", *everything)
    before = desk.row()["versions"][0]["targets"]
    sheet = of_version(before, ["always", "office"])
    assert isinstance(sheet, Sheet)
    kept, _places = sheet.targets()
    facade.write(ann, "std", {"targets": kept})
    plain = [{k: v for k, v in one.items() if k != "id"} for one in desk.row()["versions"][0]["targets"]]
    assert sorted(map(str, plain)) == sorted(str({k: v for k, v in one.items() if k != "id"}) for one in before)


@time_machine.travel(NOW, tick=False)
def test_who_works_reads_and_changes_nothing(browser, desk):
    desk.active()
    for name in ("amira", "jonas"):
        client = browser(name)
        page = client.get("/admin/agreements/std")
        assert page.status_code == 200
        assert "Write the next version" not in page.content.decode()
        assert client.get("/admin/agreements").status_code == client.get("/admin/metrics/resolution").status_code == 200
        assert client.post("/admin/metrics/resolution", {}).status_code == 404
        assert client.get("/admin/agreements/std/write").status_code == 404
        asked = client.get("/admin/agreements/choice?metric=resolution&organisation=gungun&priority=2&kind=incident")
        assert "8 h · Office" in asked.content.decode()
    assert browser("stella").get("/admin/agreements/std").status_code == 404
    assert browser("claire").get("/admin/agreements").status_code == 404


def test_a_metric_is_changed_and_copied_by_hand(browser, people):
    root = browser("root")
    shown = root.get("/admin/metrics/resolution").context["form"]
    newest, *_older = facade.metric_versions(people.actor("root"), "resolution")
    said = {name: shown[name].value() or "" for name in shown.fields}
    said |= {"recurring": "", "version": str(newest["version"])}
    wrong = root.post("/admin/metrics/resolution", {**said, "pauses": "lunch = colour:red"})
    assert wrong.status_code == 422
    assert "colour" in str(wrong.context["form"].errors["pauses"])
    root.post("/admin/metrics/resolution", {**said, "stop": "state:closed", "active": "on"})
    newest, before, *_older = facade.metric_versions(people.actor("root"), "resolution")
    assert (newest["stop"], newest["pauses"]) == ("state:closed", before["pauses"])
    copied = root.get("/admin/metrics/new?copy=resolution").context["form"]
    assert copied["code"].value() == "resolution-2"
