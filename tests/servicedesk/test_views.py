"""Views: kept with rights, read with the reader's own, put away and taken back, arranged by each for themselves."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.actions.options import put_options
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound, Stale, WrongState
from quell.kernel.journal.models import Entry
from quell.kernel.testing.cast import Cast
from quell.practices.servicedesk import facade

pytestmark = pytest.mark.django_db


def make(people: Cast, who: str, **facts: Any) -> str:
    return facade.create_view(people.actor(who), {"name": "Till", "query": "state:open category:none", **facts})


def seen(people: Cast, who: str) -> set[str]:
    return {one.key for one in facade.views(people.actor(who)) if not one.shipped}


def test_a_view_keeps_its_query_in_one_spelling(people: Cast) -> None:
    key = make(people, "amira", query="State:OPEN   priority <= P2 sort:-updated_at", columns=["number", "title"])
    found = facade.view(people.actor("amira"), key)
    assert (found.query, found.sort, found.columns) == ("state:open priority<=2", "-updated_at", ("number", "title"))
    assert facade.view(people.actor("amira"), make(people, "amira")).columns == facade.USUAL_COLUMNS


@pytest.mark.parametrize(
    ("facts", "field", "begins"),
    [
        (
            {"query": "state:open prio<2"},
            "query",
            "At character 12: there is no field “prio”; did you mean “priority”?",
        ),
        ({"query": "team:foreign"}, "query", "At character 6: "),
        ({"sort": "colour"}, "sort", "Choose one of"),
        ({"columns": ["number"]}, "columns", "Choose each column once"),
        ({"columns": ["title", "title"]}, "columns", "Choose each column once"),
        ({"columns": ["title", "password"]}, "columns", "Choose each column once"),
        ({"name": "  "}, "name", ""),
        ({"layout": "cube"}, "layout", ""),
        ({"reach": "team"}, "team", ""),
        ({"reach": "team", "team": "foreign"}, "team", ""),
        ({"reach": "organisation", "organisation": "elsewhere"}, "organisation", ""),
    ],
)
def test_what_cannot_be_kept_says_why(people: Cast, facts: dict[str, Any], field: str, begins: str) -> None:
    with pytest.raises(Invalid) as fault:
        make(people, "mia", **facts)
    assert fault.value.errors[0].field == field and fault.value.errors[0].message.startswith(begins)


PLACES = [{}, {"reach": "team", "team": "network"}, {"reach": "organisation", "organisation": "gungun"}]


@pytest.mark.parametrize("facts", PLACES)
@pytest.mark.parametrize("who", ["claire", "amira", "jonas", "raj", "mia", "ann", "otto", "root", "stella"])
def test_who_may_make_it(people: Cast, facts: dict[str, Any], who: str) -> None:
    actor = people.actor(who)
    allowed = bool(actor.scope("records.work"))
    if facts:
        allowed = bool(actor.scope("records.lead")) and who != "stella"
    try:
        make(people, who, **facts, query="state:open")
    except (Forbidden, Invalid):
        assert not allowed
    else:
        assert allowed


def test_members_where_the_setting_allows_it(people: Cast) -> None:
    key = make(people, "mia", reach="team", team="network")
    with pytest.raises(Forbidden):
        facade.edit_view(people.actor("jonas"), key, {"name": "Ours"})
    assert people.actor("ann").scope(SETTINGS_MANAGE)
    put_options(people.actor("ann"), {"servicedesk.members_keep_views": True}, people.gungun.pk)
    facade.edit_view(people.actor("jonas"), key, {"name": "Ours"})
    assert facade.view(people.actor("jonas"), key).may_edit
    with pytest.raises(NotFound):
        facade.edit_view(people.actor("raj"), key, {"name": "Mine"})


def test_who_sees_it(people: Cast) -> None:
    own = make(people, "amira")
    team = make(people, "mia", reach="team", team="network")
    everybody = make(people, "mia", reach="organisation", organisation="gungun")
    assert seen(people, "amira") == {own, everybody}
    assert seen(people, "jonas") == {team, everybody}
    assert seen(people, "raj") == {everybody}
    assert seen(people, "mia") == {team, everybody}
    assert seen(people, "stella") == set() and facade.views(people.actor("claire")) == []
    for who, key in (("stella", everybody), ("raj", own), ("raj", team), ("claire", everybody), ("amira", "99999")):
        with pytest.raises(NotFound):
            facade.view(people.actor(who), key)
        with pytest.raises(NotFound):
            facade.trash_view(people.actor(who), key)


def test_put_away_and_taken_back(people: Cast) -> None:
    amira = people.actor("amira")
    key = make(people, "amira")
    facade.arrange(amira, "queue", [key, "mine"])
    facade.trash_view(amira, key)
    assert seen(people, "amira") == set()
    assert [one.key for one in facade.views(amira, trashed=True)] == [key]
    assert [one.key for one in facade.arranged(facade.views(amira), facade.arrangement(amira, "queue"))] == ["mine"]
    with pytest.raises(WrongState):
        facade.edit_view(amira, key, {"name": "No"})
    facade.restore_view(amira, key)
    assert [one.key for one in facade.arranged(facade.views(amira), facade.arrangement(amira, "queue"))] == [
        key,
        "mine",
    ]
    verbs = list(
        Entry.objects.filter(subject="view", subject_id=int(key)).order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["create", "trash", "restore"]


def test_stale_and_shipped_are_refused(people: Cast) -> None:
    amira = people.actor("amira")
    key = make(people, "amira")
    facade.edit_view(amira, key, {"name": "Second"}, version=1)
    with pytest.raises(Stale):
        facade.edit_view(amira, key, {"name": "Third"}, version=1)
    with pytest.raises(Forbidden):
        facade.trash_view(people.actor("root"), "mine")


def test_sharing_needs_the_right_to_the_new_place(people: Cast) -> None:
    key = make(people, "amira")
    with pytest.raises(Forbidden):
        facade.edit_view(people.actor("amira"), key, {"reach": "organisation"})
    mine = make(people, "mia")
    facade.edit_view(people.actor("mia"), mine, {"reach": "organisation"})
    assert mine in seen(people, "raj")


def test_each_arranges_their_own(people: Cast) -> None:
    amira, raj = people.actor("amira"), people.actor("raj")
    facade.arrange(amira, "home", ["open", "mine", "open"])
    assert facade.arrangement(amira, "home") == ["open", "mine"]
    assert facade.arrangement(raj, "home") == ["breaching", "unassigned", "my-waiting", "my-resolved"]
    with pytest.raises(Invalid):
        facade.arrange(raj, "home", [make(people, "amira")])
    with pytest.raises(Forbidden):
        facade.arrange(people.actor("claire"), "home", ["mine"])


def test_every_shipped_view_is_a_query_its_reader_can_run(people: Cast) -> None:
    from quell.practices.incidents import facade as incidents

    for one in facade.views(people.actor("jonas")):
        assert (
            incidents.page(people.actor("jonas"), incidents.wanted(people.actor("jonas"), {"query": one.query})).rows
            == []
        )


def test_as_many_questions_however_many_views(people: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            facade.views(people.actor("amira"))
        return len(caught)

    make(people, "amira")
    one = asked()
    for _ in range(5):
        make(people, "amira")
        make(people, "mia", reach="organisation")
    assert asked() == one
