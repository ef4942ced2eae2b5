"""What a choice reads: the book of promises, its revision, which target applies and why, and chains."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import translation

from quell.engines.target_chain import FITS, GAP, NEVER_DONE, TOO_LONG
from quell.engines.targets import RANKS, Because, Case
from quell.kernel.config.refusal import Conflict, Forbidden, Invalid, NotFound
from quell.kernel.items.models import Item
from quell.practices.agreements import facade
from quell.practices.agreements.actions import announcing
from quell.practices.agreements.queries import book as promises
from quell.practices.agreements.queries import chain, explaining
from quell.practices.agreements.rules.routes import Behind, routes

from .conftest import NOW, target

pytestmark = pytest.mark.django_db


@time_machine.travel(NOW, tick=False)
def test_the_book_says_what_was_agreed(desk, people):
    given = target(
        priorities=[2, 1], kinds=["incident"], criticalities=[1], on_change="restart", on_reopen="new_instance",
        breach_rule="deadline", keep_breach=False, warn_at=[80], goal_percent="97.5", start_rule="detected",
        pauses_on=["supplier"],
    )  # fmt: skip
    desk.active("std", given, target(metric="update"))
    one, other = facade.book().promised
    assert one.promise.key == str(one.target_id)
    assert (one.promise.metric, one.promise.scope.customer) == ("resolution", str(people.gungun.pk))
    assert one.promise.scope.priorities == {1, 2}
    assert (one.terms.agreement, one.terms.version, one.terms.calendar) == ("std", 1, "office")
    assert (one.terms.target.amount, one.terms.pauses_on, one.terms.warn_at) == (8 * 3600, {"supplier"}, (80,))
    assert (one.terms.on_change, one.terms.keep_breach, one.terms.breach_rule) == ("restart", False, "deadline")
    assert (one.goal_percent, one.start_rule, one.kind) == (Decimal("97.5"), "detected", "sla")
    assert other.terms.pauses_on == {"requester"}, "what is usual for the metric"
    assert facade.promised(one.target_id) == one
    assert facade.promised(0) is None


@time_machine.travel(NOW, tick=False)
def test_holders_and_services(desk, people):
    erp = Item.objects.create(item_class="service", code="erp", name="ERP", organisation=people.gungun)
    desk.active("net", target(metric="handling"), kind="ola", team="network")
    desk.active("isp", target(metric="supplier"), kind="uc", supplier="Nordic Fibre")
    desk.make("svc")
    facade.write(desk.actor, "svc", {"services": ["mail", "erp"], "targets": [target(), target(services=["erp"])]})
    desk.sign("svc")
    by_code = {}
    for one in facade.book().promised:
        by_code.setdefault(one.terms.agreement, []).append(one)
    assert [one.promise.scope.holder for one in by_code["net"]] == [str(people.network.pk)]
    assert (by_code["isp"][0].supplier, by_code["isp"][0].promise.scope.holder) == ("Nordic Fibre", "")
    services = [one.promise.scope.service for one in by_code["svc"]]
    assert sorted(services) == sorted([str(erp.pk), str(people.mail.pk), str(erp.pk)])
    with pytest.raises(Invalid):
        desk.next("svc", services=["mail"], targets=[target(services=["erp"])])


@time_machine.travel(NOW, tick=False)
def test_the_revision_grows_with_all_that_matters_and_with_nothing_else(desk, ann, root):
    seen = [facade.revision()]

    def grew(act):
        act()
        seen.append(facade.revision())
        return seen[-1] > seen[-2]

    assert not grew(lambda: desk.make())
    assert grew(lambda: desk.sign())
    assert grew(lambda: facade.edit(ann, "std", {"name": "Standard"}))
    assert not grew(lambda: desk.next(valid_from="2027-01-01"))
    assert grew(lambda: desk.sign())
    assert grew(lambda: facade.terminate(ann, "std", 2, {"reason": "no"}))
    assert grew(lambda: facade.change_metric(root, "response", {"name": "Answer"}))
    assert not grew(lambda: facade.change_metric(root, "response", {"name": "Answer"}))


@time_machine.travel(NOW, tick=False)
def test_the_book_is_read_once_a_revision(desk, monkeypatch):
    desk.active()
    whole = facade.book()
    with monkeypatch.context() as asked:
        asked.setattr(promises.sql, "dicts", None)
        assert facade.book() is whole
        asked.setattr(promises.sql, "row", None)
        assert facade.book(whole.revision) is whole
    desk.active("other")
    assert {one.terms.agreement for one in facade.book().promised} == {"std", "other"}


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_it_at_once_and_never_what_was_taken_back(desk, root):
    """A number that was rolled back is never given again: what was kept under it is never found."""
    from django.db import transaction

    with pytest.raises(RuntimeError), transaction.atomic():
        desk.active("gone")
        assert facade.book().promised
        raise RuntimeError
    facade.change_metric(root, "response", {"name": "Answer"})
    assert facade.book().promised == ()
    assert facade.book().metrics["response"].name == "Answer"


@time_machine.travel(NOW, tick=False)
def test_ended_and_coming_ones_are_in_the_book_with_their_times(desk, ann):
    desk.active()
    desk.next(valid_from="2027-01-01")
    desk.sign()
    edges = [(one.promise.since, one.promise.until) for one in facade.book().promised]
    assert edges == [
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)), (datetime(2027, 1, 1, tzinfo=UTC), None),
    ]  # fmt: skip


def test_every_reason_and_finding_has_its_words():
    for language in ("en", "da", "zh-hans"):
        with translation.override(language):
            assert set(explaining.sentences()) == set(explaining.REASONS)
            assert set(chain.sentences()) == set(chain.CODES)
    assert set(RANKS) <= set(explaining.REASONS)
    said = {"wanted": "1", "since": NOW.isoformat(), "until": NOW.isoformat(), "rank": "service", "behind": "record",
            "service": "1", "customer": "2", "holder": "3"}  # fmt: skip
    for code in explaining.REASONS:
        assert explaining.because(Because(code, said), {"service:1": "Mail", "customer:2": "Gungun"})


@time_machine.travel(NOW, tick=False)
def test_why_this_target(desk, ann, people):
    desk.active("std", target(priorities=[1], amount=4 * 3600), target(amount=8 * 3600))
    desk.make("gold", target(amount=3600))
    facade.write(ann, "gold", {"services": ["mail"]})
    desk.sign("gold")
    asked = {"metric": "resolution", "organisation": "gungun", "priority": 1}
    choice = facade.try_case(ann, asked)
    assert (choice.chosen.agreement, choice.chosen.label) == ("std", "4 h · Office")
    assert "Gungun Trading" in choice.sentence
    assert {(one.agreement, one.reason) for one in choice.passed_over} == {
        ("std", "says_less"),
        ("gold", "other_service"),
    }
    choice = facade.try_case(ann, {**asked, "service": "mail"})
    assert choice.chosen.agreement == "gold"
    assert {one.reason for one in choice.passed_over} == {"less_specific"}
    assert facade.try_case(ann, {**asked, "metric": "response"}).chosen is None
    with pytest.raises(Invalid):
        facade.try_case(ann, {**asked, "metric": "speed"})
    with pytest.raises(Invalid):
        facade.try_case(people.actor("stella"), asked)


@time_machine.travel(NOW, tick=False)
def test_promises_of_one_house_are_nothing_to_another(desk, people):
    desk.active()
    case = Case(customers=(str(people.elsewhere.pk),), priority=1, kind="incident")
    assert facade.choose(facade.book(), "resolution", case, NOW).chosen is None


def behind(code, kind, hours):
    return Behind(code, kind, code, None if hours is None else timedelta(hours=hours), "office")


ROUTES = [
    ("nobody", [], [], []),
    ("teams_then_longest", [("a", "ola", 1), ("b", "ola", 2), ("x", "uc", 3), ("y", "uc", 9)], [], [["a", "b", "y"]]),
    ("days_are_longer", [("x", "uc", 3), ("y", "uc", None)], [], [["y"]]),
    ("as_given", [("a", "ola", 1), ("x", "uc", 3)], [["x", "a"], ["a"]], [["x", "a"], ["a"]]),
    ("given_and_unknown", [("a", "ola", 1)], [["a", "gone"]], [["a", "gone"]]),
]


@pytest.mark.parametrize(("found", "given", "ways"), [one[1:] for one in ROUTES], ids=[one[0] for one in ROUTES])
def test_routes(found, given, ways):
    made = routes([behind(*one) for one in found], given)
    assert [[step.code for step in way] for way in made] == ways


@time_machine.travel(NOW, tick=False)
def test_the_chain_warns_and_does_not_refuse(desk, ann):
    """Two teams of four open hours each fit into eight; a supplier of a day in the same calendar does not."""
    for team in ("network", "applications"):
        desk.active(team, target(metric="handling", amount=4 * 3600), kind="ola", team=team)
    desk.active("std", target(priorities=[1]))
    assert [(link.code, link.holds) for link in facade.chain_check(ann, "std", 1)] == [(FITS, True)]
    desk.active("isp", target(metric="supplier", amount=8 * 3600), kind="uc", supplier="Nordic Fibre")
    (link,) = facade.chain_check(ann, "std", 1)
    assert link.code == TOO_LONG
    assert [leg.holder for leg in link.legs] == ["Applications", "Network", "Nordic Fibre"]
    assert "16 h" in link.sentence
    assert facade.warnings(ann, "std", 1) == [f"Resolution P1: {link.sentence}"]
    desk.next(routes=[["network"], ["network", "isp"]])
    found = {tuple(leg.agreement for leg in link.legs): link.code for link in facade.chain_check(ann, "std", 2)}
    assert found == {("network",): FITS, ("network", "isp"): TOO_LONG}
    desk.sign()
    assert desk.states()[2] == "active"


@time_machine.travel(NOW, tick=False)
def test_what_cannot_be_checked_is_said(desk, ann):
    desk.active("std", target(priorities=[1]), target(priorities=[2], kind="end_of_nth_day", amount=2))
    codes = [(link.code, link.holds) for link in facade.chain_check(ann, "std", 1)]
    assert codes == [("nobody", None), ("in_days", None)]
    desk.active("net", target(metric="handling", priorities=[2]), kind="ola", team="network")
    desk.next(routes=[["net"]], targets=[target(priorities=[1])])
    (link,) = facade.chain_check(ann, "std", 2)
    assert (link.code, link.holds) == (GAP, False)
    assert NEVER_DONE in chain.CODES
    with pytest.raises(NotFound):
        facade.chain_check(ann, "std", 9)


@time_machine.travel(NOW, tick=False)
def test_who_follows_is_asked_what_a_draft_would_do(desk, ann, monkeypatch):
    monkeypatch.setattr(announcing, "_seers", [])
    facade.foresee(lambda prospect, actor: (prospect, actor))
    desk.active()
    with pytest.raises(Conflict):
        facade.prospect(ann, "std")
    desk.next(targets=[target(amount=3600)])
    ((prospect, actor),) = facade.prospect(ann, "std")
    assert [one.terms.target.amount for one in prospect.before.promised] == [8 * 3600]
    assert [(one.terms.target.amount, one.promise.since) for one in prospect.after.promised] == [(3600, NOW)]
    assert actor is ann


METRIC = {"code": "callback", "name": "Call back", "start": "state:new", "stop": "said:reply_by_desk"}
BAD = [
    ("unreadable", {"start": "state:"}, "start", "At character"),
    ("no_such_field", {"stop": "colour:red"}, "stop", "colour"),
    ("words", {"cancel": "gone"}, "cancel", "gone"),
    ("unknown_team", {"start": "team:moon"}, "start", "moon"),
    ("pause", {"pauses": {"lunch": "state:("}}, "pauses.lunch", "At character"),
    ("empty_pause", {"pauses": {"lunch": ""}}, "pauses.lunch", "needed"),
]


@pytest.mark.parametrize(("wrong", "field", "word"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
def test_a_condition_that_cannot_be_read_says_where(root, wrong, field, word):
    with pytest.raises(Invalid) as refused:
        facade.create_metric(root, {**METRIC, **wrong})
    assert [error.field for error in refused.value.errors] == [field]
    assert word in refused.value.errors[0].message


def test_a_metric_of_ones_own(root, ann, people):
    with pytest.raises(Forbidden):
        facade.create_metric(ann, METRIC)
    facade.create_metric(root, METRIC)
    with pytest.raises(Conflict):
        facade.create_metric(root, METRIC)
    assert facade.change_metric(root, "callback", {"active": False}, version=1) == 2
    assert [(m["version"], m["active"]) for m in facade.metric_versions(ann, "callback")] == [(2, False), (1, True)]
    assert facade.metrics(people.actor("claire")) == []
    assert promises.metric(facade.book().metrics["callback"].id).active is False
