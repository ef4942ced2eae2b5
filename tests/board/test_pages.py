"""The pages of the reports: figures with their ways to the clocks, empty states, files, and who enters."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client

from quell.kernel.items.models import Item
from quell.kernel.people.models import Person
from quell.kernel.people.tokens import issue
from quell.kernel.testing.cast import Cast
from quell.practices.agreements.models import Target
from tests.api.conftest import Caller
from tests.clocks.test_reports import Rows

MONTH = "period=2026-03&zone=Europe/Copenhagen"


@pytest.fixture
def month(promised: Cast) -> Rows:
    """Nine kept, one broken without a cause, one late still, one excluded, for one service."""
    rows = Rows(promised)
    target = Target.objects.filter(metric__code="resolution", version__agreement__code="standard").first()
    assert target is not None
    service = Item.objects.create(
        code="vpn", name="Remote access", item_class="service", organisation=promised.gungun, status="live",
        criticality=2,
    )  # fmt: skip
    facts = {"service_id": service.pk, "priority": 3}
    rows.add(target, 9, **facts)
    rows.add(target, 1, outcome="breached", **facts)
    rows.add(target, 1, outcome="breached", excluded_because="=The customer's own power", **facts)
    rows.open(target, datetime.now(UTC) + timedelta(hours=1), **facts)
    rows.open(target, datetime.now(UTC) - timedelta(hours=1), **facts)
    return rows


def browser(people: Cast, who: str) -> Client:
    client = Client()
    person: Person = getattr(people, who)
    client.force_login(person)
    return client


def counted(page: str, path: str) -> dict[str, str]:
    """The links below a path whose words are a number, by address."""
    found = re.findall(rf'href="({path}\?[^"]*)"[^>]*>(\d+)<', page)
    return {unescape(link): number for link, number in found}


def test_every_figure_leads_to_its_clocks(promised: Cast, month: Rows) -> None:
    client = browser(promised, "root")
    for path in (f"/reports?{MONTH}", f"/reports?{MONTH}&basis=due", f"/services/vpn?{MONTH}"):
        page = client.get(path).content.decode()
        assert "90.00" in page
        links = {
            unescape(link): label for link, label in re.findall(r'href="(/reports/clocks\?[^"]*)"[^>]*>(\d+)<', page)
        }
        assert len(links) > 3
        for link, count in links.items():
            found = client.get(link).content.decode()
            assert found.count("<tr data-row>") == int(count), link


def test_the_forecast_leads_to_its_clocks(promised: Cast, month: Rows) -> None:
    client = browser(promised, "root")
    page = client.get("/reports/forecast").content.decode()
    links = {
        unescape(link): label for link, label in re.findall(r'href="(/reports/forecast\?[^"]*)"[^>]*>(\d+)<', page)
    }
    assert set(links.values()) == {"1"} and len(links) == 8  # three windows and what is late, in all and of no team
    for link in links:
        assert client.get(link).content.decode().count("<tr data-row>") == 1, link


def test_before_there_is_an_agreement_the_page_says_what_to_do(people: Cast) -> None:
    page = browser(people, "root").get("/reports").content.decode()
    assert "No agreement yet" in page and "/admin/agreements" in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_files_hold_the_figures_and_the_clocks(promised: Cast, month: Rows, kind: str) -> None:
    client = browser(promised, "root")
    figures = client.get(f"/reports/export?{MONTH}&format={kind}")
    clocks = client.get(f"/reports/clocks/export?{MONTH}&figure=excluded&format={kind}")
    assert f'.{kind}"' in figures["Content-Disposition"] and f'.{kind}"' in clocks["Content-Disposition"]
    if kind == "csv":
        assert ",90.0,95.0,9,1,0,0,1," in figures.content.decode()
        assert "'=The customer's own power" in clocks.content.decode()
        assert len(clocks.content.decode().splitlines()) == 2


def test_requesters_are_led_to_the_portal_and_wrong_words_are_said(promised: Cast, month: Rows) -> None:
    client = browser(promised, "claire")
    for path in ("/reports", "/reports/clocks", "/reports/forecast", "/reports/export", "/services/vpn"):
        assert client.get(path).status_code == 302
    wrong = browser(promised, "root").get("/reports?period=soon")
    assert wrong.status_code == 422 and "2026-W41" in wrong.content.decode()


def test_who_held_it_leads_to_its_tickets_and_into_files(promised: Cast, month: Rows) -> None:
    client = browser(promised, "root")
    for by in ("team", "person", "state", "supplier"):
        page = client.get(f"/reports/held?{MONTH}&by={by}").content.decode()
        links = counted(page, "/reports/held/tickets")
        assert links and "Resolution" in page, by
        for link, count in links.items():
            assert client.get(link).content.decode().count("<tr data-row>") == int(count), link
    assert "Who held them" in client.get(f"/reports/clocks?{MONTH}&figure=met").content.decode()
    (row,) = client.get(f"/reports/held/tickets/export?{MONTH}&format=csv").content.decode().splitlines()[1:]
    assert row.startswith(month.record.number)
    table = client.get(f"/reports/held/export?{MONTH}&by=state&format=csv").content.decode().splitlines()
    assert table[0].lstrip("\ufeff") == "name,code,tickets,share,counted,paused,median" and table[-1].startswith(
        "All together,,1,100.0,"
    )
    for wrong in ("period=soon", "by=colour", "metric=none&figure=nothing"):
        assert client.get(f"/reports/held?{wrong}").status_code == 422
    assert browser(promised, "claire").get("/reports/held").status_code == 302


def test_the_api_says_who_held_it(promised: Cast, month: Rows) -> None:
    caller = Caller(issue(promised.root, "reports")[1])
    asked = {"period": "2026-03", "zone": "Europe/Copenhagen", "metric": "resolution", "by": "state"}
    found = caller.get(f"/reports/held?{urlencode(asked)}").json()
    assert (found["clocks"], found["total"]["tickets"]) == (10, 1)
    assert sum(row["counted_seconds"] for row in found["items"]) == found["total"]["counted_seconds"]
    wanted = urlencode({**asked, "holder": found["items"][0]["key"], "limit": 1})
    page = caller.get(f"/reports/held/tickets?{wanted}").json()
    assert [one["number"] for one in page["items"]] == [month.record.number]
    assert (page["count"], page["next_cursor"]) == (1, None)
