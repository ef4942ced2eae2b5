"""Every page, in both themes, at desk and phone width: no violation of WCAG 2.2 A and AA that axe can find, nothing
sideways down to 320 pixels, no word on the console, nothing that fails to load, and not too much of it.

The pages come from the product's own list of addresses (places.py), so a new one is looked at without being asked.
Each is loaded once and then looked at in all four ways: the document is the same, only the sheet answers. What a dark
sheet can break is contrast, so the dark views ask the rules about colour and the light ones ask all. Colours are asked
about once for everything that is drawn alike, and whether a finger hits it where that can be doubted (drawn.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, Response, expect

from . import drawn, places
from .conftest import HEIGHTS, House, Known, Watched, opened, ready

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
SIZES = ["target-size"]
ALL_THE_REST = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {rule: {"enabled": False} for rule in COLOURS + SIZES},
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
        windows[-1].add_init_script(Axe().axe_script)
        page, watched = windows[-1].new_page(), Watched()
        watched.watch(page)
        found[who] = page, watched
    yield found
    for one in windows:
        one.close()


Found = list[tuple[str, list[str]]]


def violations(page: Page, what: dict[str, Any], where: str = "document") -> Found:
    """What axe finds, with the markup it complains of."""
    if not page.evaluate("'axe' in window"):
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
    """Of whatever is drawn as nothing was before it."""
    return _new(page, drawn.unlike, COLOURS)


def sizes(page: Page) -> Found:
    """Of whatever lies close together as nothing did before it."""
    return _new(page, drawn.tight, SIZES)


def _new(page: Page, unlike: Callable[[Page], list[str]], rules: list[str]) -> Found:
    """What these rules find of what is new; it is remembered once nothing was wrong with it."""
    for again in (True, True, False):
        new = unlike(page)
        try:
            found = violations(page, {"runOnly": {"type": "rule", "values": rules}}, drawn.THOSE) if new else []
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
    theme = "light"
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        if (beyond := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
            complaints[f"{width} sideways"] = (beyond, wide(page))
        if width == 320:
            continue
        book = any(one in page.url for one in FOR_READING)  # a long one: read once as a whole, and once in the dark
        for now in sorted(("light", "dark"), key=theme.__ne__):  # first as it stands: to turn it draws everything anew
            if book and (width, now) not in ((390, "light"), (1440, "dark")):
                continue
            if now != theme:
                page.emulate_media(color_scheme=now)
                theme = now
            found = colours(page)
            complaints[f"{width} {now}"] = (
                violations(page, ALL_THE_REST) + sizes(page) + found if now == "light" else found
            )
    if theme != "light":
        page.emulate_media(color_scheme="light")
    nodes = page.evaluate("document.querySelectorAll('*').length")
    complaints["nodes"] = nodes if nodes > MOST_NODES and not any(one in page.url for one in FOR_READING) else 0
    page.set_viewport_size({"width": 1440, "height": 900})
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
        watched.faults.clear()
        answer = gone_to(page, address)
        if answer is None:
            continue
        found = look(page)
        if answer.status >= 500 or (who and "/sign-in" in page.url):
            found["status"] = (answer.status, page.url)
        if watched.faults:
            found["faults"] = [*watched.faults]
        if found:
            complaints[address] = found
    assert complaints == {}


def gone_to(page: Page, address: str) -> Response | None:
    """The answer, if it is a page: no target of a form, no bytes, no fragment that a page fetches for itself."""
    try:
        answer = page.goto(address)
    except Error as away:
        if "Download is starting" in away.message or "ERR_ABORTED" in away.message:  # a file, or nothing at all (204)
            return None
        raise
    assert answer is not None
    html = "text/html" in answer.headers.get("content-type", "") and answer.status != 405
    return answer if html and page.evaluate("document.doctype !== null") else None


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


def test_what_a_finger_misses_is_found_each_time(pages: dict[str, tuple[Page, Watched]]) -> None:
    """Small and close together; the same with room around it is fine. A large one that another hides for the most."""
    page, _watched = pages["amira"]
    page.goto("/")
    assert look(page, widths=(1440,)) == {}
    page.evaluate(
        """() => document.querySelector("main").insertAdjacentHTML("afterbegin", `<div style="height: 60px">
             <button class="tiny" style="all: unset; width: 12px; height: 12px; background: #888" title="a"></button>
             <button class="tiny" style="all: unset; width: 12px; height: 12px; background: #888" title="b"></button>
           </div>`)"""
    )
    for _ in range(2):
        assert [rule for rule, _where in sizes(page)] == ["target-size"]
    page.evaluate("document.querySelectorAll('.tiny').forEach(one => { one.style.margin = '20px'; })")
    assert sizes(page) == []
    page.evaluate(
        """() => {
             const [low, high] = document.querySelectorAll(".tiny");
             low.style.cssText += "; width: 80px; height: 30px; position: absolute; left: 0; top: 0; margin: 0";
             high.style.cssText += "; width: 70px; height: 30px; position: absolute; left: 0; top: 0; margin: 0";
           }"""
    )
    assert [rule for rule, _where in sizes(page)] == ["target-size"]
