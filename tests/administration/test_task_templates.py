"""Templates of tasks on their pages."""

from __future__ import annotations

import pytest
from django.test import Client

from quell.kernel.testing.cast import Cast, cast
from quell.practices.tasks import facade

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def _enter(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


HEAD = {"name": "Leaver", "language": "", "team": "", "required": "1"}
LINES = {
    "kind": ["task", "check", "task"], "title": ["Disable account", "Badge returned", ""],
    "line_team": ["applications", "", ""], "hours": ["4", "", ""], "line_required": ["1"],
}  # fmt: skip


def test_a_template_is_made_changed_trashed_and_restored(people: Cast) -> None:
    ann = _enter(people.ann)
    made = ann.post("/admin/task-templates?organisation=gungun", {**HEAD, **LINES})
    assert made.status_code == 302
    row = facade.template_page(people.actor("ann"), facade.AskedTemplates())[0]
    assert [(one["kind"], one["title"], one["team"], one["due_seconds"], one["required"]) for one in row["lines"]] == [
        ("task", "Disable account", "applications", 14_400, False),
        ("check", "Badge returned", None, None, True),
    ]
    page = f"/admin/task-templates/{row['id']}?organisation=gungun"
    assert "Badge returned" in ann.get(page).content.decode()
    ann.post(page, {**HEAD, "name": "Somebody leaves", **LINES, "version": "1"})
    assert facade.template_row(people.actor("ann"), row["id"])["name"] == "Somebody leaves"
    assert ann.post(page, {**HEAD, **LINES, "version": "1"}).status_code == 422
    ann.post(f"/admin/task-templates/{row['id']}/trash?organisation=gungun")
    assert "Somebody leaves" not in ann.get("/admin/task-templates?organisation=gungun").content.decode()
    assert "Somebody leaves" in ann.get("/admin/task-templates?organisation=gungun&trash=1").content.decode()
    ann.post(f"/admin/task-templates/{row['id']}/restore?organisation=gungun")
    assert facade.template_row(people.actor("ann"), row["id"])["trashed"] is False


def test_without_a_line_there_is_no_template(people: Cast) -> None:
    answer = _enter(people.ann).post(
        "/admin/task-templates?organisation=gungun", {**HEAD, "title": [""], "kind": ["task"]}
    )
    assert answer.status_code == 422
    assert facade.template_page(people.actor("ann"), facade.AskedTemplates()) == []


@pytest.mark.parametrize("name", ["amira", "mia", "claire", "stella"])
def test_others_find_nothing_here(people: Cast, name: str) -> None:
    assert _enter(getattr(people, name)).get("/admin/task-templates").status_code == 404
