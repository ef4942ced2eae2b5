"""Names that come with Quell are said in the reader's language; one that an administrator wrote stays as written."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from quell.kernel.journal.models import Entry
from quell.kernel.people.models import Role
from quell.kernel.people.shipped import DESCRIPTIONS, NAMES, role_name
from quell.kernel.records.models import Record
from quell.kernel.records.timeline import timeline
from quell.kernel.testing.cast import Cast, cast
from quell.practices.incidents import facade
from quell.practices.incidents.models import Category
from quell.practices.incidents.queries.shipped import CATEGORIES

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


def browser(people: Cast, name: str, language: str) -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(getattr(people, name))
    return client


def test_what_is_shipped_is_what_can_be_translated(people: Cast) -> None:
    assert dict(Category.objects.filter(organisation=None).values_list("path", "name")) == CATEGORIES
    shipped = Role.objects.filter(shipped=True)
    assert dict(shipped.values_list("code", "name")) == NAMES
    assert dict(shipped.values_list("code", "description")) == DESCRIPTIONS


def test_a_renamed_category_stays_as_its_administrator_wrote_it(people: Cast) -> None:
    Category.objects.filter(path="network").update(name="Netz")
    with translation.override("zh-hant"):
        names = dict(facade.categories(None))
    assert (names["network"], names["network/firewall"]) == ("Netz", "Netz › 防火牆")
    with translation.override("en"):
        assert dict(facade.categories(None))["hardware/printer"] == "Hardware › Printer"


def test_history_names_categories_for_its_reader(people: Cast) -> None:
    number = facade.report(people.actor("claire"), {"title": "No light on the router"})
    facade.act(people.actor("amira"), "edit", number, {"category": "network/switch"})
    record = Record.objects.get(number=number)
    with translation.override("zh-hans"):
        told = [
            entry["changes"]["category"] for entry in timeline(record, internal=True) if "category" in entry["changes"]
        ]
    assert "交换机" in str(told)
    assert "Switch" not in str(told)


def test_saving_a_name_as_it_is_shown_writes_nothing(people: Cast) -> None:
    printer = Category.objects.get(path="hardware/printer", organisation=None)
    client = browser(people, "root", "zh-hans")
    assert "打印机" in client.get("/admin/categories").content.decode()
    before = Entry.objects.filter(subject="category").count()
    client.post(f"/admin/categories/{printer.pk}/rename", {"name": "打印机"})
    printer.refresh_from_db()
    assert (printer.name, Entry.objects.filter(subject="category").count()) == ("Printer", before)
    client.post(f"/admin/categories/{printer.pk}/rename", {"name": "打印与扫描"})
    printer.refresh_from_db()
    assert printer.name == "打印与扫描"


def test_roles_are_called_as_their_reader_calls_them(people: Cast) -> None:
    Role.objects.filter(code="auditor").update(name="Wirtschaftsprüfer")
    page = browser(people, "root", "da").get("/admin/roles").content.decode()
    assert "Servicedeskleder" in page
    assert "Leder servicedesken: arbejder på alt og afgør overdragelser." in page
    assert "Wirtschaftsprüfer" in page
    assert "Desk lead" not in page
    with translation.override("da"):
        assert role_name("agent", "Agent") == "Sagsbehandler"
        assert role_name("our-agent", "Agent") == "Agent"


def test_a_macro_says_what_it_does_in_words(people: Cast) -> None:
    from quell.practices.servicedesk import facade as servicedesk

    steps = [{"verb": "hold", "inputs": {"hold_reason": "supplier"}}]
    with translation.override("da"):
        assert servicedesk.check_macro(people.actor("amira"), {"steps": steps}) == [
            "Sæt til afventer, venter på en leverandør"
        ]
