"""Settings, categories, the priority matrix, services and dead letters through the pages."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse

from quell.kernel.config.options import all_options
from quell.kernel.items.models import Item
from quell.kernel.journal.models import Entry
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade
from quell.practices.incidents.models import Category, PriorityMatrix

from .conftest import Door

pytestmark = pytest.mark.django_db

REOPEN = "incidents.reopen_window_days"
NEEDS = "incidents.resolve_needs_category"


def url(name: str, *ids: object) -> str:
    return reverse(f"administration:{name}", args=ids)


def value(key: str, organisation_id: int | None = None) -> object:
    return next(option for option in all_options() if option.key == key).get(organisation_id)


def test_settings_are_saved_for_the_instance_and_over_it_for_an_organisation(folk: Cast, as_: Door) -> None:
    client = as_("root")
    assert client.post(url("settings"), {REOPEN: "30", NEEDS: "yes"}).status_code == 302
    assert (value(REOPEN), value(NEEDS)) == (30, True)
    client.post(f"{url('settings')}?organisation=gungun", {REOPEN: "7", NEEDS: "inherit"})
    assert (value(REOPEN, folk.gungun.pk), value(NEEDS, folk.gungun.pk), value(REOPEN)) == (7, True, 30)
    client.post(f"{url('settings')}?organisation=gungun", {REOPEN: ""})
    assert value(REOPEN, folk.gungun.pk) == 30
    page = client.get(url("settings")).content.decode()
    assert "Changed by Root" in page and "<dt>Default</dt><dd>14</dd>" in page
    entry = Entry.objects.filter(subject="option").earliest("id")
    assert entry.changes == {REOPEN: [14, 30], NEEDS: [False, True]}


@pytest.mark.parametrize("typed", ["-1", "366", "many", "1.5", "9" * 9, "٣"])
def test_a_wrong_setting_saves_none_of_them(typed: str, folk: Cast, as_: Door) -> None:
    answer = as_("root").post(url("settings"), {REOPEN: typed, NEEDS: "yes"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{typed}"' in page and "error-summary" in page and 'aria-invalid="true"' in page
    assert (value(REOPEN), value(NEEDS)) == (14, False)


def test_an_organisations_administrator_changes_its_own_settings_only(folk: Cast, as_: Door) -> None:
    client = as_("ann")
    client.post(url("settings"), {REOPEN: "3"})  # without a place it is her own organisation
    assert (value(REOPEN, folk.gungun.pk), value(REOPEN)) == (3, 14)
    assert client.post(f"{url('settings')}?organisation=elsewhere", {REOPEN: "3"}).status_code == 404


def test_categories_grow_are_renamed_and_leave_with_their_branch(folk: Cast, as_: Door) -> None:
    client = as_("root")
    client.post(url("categories"), {"name": "Printing", "parent": ""})
    printing = Category.objects.get(path="printing", organisation=None)
    client.post(url("categories"), {"name": "Etiketter på lageret", "parent": "printing"})
    client.post(url("categories"), {"name": "标签", "parent": "printing"})
    assert Category.objects.filter(parent=printing).count() == 2
    client.post(url("rename_category", printing.pk), {"name": "Print and labels"})
    printing.refresh_from_db()
    assert (printing.name, printing.path) == ("Print and labels", "printing")
    client.post(url("deactivate_category", printing.pk))
    assert not Category.objects.filter(path__startswith="printing", active=True).exists()
    client.post(url("activate_category", printing.pk))
    printing.refresh_from_db()
    assert printing.active


@pytest.mark.parametrize(
    ("name", "parent"),
    [("", ""), ("x" * 121, ""), ("Again", "nowhere"), ("Network", ""), ("a\x00b", ""), ("Deep", "a/b/c")],
)
def test_categories_that_cannot_be_are_refused(name: str, parent: str, folk: Cast, as_: Door) -> None:
    before = Category.objects.count()
    answer = as_("root").post(url("categories"), {"name": name, "parent": parent})
    assert answer.status_code == 422 and "error-summary" in answer.content.decode()
    assert Category.objects.count() == before


def test_an_organisation_adds_its_own_below_everybodys(folk: Cast, as_: Door) -> None:
    client = as_("ann")
    place = f"{url('categories')}?organisation=gungun"
    client.post(place, {"name": "Packing hall", "parent": "network"})
    own = Category.objects.get(path="network/packing-hall")
    assert own.organisation_id == folk.gungun.pk
    assert "network/packing-hall" in {path for path, _name in facade.categories(folk.gungun.pk)}
    assert "network/packing-hall" not in {path for path, _name in facade.categories(folk.elsewhere.pk)}


def cells(rows: list[list[int]], based_on: int) -> dict[str, str]:
    sent = {f"cell-{i}-{u}": str(cell) for i, row in enumerate(rows) for u, cell in enumerate(row)}
    return {**sent, "size": str(len(rows)), "based_on": str(based_on)}


SMALL = [[1, 1, 2], [1, 2, 3], [2, 3, 4]]


def test_a_matrix_of_an_organisations_own_decides_there(folk: Cast, as_: Door) -> None:
    client = as_("ann")
    place = f"{url('matrix')}?organisation=gungun"
    assert "the whole instance" in client.get(place).content.decode()
    assert client.post(place, cells(SMALL, 0)).status_code == 302
    assert facade.matrix(folk.gungun.pk) == (1, SMALL)
    number = facade.report(folk.actor("claire"), {"title": "x", "impact": 3, "urgency": 3})
    assert facade.ticket(folk.actor("claire"), number)["priority"] == 4
    assert Entry.objects.get(subject="matrix").changes == {"cells": [None, "1 1 2 / 1 2 3 / 2 3 4"]}
    page = client.get(place).content.decode()
    assert "Version 1" in page and "Ann" in page


def test_a_matrix_that_breaks_the_order_is_shown_and_not_stored(folk: Cast, as_: Door) -> None:
    wrong = [[2, 1, 2], [1, 2, 3], [2, 3, 4]]
    client = as_("root")
    answer = client.post(url("matrix"), cells(wrong, 1))
    assert answer.status_code == 422 and "cannot give a lower priority" in answer.content.decode()
    assert answer.content.decode().count('aria-invalid="true"') == 2
    grid = client.post(url("check_matrix"), cells(wrong, 1))
    assert grid.status_code == 200 and "break the order" in grid.content.decode()
    assert PriorityMatrix.objects.filter(organisation=None).count() == 1


@pytest.mark.parametrize("sent", [{}, {"size": "3"}, {"size": "99", "cell-0-0": "x"}, cells([[9] * 4] * 4, 1)])
def test_a_matrix_that_is_none_is_refused(sent: dict[str, str], folk: Cast, as_: Door) -> None:
    assert as_("root").post(url("matrix"), sent).status_code == 422
    assert as_("root").post(url("check_matrix"), sent).status_code == 200


def test_the_second_writer_of_a_matrix_is_told(folk: Cast, as_: Door) -> None:
    client = as_("root")
    assert client.post(url("matrix"), cells(SMALL, 1)).status_code == 302
    answer = client.post(url("matrix"), cells(SMALL, 1))
    assert answer.status_code == 422 and "Somebody stored another version" in answer.content.decode()


def test_services_are_made_changed_and_taken_out_of_use(folk: Cast, as_: Door) -> None:
    client = as_("ann")
    data = {
        "name": "ERP", "code": "erp", "organisation": "gungun", "criticality": "1", "status": "live",
        "owner": "mia@gungun.example", "description": "Orders and invoices",
    }  # fmt: skip
    assert client.post(url("new_service"), data).status_code == 302
    item = Item.objects.get(code="erp")
    assert (item.criticality, item.owner_id, item.organisation_id) == (1, folk.mia.pk, folk.gungun.pk)
    change = {"name": "ERP", "criticality": "2", "status": "retired", "owner": "", "description": "", "version": "1"}
    assert client.post(url("service", "erp"), change).status_code == 302
    assert client.post(url("service", "erp"), change).status_code == 422  # the version is another one now
    client.post(url("deactivate_service", "erp"))
    item.refresh_from_db()
    assert (item.criticality, item.owner_id, item.active) == (2, None, False)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("criticality", "0"), ("criticality", "x"), ("status", "?"), ("owner", "stella@elsewhere.example"),
     ("owner", "x"), ("organisation", "elsewhere"), ("code", "mail"), ("name", "")],
)  # fmt: skip
def test_services_that_cannot_be_are_refused(field: str, wrong: str, folk: Cast, as_: Door) -> None:
    data = {"name": "ERP", "code": "erp", "organisation": "gungun", "criticality": "1", "status": "live", field: wrong}
    answer = as_("ann").post(url("new_service"), data)
    assert answer.status_code == 422 and not Item.objects.filter(code="erp").exists()


def dead_letter(task: str = "notify.email") -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('mail', %s, %s) RETURNING id",
            [task, '{"notification_id": 7, "name": "<script>alert(1)</script>"}'],
        )
        job = int(cursor.fetchone()[0])
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job])
        cursor.execute(
            "INSERT INTO jobs_failure (job_id, attempt, sentence, trace, at) VALUES (%s, 6, %s, '…', now())",
            [job, "SMTPRecipientsRefused: <b>nobody</b>"],
        )
    return job


def test_dead_letters_are_seen_tried_again_and_discarded(folk: Cast, as_: Door) -> None:
    first, second = dead_letter(), dead_letter("incidents.sweep")
    client = as_("root")
    page = client.get(url("jobs")).content.decode()
    assert "notify.email" in page and "&lt;b&gt;nobody&lt;/b&gt;" in page and "<script>alert" not in page
    assert client.post(url("jobs"), {"verb": "retry"}).status_code == 422
    answer = client.post(url("jobs"), {"verb": "discard", "selected": [second], "reason": ""})
    assert answer.status_code == 422 and "Say why" in answer.content.decode()
    assert client.post(url("jobs"), {"verb": "discard", "selected": [second], "reason": "old"}).status_code == 302
    assert client.post(url("jobs"), {"verb": "retry", "selected": [first, "x", "9" * 30]}).status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status::text FROM procrastinate_jobs WHERE id IN (%s, %s)", [first, second])
        assert cursor.fetchall() == [(first, "todo")]
    told = client.get(f"{url('history')}?subject=job").content.decode()
    assert "discarded" in told and "old" in told and "tried again" in told


def test_the_navigation_shows_only_what_is_open(folk: Cast, as_: Door) -> None:
    ann = as_("ann").get(url("home")).content.decode()
    assert url("people") in ann and url("settings") in ann and url("jobs") not in ann
    dead_letter()
    root = as_("root").get(url("home")).content.decode()
    assert url("jobs") in root and 'class="tally hot"' in root
