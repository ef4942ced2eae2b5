"""Merging and splitting: what is seen by whom, what moves, and that undoing gives everything back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quell.kernel.actions.run import run
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound, Refusal, WrongState
from quell.kernel.files import store
from quell.kernel.journal.models import Entry
from quell.kernel.notify.announce import announce_entry
from quell.kernel.notify.models import Notification
from quell.kernel.records.attachments import readable
from quell.kernel.records.models import Attachment, Link, Note, Record, Reply, Watcher
from quell.practices.incidents import facade
from quell.practices.incidents.models import Incident, Merge
from quell.practices.tasks import facade as tasks
from quell.practices.tasks.models import ChecklistLine, Task


@pytest.fixture
def two(people):
    """Claire's report, and Paul's of the same thing."""
    claire, paul, amira = (people.actor(name) for name in ("claire", "paul", "amira"))
    target = facade.report(claire, {"title": "VPN drops", "description": "Every few minutes."})
    source = facade.report(paul, {"title": "VPN broken", "description": "Since nine."})
    facade.act(amira, "comment", source, {"body": "We look at it, Paul.", "visibility": "public"})
    facade.act(amira, "comment", source, {"body": "Paul always calls.", "visibility": "internal"})
    facade.act(paul, "watch", source, {"person": "raj@gungun.example"})
    return target, source


def _bodies(people, name, number):
    actor = people.actor(name)
    return [e["body"] for e in facade.timeline(actor, facade.ticket(actor, number)) if e["body"]]


def test_the_merged_one_closes_as_a_duplicate_and_points_on(people, two):
    target, source = two
    facade.act(people.actor("amira"), "merge", source, {"into": target})
    row = facade.ticket(people.actor("amira"), source)
    assert (row["state"], row["resolution_code"], row["merged_into"]) == ("closed", "duplicate", target)
    assert facade.ticket(people.actor("amira"), target)["merged_into"] is None
    kinds = {(one["kind"], one["to"]) for one in facade.links(people.actor("amira"), row)}
    assert kinds == {("merged_into", target)}


def test_everybody_follows_the_other_and_reads_its_public_conversation(people, two):
    target, source = two
    facade.act(people.actor("amira"), "merge", source, {"into": target})
    for name in ("paul", "raj", "claire", "amira"):
        said = _bodies(people, name, target)
        assert "VPN broken\n\nSince nine." in said
        assert "We look at it, Paul." in said
    entries = facade.timeline(people.actor("paul"), facade.ticket(people.actor("paul"), target))
    assert entries == sorted(entries, key=lambda e: (e["at"], e["id"]))
    assert {e["merged_from"] for e in entries} == {None, source}


def test_no_note_and_no_inside_comes_along(people, two):
    target, source = two
    facade.act(people.actor("amira"), "comment", target, {"body": "Claire is a VIP.", "visibility": "internal"})
    facade.act(people.actor("amira"), "merge", source, {"into": target})
    for name in ("paul", "claire"):
        said = str(facade.timeline(people.actor(name), facade.ticket(people.actor(name), target)))
        assert "Paul always calls." not in said
        assert "Claire is a VIP." not in said
    # The notes of the merged one stay on its own page, for those who may read them there.
    assert "Paul always calls." not in str(_bodies(people, "amira", target))
    assert "Paul always calls." in str(_bodies(people, "amira", source))
    # Claire does not see Paul's own report, only what was said in public.
    with pytest.raises(NotFound):
        facade.ticket(people.actor("claire"), source)


def test_public_files_go_along_and_internal_ones_do_not(people, two):
    target, source = two
    amira = people.actor("amira")
    seen, kept = (
        facade.attach(amira, source, store.keep(SimpleUploadedFile("x.txt", text)).sha256, "x.txt", public=public)
        for text, public in ((b"one", True), (b"two", False))
    )
    assert readable(people.actor("claire"), seen) is None
    facade.act(amira, "merge", source, {"into": target})
    assert readable(people.actor("claire"), seen)["id"] == seen
    assert readable(people.actor("claire"), kept) is None
    assert readable(people.actor("sam"), seen) is None
    assert [
        f["id"] for f in facade.attachments(people.actor("claire"), facade.ticket(people.actor("claire"), target))
    ] == [seen]
    facade.act(amira, "unmerge", source)
    assert readable(people.actor("claire"), seen) is None


def test_the_merged_requester_is_told(people, two):
    target, source = two
    facade.act(people.actor("amira"), "merge", source, {"into": target})
    for entry in Entry.objects.filter(verb__in=("merge", "merged")):
        announce_entry(entry.pk)
    told = Notification.objects.filter(entry__verb="merge")
    assert set(told.values_list("person__email", flat=True)) == {"paul@gungun.example", "raj@gungun.example"}
    assert not Notification.objects.filter(entry__verb="merged").exists()


def test_several_become_one_or_none_does(people, two):
    target, source = two
    third = facade.report(people.actor("paul"), {"title": "VPN again"})
    closed = facade.report(people.actor("paul"), {"title": "over"})
    facade.act(people.actor("paul"), "cancel", closed, {"reason": "x"})
    amira = people.actor("amira")
    with pytest.raises(WrongState):
        facade.act(amira, "merge", target, {"numbers": [source, third, closed]})
    assert not Merge.objects.exists()
    facade.act(amira, "merge", target, {"numbers": [source, third, source]})
    assert set(Merge.objects.values_list("source__number", flat=True)) == {source, third}


@pytest.mark.parametrize("name", ["claire", "paul", "otto", "sam", "stella", "jonas"])
def test_only_those_who_work_on_both_merge(people, two, name):
    target, source = two
    facade.act(people.actor("amira"), "assign", target, {"team": "applications"})
    facade.act(people.actor("amira"), "assign", source, {"team": "network"})
    for numbers in ((source, {"into": target}), (target, {"numbers": [source]})):
        with pytest.raises(Refusal):
            facade.act(people.actor(name), "merge", *numbers)
    assert not Merge.objects.exists()


def test_companies_are_never_mixed(people, two):
    theirs = facade.report(people.actor("sam"), {"title": "VPN"})
    with pytest.raises(Invalid):
        facade.act(people.actor("root"), "merge", two[1], {"into": theirs})
    with pytest.raises(NotFound):
        facade.merge_preview(people.actor("amira"), two[0], [theirs])


def test_what_makes_no_sense_is_refused(people, two, incident_in):
    target, source = two
    amira = people.actor("amira")
    for inputs in ({}, {"into": target, "numbers": [target]}, {"into": source}, {"into": "INC-999999"}):
        with pytest.raises(Invalid):
            facade.act(amira, "merge", source, inputs)
    with pytest.raises(WrongState):
        facade.act(amira, "merge", source, {"into": incident_in("cancelled")})
    facade.act(amira, "link", target, {"to": source, "kind": "child_of"})
    with pytest.raises(Invalid):
        facade.act(amira, "merge", source, {"into": target})
    with pytest.raises(Invalid):
        facade.act(amira, "link", target, {"to": source, "kind": "merged_into"})
    with pytest.raises(WrongState):
        facade.act(amira, "unmerge", source)


def test_the_preview_says_what_will_be(people, two):
    target, source = two
    amira = people.actor("amira")
    tasks.add(amira, source, {"title": "Pull logs"})
    found = facade.merge_preview(amira, target, [source])
    assert found.possible
    assert {email for _name, email in found.followers} == {"paul@gungun.example", "raj@gungun.example"}
    assert (found.messages, found.tasks) == (2, ("Pull logs",))
    before = _state()
    facade.merge_preview(amira, target, [source])
    assert _state() == before
    facade.act(amira, "merge", source, {"into": target})
    refused = facade.merge_preview(amira, target, [source])
    assert not refused.possible
    assert refused.sources[0].refusal


def test_tasks_and_links_go_along(people, two, incident_in):
    target, source = two
    amira = people.actor("amira")
    other, child = incident_in(), incident_in()
    done = tasks.add(amira, source, {"title": "done before"})
    tasks.act(amira, "complete", done)
    first, second = tasks.add(amira, target, {"title": "here"}), tasks.add(amira, source, {"title": "there"})
    facade.act(amira, "link", source, {"to": other, "kind": "related_to"})
    facade.act(amira, "link", child, {"to": source, "kind": "child_of"})
    facade.act(amira, "merge", source, {"into": target})
    assert [t["number"] for t in tasks.work(amira, target).tasks] == [first, second]
    assert [t["number"] for t in tasks.work(amira, source).tasks] == [done]
    assert {("related_to", other), ("parent_of", child)} <= {
        (one["kind"], one["to"]) for one in facade.links(amira, facade.ticket(amira, target))
    }
    assert facade.ticket(amira, child)["parent"] == target


def test_a_merge_is_undone_within_a_day_only(people, two):
    target, source = two
    amira = people.actor("amira")
    facade.act(amira, "merge", source, {"into": target})
    with pytest.raises(WrongState):
        run("incidents.unmerge", amira, source, {}, now=datetime.now(UTC) + timedelta(hours=25))
    with pytest.raises(Forbidden):
        facade.act(people.actor("paul"), "unmerge", source)
    facade.act(amira, "unmerge", source)
    with pytest.raises(NotFound):
        facade.ticket(people.actor("paul"), target)
    assert facade.ticket(people.actor("paul"), source)["state"] == "new"


def test_whoever_another_merge_wants_too_keeps_following(people, two):
    target, first = two
    second = facade.report(people.actor("paul"), {"title": "VPN again"})
    amira = people.actor("amira")
    facade.act(amira, "merge", target, {"numbers": [first, second]})
    facade.act(amira, "unmerge", first)
    assert facade.ticket(people.actor("paul"), target)["number"] == target
    facade.act(amira, "unmerge", second)
    with pytest.raises(NotFound):
        facade.ticket(people.actor("paul"), target)


def test_a_chain_is_undone_from_its_end(people, two):
    target, source = two
    amira = people.actor("amira")
    last = facade.report(people.actor("claire"), {"title": "Network down"})
    facade.act(amira, "merge", source, {"into": target})
    facade.act(amira, "merge", target, {"into": last})
    assert "VPN broken\n\nSince nine." in _bodies(people, "amira", last)
    assert facade.ticket(amira, source)["merged_into"] == last
    with pytest.raises(WrongState):
        facade.act(amira, "unmerge", source)
    facade.act(amira, "unmerge", target)
    assert facade.ticket(amira, source)["merged_into"] == target


def _state():
    """Everything that merging touches, but for versions and the times of last change."""
    spine = ("number", "title", "state", "state_category", "parent_id", "resolved_at", "closed_at", "team_id")
    detail = ("record_id", "hold_reason", "resume_at", "resolution_code", "resolution", "close_due_at")
    return {
        "records": sorted(Record.objects.values_list(*spine), key=str),
        "incidents": sorted(Incident.objects.values_list(*detail), key=str),
        "watchers": sorted(Watcher.objects.values_list("record_id", "person_id")),
        "links": sorted(Link.objects.values_list("id", "source_id", "target_id", "kind")),
        "tasks": sorted(Task.objects.values_list("record_id", "position", "skip_reason")),
        "lines": sorted(ChecklistLine.objects.values_list("id", "record_id", "position", "text")),
        "said": sorted(Reply.objects.values_list("id", "record_id"))
        + sorted(Note.objects.values_list("id", "record_id")),
        "files": sorted(Attachment.objects.values_list("id", "record_id", "public")),
    }


class _Undo(Exception):
    """Takes back one example."""


STEP = st.tuples(
    st.sampled_from(["task", "line", "link", "watch", "child", "hold", "comment"]), st.integers(0, 4), st.integers(0, 4)
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, max_size=10), merges=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=5))
def test_undoing_every_merge_gives_everything_back(people, steps, merges):
    """Whatever hangs on five incidents, and whatever is merged into whatever: undone in turn, all is as it was."""
    amira = people.actor("amira")
    try:
        with transaction.atomic():
            numbers = [
                facade.report(people.actor(n), {"title": f"VPN {n}"})
                for n in ("claire", "paul", "claire", "paul", "raj")
            ]
            for step in steps:
                _prepare(people, numbers, *step)
            before, done = _state(), []
            for one, other in merges:
                try:
                    with transaction.atomic():
                        facade.act(amira, "merge", numbers[one], {"into": numbers[other]})
                    done.append(numbers[one])
                except Refusal:
                    pass
            for number in reversed(done):
                facade.act(amira, "unmerge", number)
            assert _state() == before
            raise _Undo
    except _Undo:
        pass


def _prepare(people, numbers, what, one, other):
    amira = people.actor("amira")
    number, to = numbers[one], numbers[other]
    acts = {
        "task": lambda: tasks.add(amira, number, {"title": "t"}),
        "line": lambda: tasks.add_line(amira, number, {"text": "l"}),
        "link": lambda: facade.act(amira, "link", number, {"to": to, "kind": "related_to"}),
        "watch": lambda: facade.act(
            amira, "watch", number, {"person": ["raj", "paul", "mia"][other % 3] + "@gungun.example"}
        ),
        "child": lambda: facade.act(amira, "link", number, {"to": to, "kind": "child_of"}),
        "hold": lambda: facade.act(amira, "hold", number, {"hold_reason": "part"}),
        "comment": lambda: facade.act(amira, "comment", number, {"body": "b", "visibility": "public"}),
    }
    try:
        with transaction.atomic():
            acts[what]()
    except Refusal:
        pass


# --- split -------------------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(people):
    """A report in which Claire speaks of two things."""
    claire, amira = people.actor("claire"), people.actor("amira")
    number = facade.report(claire, {"title": "VPN drops", "service": "mail"})
    facade.act(claire, "comment", number, {"body": "And my chair is broken.\nBadly.", "visibility": "public"})
    facade.act(amira, "comment", number, {"body": "Chairs are facility.", "visibility": "internal"})
    entries = facade.timeline(amira, facade.ticket(amira, number))
    return number, [e["id"] for e in entries if e["verb"] in ("reply", "note")]


def test_messages_become_an_incident_of_their_own_and_stay_where_they_were(people, mixed):
    number, ids = mixed
    amira = people.actor("amira")
    before = _bodies(people, "amira", number)
    made = facade.split(amira, number, {"entries": ids})
    row = facade.ticket(people.actor("claire"), made)
    assert (row["title"], row["requester"], row["service"]) == (
        "And my chair is broken.",
        "claire@gungun.example",
        "mail",
    )
    assert _bodies(people, "amira", number) == before
    assert ("split_from", number) in {
        (one["kind"], one["to"]) for one in facade.links(amira, facade.ticket(amira, made))
    }
    trace = [e for e in facade.timeline(amira, facade.ticket(amira, number)) if e["verb"] == "split"]
    assert [(e["data"]["to"], e["visibility"]) for e in trace] == [(made, "internal")]
    said = facade.timeline(amira, facade.ticket(amira, made))
    copied = [(e["actor"], e["body"], e["visibility"]) for e in said if e["verb"] in ("reply", "note")]
    assert copied[:2] == [
        ("claire@gungun.example", "And my chair is broken.\nBadly.", "public"),
        ("amira@gungun.example", "Chairs are facility.", "internal"),
    ]
    assert row["responded_at"] is None


def test_the_requester_is_told_once_and_reads_no_note(people, mixed):
    number, ids = mixed
    made = facade.split(people.actor("amira"), number, {"entries": ids, "title": "Chair"})
    mine = _bodies(people, "claire", made)
    assert "Chairs are facility." not in mine
    assert any(made in body and number in body for body in mine)
    for entry in Entry.objects.filter(record__number=made):
        announce_entry(entry.pk)
    assert Notification.objects.filter(person=people.claire, record__number=made, entry__verb="open").count() == 1
    silent = facade.split(people.actor("amira"), number, {"entries": ids[:1], "inform": False})
    assert not any(silent in (body or "") for body in _bodies(people, "claire", silent))


def test_a_note_never_becomes_a_title(people, mixed):
    number, ids = mixed
    with pytest.raises(Invalid) as refused:
        facade.split(people.actor("amira"), number, {"entries": ids[1:]})
    assert refused.value.errors[0].field == "title"


def test_only_messages_of_this_incident_are_split_by_those_who_work_on_it(people, mixed, incident_in):
    number, ids = mixed
    for entries in ([Entry.objects.filter(record__number=incident_in()).latest("id").pk], [990099], [*ids, 990099]):
        with pytest.raises(Invalid):
            facade.split(people.actor("amira"), number, {"entries": entries})
    for name in ("claire", "paul", "sam", "otto"):
        with pytest.raises((NotFound, Forbidden)):
            facade.split(people.actor(name), number, {"entries": ids})


# --- resemblance -------------------------------------------------------------------------------------------------


def test_alike_are_those_that_share_rare_words_and_the_hour_comes_first(people):
    claire, amira = people.actor("claire"), people.actor("amira")
    this = facade.report(claire, {"title": "VPN drops in Lyon", "service": "mail"})
    near = facade.report(claire, {"title": "Cannot send letters", "service": "mail"})
    alike = facade.report(people.actor("paul"), {"title": "The vpn keeps dropping, Lyon office"})
    facade.report(claire, {"title": "Printer out of paper"})
    found = facade.similar(amira, facade.ticket(amira, this))
    assert [(one.number, one.near) for one in found] == [(near, True), (alike, False)]
    assert [one.number for one in facade.similar_to(amira, "vpn dropping lyon")][:1] in ([alike], [this])


def test_chinese_resembles_chinese(people):
    claire, amira = people.actor("claire"), people.actor("amira")
    this = facade.report(claire, {"title": "打印机无法连接"})
    other = facade.report(claire, {"title": "三楼打印机连接失败"})
    facade.report(claire, {"title": "邮箱已满"})
    assert [one.number for one in facade.similar(amira, facade.ticket(amira, this))] == [other]


def test_resemblance_tells_nothing_one_may_not_see(people):
    this = facade.report(people.actor("claire"), {"title": "Quasar reactor leaking"})
    facade.report(people.actor("sam"), {"title": "Quasar reactor leaking"})
    other = facade.report(people.actor("claire"), {"title": "Something else"})
    facade.act(people.actor("amira"), "comment", other, {"body": "quasar reactor leaking", "visibility": "internal"})
    amira = people.actor("amira")
    assert facade.similar(amira, facade.ticket(amira, this)) == []
    assert [one.number for one in facade.similar_to(people.actor("sam"), "quasar reactor")] != [this]


@pytest.mark.parametrize("text", ["", "'", "a' | 'b", "\\", "!!! & ***", "x" * 5000, "the and of"])
def test_any_text_can_be_compared(people, text):
    facade.report(people.actor("claire"), {"title": "VPN"})
    assert isinstance(facade.similar_to(people.actor("amira"), text), list)


def test_the_hour_alone_is_enough(people):
    """A title of common words only still has neighbours of the same service and hour."""
    claire, amira = people.actor("claire"), people.actor("amira")
    this = facade.report(claire, {"title": "the and of it all", "service": "mail"})
    other = facade.report(claire, {"title": "Something", "service": "mail"})
    assert [one.number for one in facade.similar(amira, facade.ticket(amira, this))] == [other]
