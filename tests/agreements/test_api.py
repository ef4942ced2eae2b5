"""Agreements and metrics for programs: one story from making one to what applies."""

from __future__ import annotations

import pytest

from quell.kernel.people.tokens import issue
from tests.api.conftest import Caller

from .conftest import target


@pytest.fixture
def call(people):
    def caller(name):
        return Caller(issue(getattr(people, name), "t")[1])

    return caller


def test_from_draft_to_choice(call, desk):
    ann = call("ann")
    made = ann.post("/agreements", {"code": "std", "name": "Standard", "kind": "sla", "organisation": "gungun"})
    assert (made.status_code, made.json()["state"], made["Location"]) == (201, "draft", made.json()["url"])
    refused = ann.patch("/agreements/std/draft", {"targets": [target(calendar="moon")]})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "targets.0.calendar"
    content = {"targets": [target(priorities=[1], goal_percent=95.5)], "valid_from": "2026-01-01"}
    content["tiers"] = [{"below": 95, "credit": 2.5, "text": "of the month"}]
    written = ann.patch("/agreements/std/draft", content)
    assert written.status_code == 200, written.content
    version = written.json()["versions"][0]
    assert version["targets"][0]["goal_percent"] == 95.5
    assert version["tiers"] == [{"below": 95.0, "credit": 2.5, "text": "of the month"}]
    assert ann.post("/agreements/std/sign", {"side": "both"}).status_code == 409
    ann.post("/agreements/std/propose")
    stale = ann.post("/agreements/std/sign", {"side": "both"}, If_Match='"1"')
    assert stale.status_code == 412
    signed = ann.post("/agreements/std/sign", {"side": "both"})
    assert signed.json()["versions"][0]["state"] == "active"
    desk.active("net", target(metric="handling"), kind="ola", team="network")
    links = ann.get("/agreements/std/versions/1/chain").json()["links"]
    assert [(one["code"], one["holds"]) for one in links] == [("fits", True)]
    assert ann.post("/agreements/std/draft").json()["writing"] == 2
    ann.patch("/agreements/std/draft", {"targets": [target(amount=60)]})
    told = ann.get("/agreements/std/differences?older=1&newer=2").json()["differences"]
    assert {"what": "Resolution", "before": "", "after": told[-1]["after"]} == told[-1]
    assert ann.get("/agreements/std/differences?older=1&newer=7").status_code == 404
    assert ann.post("/agreements/std/discard").json()["writing"] is None
    chosen = ann.get("/target-choice?metric=resolution&organisation=gungun&priority=1").json()
    assert (chosen["chosen"]["agreement"], chosen["chosen"]["reason"]) == ("std", "customer")
    ended = ann.post("/agreements/std/versions/1/terminate", {"reason": "Enough"}).json()
    assert ended["versions"][0]["ended_because"] == "Enough"


def test_lists_show_what_touches_the_reader(call, desk):
    desk.make("std")
    desk.make("net", target(metric="handling"), kind="ola", team="network")
    assert [one["code"] for one in call("jonas").get("/agreements").json()["items"]] == ["net", "std"]
    assert [one["code"] for one in call("otto").get("/agreements?kind=ola").json()["items"]] == ["net"]
    first = call("ann").get("/agreements?limit=1").json()
    assert [one["code"] for one in call("ann").get(f"/agreements?cursor={first['next_cursor']}").json()["items"]] == [
        "std"
    ]
    for name in ("claire", "stella"):
        assert call(name).get("/agreements").json()["items"] == []
        assert call(name).get("/agreements/std").status_code == 404


def test_metrics(call):
    root = call("root")
    assert {one["code"] for one in root.get("/metrics").json()["items"]} >= {"response", "resolution"}
    made = root.post("/metrics", {"code": "cb", "name": "Call back", "start": "state:new", "stop": "responded:true"})
    assert made.status_code == 201, made.content
    bad = root.patch("/metrics/cb", {"pauses": {"lunch": "colour:red"}})
    assert [one["field"] for one in bad.json()["errors"]] == ["pauses.lunch"]
    changed = root.patch("/metrics/cb", {"stop": "state:closed"}, If_Match='"1"').json()
    assert (changed["version"], [one["stop"] for one in changed["earlier"]]) == (2, ["responded:true"])
    assert call("ann").patch("/metrics/cb", {"stop": "state:new"}).status_code == 403
    assert call("claire").get("/metrics/cb").status_code == 404
