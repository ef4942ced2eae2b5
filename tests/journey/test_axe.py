"""Every page, in both themes, at desk and phone width: no violation of WCAG 2.2 A and AA that axe can find, nothing
sideways down to 320 pixels, no word on the console, nothing that fails to load, and not too much of it.

The pages come from the product's own list of addresses (places.py), so a new one is looked at without being asked.
Each is loaded once and then looked at in all four ways: the document is the same, only the sheet answers. What a dark
sheet can break is contrast, so the dark views ask the rules about colour and the light ones ask all. Colours are asked
about once for everything that is drawn alike (drawn.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from . import drawn, places
from .conftest import HEIGHTS, House, Known, Watched, opened, ready

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
ALL_BUT_COLOURS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {rule: {"enabled": False} for rule in COLOURS},
}
MOST_NODES = 1500
FOR_READING = (places.API_DOCS, "/styleguide")  # books, not screens to work on
VISITS = [(who, route) for route in places.routes() for who in places.visitors(route)]
NAMES = {"": "visitor", "claire": "requester", "amira": "agent", "root": "administrator"}


@pytest.fixture(scope="module")
def pages(chromium: Browser, house: House, known: Known) -> Iterator[dict[str, tuple[Page, Watched]]]:
    """A page for each of the people, kept for the whole module, and what it complains of."""
    windows: list[BrowserContext] = []
    found: dict[str, tuple[Page, Watched]] = {}
    for who in NAMES:
        windows.append(opened(chromium, house, who))
        page, watched = windows[-1].new_page(), Watched()
        watched.watch(page)
        found[who] = page, watched
    yield found
    for one in windows:
        one.close()


Found = list[tuple[str, list[str]]]


def violations(page: Page, what: dict[str, Any], where: str = "document") -> Found:
    """What axe finds, with the markup it complains of."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(
        f"what => axe.run({where}, what).then(all => all.violations)",
        # Nobody reads the selectors, and to make them takes longer than most rules.
        {**what, "resultTypes": ["violations"], "preload": False, "selectors": False},
    )
    return [
        (one["id"], [f"{node['html'][:160]} {node['failureSummary'][:200]}" for node in one["nodes"][:4]])
        for one in found
    ]


def colours(page: Page) -> Found:
    """Of whatever is drawn as nothing was before it; it is remembered once nothing was wrong with it."""
    for again in (True, True, False):
        new = drawn.unlike(page)
        try:
            found = violations(page, {"runOnly": {"type": "rule", "values": COLOURS}}, drawn.THOSE) if new else []
            break
        except Error as gone:
            # What a page fetches after it stands takes the place of what was marked.
            if not again or "No elements found" not in gone.message:
                raise
            page.wait_for_load_state("networkidle")
    if not found:
        drawn.fine.update(new)
    return found


def look(page: Page, widths: Iterable[int] = HEIGHTS) -> dict[str, Any]:
    """In all four ways; returns the complaints by view."""
    complaints: dict[str, Any] = {}
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        page.emulate_media(color_scheme="light")
        if (beyond := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
            complaints[f"{width} sideways"] = (beyond, wide(page))
        if width == 320:
            continue
        book = any(one in page.url for one in FOR_READING)  # a long one: read once as a whole, and once in the dark
        if not book or width == 390:
            complaints[f"{width} light"] = violations(page, ALL_BUT_COLOURS) + colours(page)
        if not book or width == 1440:
            page.emulate_media(color_scheme="dark")
            complaints[f"{width} dark"] = colours(page)
    nodes = page.evaluate("document.querySelectorAll('*').length")
    complaints["nodes"] = nodes if nodes > MOST_NODES and not any(one in page.url for one in FOR_READING) else 0
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")
    return {view: found for view, found in complaints.items() if found}


def wide(page: Page) -> list[str]:
    """The elements that reach beyond the right edge."""
    return page.evaluate(
        """() => [...document.querySelectorAll('body *')]
             .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
             .slice(0, 5).map(one => one.outerHTML.slice(0, 140))"""
    )


@pytest.mark.parametrize(("who", "route"), VISITS, ids=[f"{NAMES[who]} /{route}" for who, route in VISITS])
def test_every_page(pages: dict[str, tuple[Page, Watched]], known: Known, who: str, route: str) -> None:
    try:
        addresses = places.addresses(route, known)
    except LookupError as unknown:
        pytest.fail(str(unknown))
    (page, watched), complaints = pages[who], {}
    for address in addresses:
        if not is_page(page, address):
            continue
        watched.faults.clear()
        answer = page.goto(address)
        assert answer is not None
        found = look(page)
        if answer.status >= 500 or (who and "/sign-in" in page.url):
            found["status"] = (answer.status, page.url)
        if watched.faults:
            found["faults"] = [*watched.faults]
        if found:
            complaints[address] = found
    assert complaints == {}


def is_page(page: Page, address: str) -> bool:
    """Not the target of a form, nor bytes, nor a fragment that a page fetches for itself."""
    told = page.request.get(address, max_redirects=0)
    if told.status in (301, 302):
        return True
    html = "text/html" in told.headers.get("content-type", "") and told.status != 405
    return html and told.text().lstrip()[:9].lower() == "<!doctype"


#: What is closed at first: where, how it is opened, what opens then.
CLOSED = [
    ("amira", "/incidents/{number}", "s", "#states"),
    ("amira", "/incidents/{number}", "a", "#verb"),
    ("amira", "/incidents/{number}", "e", "#verb"),
    ("amira", "/incidents/{number}", "?", "#shortcuts"),
    ("amira", "/incidents/{number}", "[popovertarget=more]", "#more"),
    ("amira", "/incidents/{number}", "[popovertarget=send-and]", "#send-and"),
    ("amira", "/incidents/{number}", "[popovertarget=me]", "#me"),
    ("amira", "/incidents/{number}", "p", "#urgencies"),
    ("amira", "/incidents/?state=open", "f", "#condition"),
    ("amira", "/incidents/?state=open", "j Space", "#peek"),
    ("amira", "/incidents/?state=open", "[data-panel=views-menu]", "#views-menu"),
    ("amira", "/incidents/?state=open", "[title^=Columns]", "#look-panel"),
    ("amira", "/", "[popovertarget=arrange-cards]", "#arrange-cards"),
    ("claire", "/portal/", "[popovertarget=me]", "#me"),
]
#: Forms that are sent as they are, with a required field left empty.
FORMS = [
    ("", "/sign-in"),
    ("claire", "/portal/report"),
    ("claire", "/portal/requests/{number}"),
    ("claire", "/profile/password"),
    ("amira", "/incidents/new"),
    ("amira", "/incidents/{number}"),
    ("amira", "/incidents/{number}/do/resolve"),
    ("root", "/admin/people/new"),
    ("root", "/admin/teams/new"),
    ("root", "/admin/services/new"),
]
DRAWERS = [("[popovertarget=side]", "#side"), ("[popovertarget=sidenav]", "#sidenav")]


@pytest.mark.parametrize(
    ("who", "path", "opener", "what"), CLOSED, ids=[f"{who} {one} {what}" for who, _, one, what in CLOSED]
)
def test_menus_and_dialogs(
    pages: dict[str, tuple[Page, Watched]], known: Known, who: str, path: str, opener: str, what: str
) -> None:
    page, watched = pages[who]
    watched.faults.clear()
    page.goto(path.replace("{number}", known["number"][0]))
    ready(page)
    if opener.startswith("["):
        page.locator(opener).click()
    else:
        for key in opener.split():
            page.keyboard.press(key)
    expect(page.locator(what)).to_be_visible()
    if what in ("#verb", "#condition", "#look-panel"):
        expect(page.locator(f"{what} form")).to_be_visible()
    found = look(page)
    if what in ("#verb", "#condition", "#look-panel", "#views-menu", "#peek", "#shortcuts"):
        found.pop("nodes", None)  # fetched when it is asked for: the page itself was weighed without it
    assert found == {}
    assert watched.nothing()


@pytest.mark.parametrize(("who", "path"), FORMS)
def test_forms_with_faults(pages: dict[str, tuple[Page, Watched]], known: Known, who: str, path: str) -> None:
    page, _watched = pages[who]
    page.goto(path.replace("{number}", known["number"][0]))
    form = page.locator("main form:has(.button.primary)").last
    form.evaluate("one => { one.noValidate = true; }")
    if "{number}" in path:  # a picture waits beside the reply and would go out alone; the note has nothing to send
        page.keyboard.press("n")
    form.locator(".button.primary").last.click()
    expect(page.locator("main .error").filter(has_text=re.compile(r"\w")).first).to_be_visible()
    assert look(page) == {}


@pytest.mark.parametrize(("opener", "what"), DRAWERS)
def test_drawers_on_a_phone(pages: dict[str, tuple[Page, Watched]], known: Known, opener: str, what: str) -> None:
    page, _watched = pages["amira"]
    page.set_viewport_size({"width": 390, "height": HEIGHTS[390]})
    page.goto(f"/incidents/{known['number'][0]}")
    page.locator(opener).click()
    expect(page.locator(what)).to_be_visible()
    assert look(page, widths=(390,)) == {}


@pytest.mark.parametrize("who", list(NAMES))
def test_refusals(pages: dict[str, tuple[Page, Watched]], who: str) -> None:
    page, _watched = pages[who]
    for address in places.NOT_THERE:
        page.goto(f"/{address}")
        assert (address, look(page)) == (address, {})


def test_colours_that_cannot_be_read_are_found_each_time(pages: dict[str, tuple[Page, Watched]]) -> None:
    """On what is drawn as elsewhere too, once it is drawn otherwise: also by what it lies in, and in one theme only."""
    page, _watched = pages["amira"]
    page.goto("/")
    assert look(page, widths=(1440,)) == {}
    page.evaluate("document.querySelector('h1').style.color = '#999'")
    for _ in range(2):
        assert [rule for rule, _where in colours(page)] == ["color-contrast"]
    page.reload()
    page.evaluate("document.querySelector('h1').parentElement.style.background = 'light-dark(white, #888)'")
    assert colours(page) == []
    page.emulate_media(color_scheme="dark")
    assert [rule for rule, _where in colours(page)] == ["color-contrast"]
    page.emulate_media(color_scheme="light")
