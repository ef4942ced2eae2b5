"""The life of an agreement: written, signed by both, in force, replaced, over; and what is refused on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, IntegrityError, transaction

from quell.kernel.config.refusal import Conflict, Forbidden, Invalid, NotFound, Stale, WrongState
from quell.kernel.journal.models import Entry
from quell.kernel.people.models import Person
from quell.practices.agreements import facade, jobs
from quell.practices.agreements.actions import announcing
from quell.practices.agreements.models import Agreement, Metric, Signature, Target, Version
from quell.practices.agreements.rules import days, lifecycle
from quell.practices.agreements.rules.lifecycle import AGREEMENT

from .conftest import NOW, target

BEGAN, REVIEWED, OVER = NOW - timedelta(days=10), NOW - timedelta(days=1), NOW
LATER = NOW + timedelta(days=1)

DUE = [
    ("waits", ("agreed", LATER, None, None), None),
    ("begins", ("agreed", NOW, None, None), "activate"),
    ("long_over", ("agreed", BEGAN, REVIEWED, None), "activate"),
    ("holds", ("active", BEGAN, None, LATER), None),
    ("review", ("active", BEGAN, None, REVIEWED), "review"),
    ("reviewed_once", ("under_review", BEGAN, None, REVIEWED), None),
    ("over", ("active", BEGAN, OVER, REVIEWED), "expire"),
    ("over_in_review", ("under_review", BEGAN, OVER, None), "expire"),
    ("followed", ("under_review", BEGAN, OVER, None, True), "renew"),
    ("ended", ("terminated", BEGAN, OVER, REVIEWED), None),
]


@pytest.mark.parametrize(("held", "verb"), [one[1:] for one in DUE], ids=[one[0] for one in DUE])
def test_what_is_due(held, verb):
    assert days.due(days.Held(*held), NOW) == verb
    assert verb is None or AGREEMENT.allows(held[0], verb)


def test_nothing_settled_goes_back():
    """Once agreed there is no way to a state that can be written in."""
    for source, _verb, after in AGREEMENT.edges():
        assert source in lifecycle.OPEN or after not in lifecycle.OPEN


@time_machine.travel(NOW, tick=False)
def test_two_signatures_make_it_hold(desk, ann):
    desk.make(owner=ann.email)
    facade.propose(ann, "std")
    facade.sign(ann, "std", {"side": "provider"})
    assert desk.states() == {1: "negotiation"}
    facade.sign(ann, "std", {"side": "customer", "name": "Karen Holm", "reference": "contract 7"})
    version = desk.row()["versions"][0]
    assert (version["state"], version["in_force_from"], version["in_force_until"]) == (
        "active", datetime(2026, 1, 1, tzinfo=UTC), None,
    )  # fmt: skip
    signed = {one["side"]: (one["name"], one["recorded"], one["reference"]) for one in version["signatures"]}
    assert signed == {"provider": ("Ann", False, ""), "customer": ("Karen Holm", True, "contract 7")}
    verbs = list(Entry.objects.filter(subject="agreement").order_by("id").values_list("verb", flat=True))
    assert verbs == ["create", "write", "propose", "sign", "sign", "agree", "activate"]


@time_machine.travel(NOW, tick=False)
def test_one_person_for_both_is_said(desk):
    desk.active()
    assert Entry.objects.get(subject="agreement", verb="sign").data["one_person"] is True


@time_machine.travel(NOW, tick=False)
def test_the_next_version_takes_over_on_its_day(desk, monkeypatch):
    told = []
    monkeypatch.setattr(announcing, "_listeners", [])
    desk.active()
    facade.when_activated(told.append)
    desk.next(valid_from="2026-12-01", apply_to_open=True)
    desk.sign()
    assert desk.states() == {1: "active", 2: "agreed"}
    first, second = (desk.row()["versions"][n] for n in (1, 0))
    assert first["in_force_until"] == second["in_force_from"] == days.midnight(date(2026, 12, 1), UTC)
    assert told == []
    jobs.turn_all(datetime(2026, 12, 1, 0, 4, tzinfo=UTC))
    assert desk.states() == {1: "renewed", 2: "active"}
    assert [(one.version_id, one.apply_to_open, one.actor.is_house) for one in told] == [(second["id"], True, True)]


@time_machine.travel(NOW, tick=False)
def test_what_holds_is_never_shortened_backwards(desk):
    """A version that names an earlier day holds from the signature on: what was promised until then was promised."""
    desk.active()
    desk.next(valid_from="2026-06-01")
    desk.sign()
    assert desk.states() == {1: "renewed", 2: "active"}
    assert [one["in_force_from"] for one in desk.row()["versions"]] == [NOW, datetime(2026, 1, 1, tzinfo=UTC)]


@time_machine.travel(NOW, tick=False)
def test_review_and_expiry_come_by_themselves_and_the_owner_hears(desk, ann):
    desk.make(owner=ann.email)
    facade.write(ann, "std", {"review_on": "2026-12-31", "review_lead_days": 30, "valid_until": "2027-01-31"})
    desk.sign()
    jobs.turn_all(datetime(2026, 11, 30, 23, 59, tzinfo=UTC))
    assert desk.states() == {1: "active"}
    jobs.turn_all(datetime(2026, 12, 1, tzinfo=UTC))
    jobs.turn_all(datetime(2026, 12, 2, tzinfo=UTC))
    assert desk.states() == {1: "under_review"}
    jobs.turn_all(datetime(2027, 2, 1, tzinfo=UTC))
    assert desk.states() == {1: "expired"}
    Person.objects.filter(pk=ann.person_id).update(email="ann@gungun.dk")
    jobs.tell_owner(desk.row()["id"], 1, "review")
    assert "std sla" in mail.outbox[0].subject
    assert mail.outbox[0].to == ["ann@gungun.dk"]
    assert "/admin/agreements/std" in mail.outbox[0].body


@time_machine.travel(NOW, tick=False)
def test_ending_before_its_time(desk, ann):
    desk.active()
    desk.next(valid_from="2026-12-01")
    desk.sign()
    facade.terminate(ann, "std", 2, {"reason": "Signed by mistake"})
    assert [one["in_force_until"] for one in desk.row()["versions"]] == [days.midnight(date(2026, 12, 1), UTC), None]
    facade.terminate(ann, "std", 1, {"reason": "The customer left"})
    version = desk.row()["versions"][1]
    assert (version["state"], version["in_force_until"], version["ended_because"]) == (
        "terminated", NOW, "The customer left",
    )  # fmt: skip
    with pytest.raises(WrongState):
        facade.terminate(ann, "std", 1, {"reason": "again"})
    # And it can begin anew after that, without covering the days that are over.
    desk.next(valid_from="2026-02-01")
    desk.sign()
    assert desk.row()["versions"][0]["in_force_from"] == NOW


@time_machine.travel(NOW, tick=False)
def test_what_was_agreed_cannot_be_changed_by_anybody(desk):
    """Neither through a verb nor past all verbs: the database refuses."""
    desk.active()
    version = Version.objects.get()
    attempts = [
        lambda: Version.objects.update(summary="other"),
        lambda: Version.objects.update(state="draft"),
        lambda: Version.objects.filter(pk=version.pk)._raw_delete("default"),
        lambda: Target.objects.update(amount=60),
        lambda: Target.objects.all()._raw_delete("default"),
        lambda: Target.objects.create(
            version=version, position=9, metric=Metric.objects.first(), target_kind="duration", amount=60,
            calendar="office", on_change="carry", on_reopen="continue", breach_rule="elapsed",
        ),
        lambda: Signature.objects.update(name="Somebody else"),
        lambda: Metric.objects.update(start="state:new"),
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(DatabaseError, match=r"never changed|next version"), transaction.atomic():
            attempt()
    with pytest.raises(Conflict):
        facade.write(desk.actor, "std", {"summary": "other"})


@time_machine.travel(NOW, tick=False)
def test_two_versions_never_hold_at_once(desk):
    """The last guard, whatever a verb may get wrong."""
    desk.active()
    desk.next(valid_from="2026-12-01")
    desk.sign()
    with pytest.raises(IntegrityError, match="agreements_version_alone"), transaction.atomic():
        Version.objects.filter(number=2).update(in_force_from=NOW)


@time_machine.travel(NOW, tick=False)
def test_changing_what_one_side_has_signed_takes_the_signature_back(desk, ann):
    desk.make()
    facade.propose(ann, "std")
    facade.sign(ann, "std", {"side": "customer"})
    facade.write(ann, "std", {"summary": "With a comma more"})
    assert desk.row()["versions"][0]["signatures"] == []
    facade.sign(ann, "std", {"side": "customer"})
    facade.revise(ann, "std")
    assert desk.states() == {1: "draft"}
    assert not Signature.objects.exists()


@time_machine.travel(NOW, tick=False)
def test_what_is_measured_stays_as_it_was_signed(desk, root):
    desk.active()
    before = facade.book().metrics["resolution"].version
    assert facade.change_metric(root, "resolution", {"stop": "state:closed"}) == before + 1
    promised = facade.book().promised[0]
    assert facade.metric(promised.metric_id).version == before
    assert facade.book().metrics["resolution"].stop == "state:closed"
    desk.next(summary="again")
    desk.sign()
    promised = next(one for one in facade.book().promised if one.terms.version == 2)
    assert facade.metric(promised.metric_id).version == before + 1


REFUSED = [
    ("nothing_promised", {"targets": []}, "targets", "promises nothing"),
    ("ends_before", {"valid_until": "2025-12-31"}, "valid_until", "end before"),
    ("review_before", {"review_on": "2025-12-31"}, "review_on", "before it begins"),
    ("no_time", {"targets": [target(amount=0)]}, "targets.0.amount", "above zero"),
    ("too_long", {"targets": [target(amount=6 * 366 * 86400)]}, "targets.0.amount", "2,196 days are more than"),
    ("too_many_days", {"targets": [target(amount=2000, kind="end_of_nth_day")]}, "targets.0.amount", "2,000 days are"),
    ("no_metric", {"targets": [target(metric="speed")]}, "targets.0.metric", "no metric “speed”"),
    ("no_calendar", {"targets": [target(calendar="moon")]}, "targets.0.calendar", "no calendar “moon”"),
    ("no_service", {"targets": [target(services=["telex"])]}, "targets.0.services", "telex"),
    ("no_covered", {"services": ["telex"]}, "services", "telex"),
    ("no_route", {"routes": [["nobody"]]}, "routes", "nobody"),
    ("warnings", {"targets": [target(warn_at=[90, 50])]}, "targets.0.warn_at", "rising percentages"),
    ("over_already", {"valid_from": "2026-10-01", "valid_until": "2026-10-31"}, "valid_until", "over before"),
]


@pytest.mark.parametrize(("content", "field", "word"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
@time_machine.travel(NOW, tick=False)
def test_refusals_name_the_field_and_say_why(desk, ann, content, field, word):
    desk.active("first")
    desk.make()
    if field == "valid_until" and word == "over before":
        desk.sign()
        facade.draft(ann, "std")
    with pytest.raises(Invalid) as refused:
        facade.write(ann, "std", content)
        desk.sign()
    assert [error.field for error in refused.value.errors] == [field]
    assert word in refused.value.errors[0].message


@time_machine.travel(NOW, tick=False)
def test_who_may_write_and_sign(desk, people, ann, manager):
    desk.make(customer="gungun")
    facade.write(manager, "std", {"summary": "as the service manager"})
    facade.propose(manager, "std")
    for name, refusal in (("amira", Forbidden), ("mia", Forbidden), ("claire", NotFound), ("stella", NotFound)):
        with pytest.raises(refusal):
            facade.write(people.actor(name), "std", {"summary": "no"})
        with pytest.raises(refusal):
            facade.sign(people.actor(name), "std", {"side": "customer"})
    assert facade.agreement(people.actor("amira"), "std")["code"] == "std"
    with pytest.raises(NotFound):
        facade.agreement(people.actor("claire"), "std")
    with pytest.raises(Forbidden):
        facade.change_metric(ann, "resolution", {"stop": "state:closed"})
    with pytest.raises(Stale):
        facade.write(ann, "std", {"summary": "late"}, version=1)


@time_machine.travel(NOW, tick=False)
def test_a_customer_of_another_house_signs_for_itself(desk, people, root):
    """Ann keeps the agreement and does not sign for a customer she does not look after; she may record a paper."""
    facade.create(root, {"code": "ext", "name": "x", "kind": "sla", "organisation": "gungun", "customer": "elsewhere"})
    facade.write(root, "ext", {"targets": [target()], "valid_from": "2026-01-01"})
    facade.propose(root, "ext")
    with pytest.raises(Forbidden, match="Write down who has signed"):
        facade.sign(desk.actor, "ext", {"side": "customer"})
    facade.sign(desk.actor, "ext", {"side": "customer", "name": "Stella Blume"})
    facade.sign(desk.actor, "ext", {"side": "provider"})
    assert facade.agreement(people.actor("stella"), "ext")["state"] == "active"


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("ola", {}, "team"),
        ("uc", {}, "supplier"),
        ("sla", {"team": "network"}, "team"),
        ("ola", {"supplier": "x"}, None),
    ],
    ids=["ola_without_team", "uc_without_supplier", "sla_with_team", "ola_with_supplier"],
)
def test_each_kind_has_its_other_side(desk, kind, more, field):
    with pytest.raises(Invalid) as refused:
        desk.make("odd", kind=kind, **more)
    assert field is None or refused.value.errors[0].field == field
    assert not Agreement.objects.filter(code="odd").exists()


@time_machine.travel(NOW, tick=False)
def test_a_draft_is_thrown_away_with_its_words_kept(desk, ann):
    desk.active()
    desk.next(summary="A bold idea")
    facade.discard(ann, "std")
    assert desk.states() == {1: "active"}
    assert Entry.objects.get(verb="discard").data["version"]["summary"] == "A bold idea"


@time_machine.travel(NOW, tick=False)
def test_differences_are_told_target_by_target(desk, ann):
    desk.active("std", target(priorities=[1]), target(priorities=[2], amount=3600))
    desk.next(targets=[target(priorities=[1], amount=4 * 3600), target(metric="response", amount=1800)])
    told = {one.what: (one.before, one.after) for one in facade.differences(desk.row(), 1, 2)}
    assert told["Resolution · P1"][0].startswith("8 h")
    assert told["Resolution · P1"][1].startswith("4 h")
    assert told["Resolution · P2"][1] == told["First response"][0] == ""
    assert "Holds from" in told
