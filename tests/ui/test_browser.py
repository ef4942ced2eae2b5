"""The design system in a real Chromium: drafts, files, keys, drawers, and what htmx does with refusals. What axe says
of its pages, and their width, stands with every other page's (tests/journey/test_axe.py)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from quell.kernel.ui.styleguide import SAMPLES

pytestmark = pytest.mark.browser

#: The keys of what is kept on the device of things being written.
DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('quell-draft'))"
PAGES = ["/styleguide", *(f"/styleguide/{name}" for name in SAMPLES)]
SIZES = {1440: 900, 390: 844}


@pytest.fixture
def window(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a browser window of a width and theme."""
    opened: list[BrowserContext] = []

    def make(width: int = 1440, theme: str = "light", **extra: Any) -> BrowserContext:
        context = chromium.new_context(
            viewport={"width": width, "height": SIZES.get(width, 900)}, color_scheme=theme, **extra
        )
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def page(window: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A page that fails the test when one of its scripts throws."""
    page = window().new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    yield page
    assert faults == []


@pytest.mark.parametrize("address", PAGES)
def test_touch_targets_on_a_phone(window: Callable[..., BrowserContext], site: str, address: str) -> None:
    page = window(390, has_touch=True).new_page()
    page.goto(site + address)
    small = page.eval_on_selector_all(
        "button, .button, .input, .select, .mobilebar a, .segmented label",
        """all => all.filter(one => one.checkVisibility() && !one.matches('.small, .chip, [popover] *'))
             .filter(one => one.getBoundingClientRect().height < 40)
             .map(one => one.outerHTML.slice(0, 90))""",
    )
    assert [one for one in small if "file" not in one] == []


def test_the_job_is_possible_without_script(window: Callable[..., BrowserContext], site: str) -> None:
    page = window(java_script_enabled=False).new_page()
    page.goto(f"{site}/styleguide/workspace")
    page.get_by_text("Internal note", exact=True).click()
    expect(page.locator("#composer-note")).to_be_visible()
    expect(page.locator("#composer-body")).to_be_hidden()
    expect(page.get_by_role("button", name="Add note")).to_be_visible()
    page.goto(f"{site}/styleguide/queue")
    expect(page.locator(".bulkbar")).to_be_hidden()
    page.get_by_label("Select INC-10479").check()
    expect(page.locator(".bulkbar")).to_be_visible()
    page.get_by_label("Switch between light and dark").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_theme_turns_at_once_and_stays(page: Page, site: str) -> None:
    page.goto(f"{site}/styleguide")
    with page.expect_response("**/preferences"):
        page.get_by_label("Switch between light and dark").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 19, 26)"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_drafts_of_reply_and_note_never_mix_and_survive_a_reload(page: Page, site: str) -> None:
    page.goto(f"{site}/styleguide/workspace")
    page.locator("#composer-body").fill("Dear Claire")
    page.keyboard.press("Escape")
    page.locator("body").click(position={"x": 5, "y": 890})
    page.keyboard.press("n")
    expect(page.locator("#composer-note")).to_be_focused()
    expect(page.locator("#composer-note")).to_have_value("")
    page.keyboard.type("firmware is to blame")
    page.reload()
    expect(page.locator("#composer-body")).to_have_value("Dear Claire")
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft restored")
    page.get_by_text("Internal note", exact=True).click()
    expect(page.locator("#composer-note")).to_have_value("firmware is to blame")


def test_a_draft_belongs_to_one_record_and_one_person(page: Page, site: str) -> None:
    page.goto(f"{site}/styleguide/workspace")
    page.locator("#composer-body").fill("only here")
    page.goto(f"{site}/styleguide")
    expect(page.locator("#composer-body")).to_have_value("")
    keys = page.evaluate(DRAFTS)
    assert keys == ["quell-draft|visitor|record|INC-10482|public"]


def test_a_draft_goes_only_after_the_server_took_it(page: Page, site: str) -> None:
    page.goto(f"{site}/styleguide/workspace")
    box, send = page.locator("#composer-body"), page.get_by_role("button", name="Send reply")
    answers: Iterator[dict[str, Any]] = iter(
        [
            {"status": 500, "content_type": "text/html", "body": "<!doctype html><body>broken"},
            {"status": 204, "headers": {"Quell-Location": "/sign-in?next=/styleguide/workspace"}},
            {
                "status": 409,
                "content_type": "text/html",
                "body": "<div class=toast><span class=grow>Closed.</span></div>",
            },
            {"status": 204, "headers": {"Quell-Location": "/styleguide/workspace"}},
        ]
    )

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(**next(answers))
        else:
            route.continue_()

    page.route("**/styleguide/workspace*", answer)
    box.fill("my long answer")
    box.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Nothing was lost")
    expect(box).to_have_value("my long answer")
    send.click()
    expect(page.get_by_role("dialog", name="You were signed out")).to_be_visible()
    page.get_by_role("button", name="Back to my text").click()
    expect(box).to_have_value("my long answer")
    send.click()
    expect(page.locator("#toasts")).to_contain_text("Closed.")
    page.reload()
    expect(box).to_have_value("my long answer")
    with page.expect_navigation():
        send.click()
    expect(box).to_have_value("")
    assert page.evaluate(DRAFTS) == []


def test_a_morph_to_another_record_takes_no_text_along(page: Page, site: str) -> None:
    page.goto(f"{site}/styleguide/workspace")
    page.locator("#composer-body").fill("for 10482 only")
    page.evaluate("document.querySelector('quell-composer').dataset.record = 'INC-10479'")
    expect(page.locator("#composer-body")).to_have_value("")
    page.locator("#composer-body").fill("for 10479")
    page.evaluate("document.querySelector('quell-composer').dataset.record = 'INC-10482'")
    expect(page.locator("#composer-body")).to_have_value("for 10482 only")


def test_a_reply_sent_by_htmx_clears_its_own_draft_and_no_other(page: Page, site: str) -> None:
    page.goto(f"{site}/styleguide/workspace")
    page.evaluate(
        """() => { const form = document.querySelector('#composer');
             for (const [name, value] of [['hx-post', '/say'], ['hx-swap', 'none']]) form.setAttribute(name, value);
             htmx.process(form, true); }"""
    )
    page.locator("#composer-body").fill("dear Claire")
    page.get_by_text("Internal note", exact=True).click()
    page.locator("#composer-note").fill("not for Claire")
    page.get_by_text("Reply to Claire").click()
    page.route("**/say", lambda route: route.fulfill(status=422, content_type="text/html", body="<p>no</p>"))
    page.locator("#composer-body").press("Control+Enter")
    page.wait_for_timeout(200)
    expect(page.locator("#composer-body")).to_have_value("dear Claire")
    page.unroute("**/say")
    page.route("**/say", lambda route: route.fulfill(status=200, content_type="text/html", body="<p>ok</p>"))
    with page.expect_request("**/say") as sent:
        page.locator("#composer-body").press("Control+Enter")
    assert 'name="visibility"\r\n\r\npublic' in (sent.value.post_data or "")
    expect(page.locator("#composer-body")).to_have_value("")
    page.reload()
    expect(page.locator("#composer-body")).to_have_value("")
    page.get_by_text("Internal note", exact=True).click()
    expect(page.locator("#composer-note")).to_have_value("not for Claire")


def test_a_refused_form_comes_back_with_text_files_and_focus(page: Page, site: str, tmp_path: Path) -> None:
    page.goto(f"{site}/styleguide/report")
    page.get_by_label("What is wrong?").fill("   ")
    page.get_by_label("More detail").fill("since this morning")
    picture = tmp_path / "screen.png"
    picture.write_bytes(b"x" * 2000)
    page.locator("input[type=file]").set_input_files(picture)
    page.get_by_role("button", name="Send report").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".files .file")).to_contain_text("screen.png")
    expect(page.get_by_label("More detail")).to_have_value("since this morning")


def test_a_file_too_large_gives_a_sentence_and_keeps_the_text(page: Page, site: str, tmp_path: Path) -> None:
    page.goto(f"{site}/styleguide/workspace")
    page.locator("#composer-body").fill("see the film")
    small, large = tmp_path / "picture.png", tmp_path / "holiday.mp4"
    small.write_bytes(b"x" * 2000)
    large.write_bytes(b"x" * 84 * 1024**2)
    page.locator("quell-composer input[type=file]").set_input_files([small, large])
    expect(page.locator("[data-file-errors]")).to_have_text(
        "holiday.mp4 is 84 MB; the limit is 25 MB. Share a link instead."
    )
    expect(page.locator("[data-file-list] .file")).to_have_count(1)
    expect(page.locator("#composer-body")).to_have_value("see the film")
    page.get_by_role("button", name="Remove picture.png").click()
    expect(page.locator("[data-file-list] .file")).to_have_count(0)


def test_a_pasted_picture_is_attached(page: Page, site: str) -> None:
    page.goto(f"{site}/styleguide/workspace")
    page.locator("#composer-body").evaluate(
        """box => { const carrier = new DataTransfer();
             carrier.items.add(new File(['x'], 'image.png', {type: 'image/png'}));
             const facts = {clipboardData: carrier, bubbles: true, cancelable: true};
             box.dispatchEvent(new ClipboardEvent('paste', facts)); }"""
    )
    expect(page.locator("[data-file-list] .file")).to_contain_text("pasted-picture-")


def test_the_report_form_keeps_everything_but_files(page: Page, site: str) -> None:
    page.goto(f"{site}/styleguide/report")
    page.get_by_label("What is wrong?").fill("VPN drops")
    page.get_by_label("The whole site").check()
    page.reload()
    expect(page.get_by_label("What is wrong?")).to_have_value("VPN drops")
    expect(page.get_by_label("The whole site")).to_be_checked()
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft restored")
    page.get_by_role("button", name="Send report").click()
    page.wait_for_url("**/styleguide/portal")
    page.goto(f"{site}/styleguide/report")
    expect(page.get_by_label("What is wrong?")).to_have_value("")


def test_keys_move_select_and_can_be_switched_off(page: Page, site: str) -> None:
    page.goto(f"{site}/styleguide/queue")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr.cursor")).to_contain_text("INC-10479")
    page.keyboard.press("x")
    page.keyboard.press("Shift+j")
    expect(page.locator("[data-select-count]")).to_have_text("2 selected")
    page.keyboard.press("Escape")
    expect(page.locator("input.check:checked")).to_have_count(0)
    page.route("**/palette*", lambda route: route.fulfill(body=""))  # nobody is signed in here
    page.keyboard.press("Control+k")
    expect(page.locator("#finder-field")).to_be_focused()
    page.keyboard.type("jx?", delay=1)
    expect(page.locator("#finder-field")).to_have_value("jx?")
    page.keyboard.press("Control+k")
    expect(page.locator("#finder")).to_be_hidden()
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    expect(page.locator("[data-shortcuts-here]")).to_contain_text("Next page")
    with page.expect_response("**/preferences"):
        page.locator("[data-shortcuts-switch]").click()
    page.keyboard.press("Escape")
    before = page.locator("tr.cursor").inner_text()
    page.keyboard.press("j")
    assert page.locator("tr.cursor").inner_text() == before


def test_shift_click_takes_the_range_and_the_head_takes_all(page: Page, site: str) -> None:
    page.goto(f"{site}/styleguide/queue")
    page.get_by_label("Select INC-10479").click()
    page.get_by_label("Select INC-10471").click(modifiers=["Shift"])
    expect(page.locator("[data-select-count]")).to_have_text("4 selected")
    page.get_by_label("Select all on this page").click()
    expect(page.locator("[data-select-count]")).to_have_text("10 selected")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".bulkbar")).to_be_hidden()


def test_menus_open_close_and_walk_by_keyboard(page: Page, site: str) -> None:
    page.goto(f"{site}/styleguide/workspace")
    opener = page.get_by_role("button", name="More actions")
    opener.focus()
    page.keyboard.press("Enter")
    menu = page.locator("#more")
    expect(menu).to_be_visible()
    box, button = menu.bounding_box(), opener.bounding_box()
    assert box is not None
    assert button is not None
    assert abs(box["x"] + box["width"] - button["x"] - button["width"]) < 3
    assert 0 <= box["y"] - button["y"] - button["height"] < 12
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()


def test_side_and_navigation_are_drawers_on_a_phone(window: Callable[..., BrowserContext], site: str) -> None:
    page = window(390, has_touch=True).new_page()
    page.goto(f"{site}/styleguide/workspace")
    expect(page.locator("#side")).to_be_hidden()
    page.get_by_role("button", name="Details").click()
    expect(page.locator("#side")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Priority matrix")).to_be_visible()
    composer = page.locator("quell-composer").bounding_box()
    assert composer is not None
    assert composer["y"] + composer["height"] <= 844 - 56 + 1


FRAGMENT = """() => {
  const form = document.createElement('form');
  form.id = 'trial'; form.setAttribute('hx-post', '/trial'); form.setAttribute('hx-swap', 'outerHTML');
  const input = document.createElement('input');
  input.name = 'text'; input.value = 'kept'; input.id = 'trial-text'; input.setAttribute('aria-label', 'text');
  const send = document.createElement('button');
  send.id = 'trial-send'; send.className = 'button'; send.textContent = 'Try';
  form.append(input, send); document.querySelector('main').prepend(form); htmx.process(form);
}"""


@pytest.fixture
def trial(page: Page, site: str) -> Callable[..., None]:
    """Puts an htmx form on the page whose answer the test decides."""
    page.goto(f"{site}/styleguide/sign-in")
    page.evaluate(FRAGMENT)

    def send(**answer: Any) -> None:
        page.unroute("**/trial")
        page.route("**/trial", lambda route: route.fulfill(**answer))
        page.locator("#trial-send").click()

    return send


def test_htmx_sends_the_token_and_swaps_a_422(page: Page, trial: Callable[..., None]) -> None:
    with page.expect_request("**/trial") as sent:
        trial(
            status=422,
            content_type="text/html",
            body="<form id=trial><div class='error-summary' tabindex=-1 data-focus>One thing</div></form>",
        )
    assert len(sent.value.headers["x-csrftoken"]) >= 32
    expect(page.locator("#trial .error-summary")).to_be_focused()


def test_a_refusal_comes_as_a_toast_and_keeps_the_form(page: Page, trial: Callable[..., None]) -> None:
    trial(
        status=409,
        content_type="text/html",
        headers={"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"},
        body='<div class="toast bad" data-toast><span class="grow">Closed; reopen it first.</span></div>',
    )
    expect(page.locator("#toasts")).to_contain_text("Closed; reopen it first.")
    expect(page.locator("#trial-text")).to_have_value("kept")
    expect(page.locator("#assertive")).to_have_text("Closed; reopen it first.")


@pytest.mark.parametrize("status", [403, 404, 500, 502])
def test_a_whole_error_page_never_replaces_a_pane(page: Page, trial: Callable[..., None], status: int) -> None:
    trial(status=status, content_type="text/html", body="<!doctype html><html><body>broken</body></html>")
    expect(page.locator("#toasts .toast.bad")).to_have_count(1)
    expect(page.locator("#trial-text")).to_have_value("kept")


def test_a_lost_connection_is_said(page: Page, trial: Callable[..., None]) -> None:
    page.unroute("**/trial")
    page.route("**/trial", lambda route: route.abort())
    page.locator("#trial-send").click()
    expect(page.locator("#toasts")).to_contain_text(re.compile("No connection"))
    expect(page.locator("#trial-text")).to_have_value("kept")


def test_signed_out_asks_to_sign_in_and_keeps_the_page(page: Page, trial: Callable[..., None]) -> None:
    trial(status=401, body="")
    expect(page.get_by_role("dialog", name="You were signed out")).to_be_visible()
    page.get_by_role("button", name="Back to my text").click()
    expect(page.locator("#trial-text")).to_have_value("kept")


def test_focus_stays_on_a_control_that_replaced_itself(page: Page, trial: Callable[..., None]) -> None:
    trial(
        status=200,
        content_type="text/html",
        body='<form id="trial"><button id="trial-send" class="button">Again</button></form>',
    )
    expect(page.locator("#trial-send")).to_have_text("Again")
    expect(page.locator("#trial-send")).to_be_focused()


def test_calm_and_forced_colours_and_paper(window: Callable[..., BrowserContext], site: str) -> None:
    page = window(reduced_motion="reduce", forced_colors="active").new_page()
    page.goto(f"{site}/styleguide")
    assert page.evaluate("getComputedStyle(document.querySelector('.skeleton')).animationName") == "none"
    paper = window().new_page()
    paper.goto(f"{site}/styleguide/workspace")
    paper.emulate_media(media="print")
    expect(paper.locator(".sidenav")).to_be_hidden()
    expect(paper.locator("quell-composer form")).to_be_hidden()
    expect(paper.locator("h1")).to_be_visible()
