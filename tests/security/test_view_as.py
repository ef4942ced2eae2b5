"""Looking with another person's eyes: never more than one's own, never a trace, never longer than half an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from quell.kernel.access.viewing import KEY
from quell.kernel.journal.models import Entry
from quell.kernel.people.models import Person, Role, RoleGrant
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade

from .addresses import Route, fillings, pages, send
from .bodies import superset
from .world import World

pytestmark = pytest.mark.django_db
BANNER = "You look with the eyes of"


@pytest.fixture
def folk(world: World) -> Cast:
    return world.cast


def browser(person: Person) -> Client:
    """Somebody signed in."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def begin(client: Client, person: Person) -> Any:
    """Begin a view."""
    return client.post(f"/admin/people/{person.pk}/view-as")


def lines(verb: str) -> list[tuple[int | None, int | None, Any]]:
    """(who, whose eyes, how it ended) of the journal."""
    rows = Entry.objects.filter(verb=verb).order_by("pk")
    return [(row.actor_id, row.subject_id, row.data.get("ended")) for row in rows]


def addresses(world: World, route: Route) -> list[str]:
    """The addresses of a route, filled with the victim's things; with any number where nobody has said what fits."""
    try:
        return [route.fill(values) for values, _twin in fillings(world, route)]
    except KeyError:
        return [route.fill(dict.fromkeys(route.names, "1"))]


def contents() -> dict[str, int]:
    """Rows of every table but sessions, with how often they were written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_session'")
        names = [row[0] for row in cursor.fetchall()]
        found = {}
        for name in names:
            cursor.execute(f'SELECT coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM "{name}" t')
            found[name] = cursor.fetchone()[0]
    return found


def test_one_sees_what_they_see_and_goes_back(folk: Cast) -> None:
    theirs = facade.report(folk.actor("claire"), {"title": "quokkamine"})
    client = browser(folk.ann)
    assert begin(client, folk.claire).status_code == 302
    page = client.get("/portal/requests").content.decode()
    assert BANNER in page and "Claire" in page and "quokkamine" in page and "Back to me" in page
    # Her rights, not one's own: the desk and administration are not there.
    assert client.get(f"/portal/requests/{theirs}").status_code == 200
    assert client.get("/admin/people").status_code == 404
    answer = client.post("/view/back")
    assert answer["Location"] == f"/admin/people/{folk.claire.pk}"
    assert BANNER not in client.get("/admin/people").content.decode()
    assert lines("view_as_begin") == [(folk.ann.pk, folk.claire.pk, None)]
    assert lines("view_as_end") == [(folk.ann.pk, folk.claire.pk, "asked")]
    own = browser(folk.claire).get("/profile/history").content.decode()
    assert "began to look with your eyes" in own and "stopped looking with your eyes" in own and "Ann" in own


@pytest.mark.parametrize(
    ("who", "whose", "may"),
    [
        ("ann", "claire", True),
        ("ann", "jonas", True),
        ("ann", "mia", True),
        ("ann", "root", False),
        ("ann", "sam", False),
        ("ann", "ann", False),
        ("root", "ann", True),
        ("root", "stella", True),
        ("root", "root", False),
        ("mia", "claire", False),
        ("otto", "claire", False),
        ("claire", "paul", False),
    ],
)
def test_only_people_one_looks_after_who_may_do_no_more(who: str, whose: str, may: bool, folk: Cast) -> None:
    client = browser(getattr(folk, who))
    answer = begin(client, getattr(folk, whose))
    assert (answer.status_code == 302) is may
    assert (KEY in client.session) is may
    assert bool(lines("view_as_begin")) is may


def test_somebody_of_ones_own_place_who_reaches_further_is_refused(folk: Cast) -> None:
    agent = Role.objects.get(code="agent")
    RoleGrant.objects.create(person=folk.claire, role=agent, organisation=folk.elsewhere)
    assert begin(browser(folk.ann), folk.claire).status_code == 403
    RoleGrant.objects.filter(person=folk.claire).update(organisation=folk.gungun, team=folk.foreign_team)
    assert begin(browser(folk.ann), folk.claire).status_code == 403


def test_rights_gained_meanwhile_end_it(folk: Cast) -> None:
    client = browser(folk.ann)
    begin(client, folk.claire)
    RoleGrant.objects.create(person=folk.claire, role=Role.objects.get(code="auditor"), organisation=None)
    answer = client.get("/portal/requests")
    assert answer.status_code == 302 and KEY not in client.session


def test_rights_lost_meanwhile_end_it(folk: Cast) -> None:
    client = browser(folk.ann)
    begin(client, folk.claire)
    RoleGrant.objects.filter(person=folk.ann).delete()
    assert client.get("/portal/requests").status_code == 302 and KEY not in client.session


def test_it_ends_after_half_an_hour_and_does_nothing_with_ones_own_hands(folk: Cast) -> None:
    for method in ("GET", "POST"):
        client = browser(folk.ann)
        begin(client, folk.claire)
        session = client.session
        session[KEY] = {**session[KEY], "began": (datetime.now(UTC) - timedelta(minutes=31)).timestamp()}
        session.save()
        answer = client.generic(method, "/portal/report")
        assert answer.status_code == (302 if method == "GET" else 403)
        assert KEY not in client.session
        assert client.get("/admin/people").status_code == 200
    assert [ended for _who, _whose, ended in lines("view_as_end")] == ["time", "time"]


def test_it_ends_with_the_session(folk: Cast) -> None:
    client = browser(folk.ann)
    begin(client, folk.claire)
    client.post("/sign-out")
    assert lines("view_as_end") == [(folk.ann.pk, folk.claire.pk, "sign_out")]
    assert client.get("/portal/requests").status_code == 302
    # The session of the person looked at was never touched.
    assert browser(folk.claire).get("/portal/requests").status_code == 200


def test_a_view_cannot_be_begun_from_within_a_view(folk: Cast) -> None:
    client = browser(folk.root)
    begin(client, folk.ann)
    answer = begin(client, folk.claire)
    assert answer.status_code == 403 and "nothing can be changed" in answer.content.decode()
    assert client.session[KEY]["person"] == folk.ann.pk


def test_nothing_is_written_whatever_is_sent_and_whatever_is_read(world: World) -> None:
    """Every address of every page, read and posted to, while the victim's own eyes are used."""
    client = browser(world.cast.root)
    for whose in ("claire", "raj"):
        begin(client, getattr(world.cast, whose))
        before = contents()
        for route in pages():
            if route.template in ("/sign-out", "/view/back"):
                continue
            for path in addresses(world, route):
                read = send(client, "GET", path)
                assert read.status_code < 500, path
                refused = send(client, "POST", path, body=superset(world))
                assert refused.status_code == 403, path
        assert contents() == before
        client.post("/view/back")


def test_no_stream_outlasts_it(folk: Cast) -> None:
    client = browser(folk.ann)
    begin(client, folk.jonas)
    assert client.get("/live").status_code == 204
    refused = client.post("/live/here", {"record": "INC-000001"})
    assert refused.status_code == 403
