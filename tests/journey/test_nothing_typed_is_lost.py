"""No typed text is ever lost: wherever people write, the network goes, a proxy answers, the server is killed and
started again, the session ends or the tab closes, and the words are there again (ux.md 0.3).

The product's own server stands behind it. Words are typed at a share of the places first; each interruption then
meets all of those: sending says that it could not be done and leaves the words in their box. A tab that closes is
closed at once, without a pause in which a draft could have been saved by chance, and a new one has the words again: at
every place, and after an interruption at one place of each kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, Route, TimeoutError, expect

from quell.practices.incidents import facade as incidents
from quell.practices.servicedesk import facade as servicedesk
from quell.practices.tasks import facade as tasks
from tests.live.serving import Served, serving

from .conftest import House, Known, ready

pytestmark = pytest.mark.browser
#: What says that it did not go through: the dialog of somebody signed out, or a toast.
TOLD = "dialog#signed-out[open], .toast.bad"


@dataclass(frozen=True)
class Place:
    """Where words are typed: who, the page (with `{number}`, `{text_id}` … of things there are), the box, and what
    leads to it there: a key, or the head of something folded; and the way back to it where that is another one."""

    name: str
    person: str
    path: str
    box: str
    key: str = ""
    unfold: str = ""
    back: str = ""


PLACES = [
    Place("reply", "amira", "/incidents/{mine}", "#composer-body", key="r"),
    Place("note", "amira", "/incidents/{other}", "#composer-note", key="n"),
    Place("hold", "amira", "/incidents/{mine}/do/hold", "[name=note]"),
    Place("transfer", "amira", "/incidents/{mine}/do/transfer", "[name=reason]"),
    Place("resolution", "amira", "/incidents/{mine}/do/resolve", "[name=resolution]"),
    Place("cancel", "amira", "/incidents/{mine}/do/cancel", "[name=reason]"),
    Place("description", "amira", "/incidents/{mine}/edit/description", "[name=description]"),
    Place("snooze", "amira", "/incidents/{mine}/snooze", "[name=text]"),
    Place("merge", "amira", "/incidents/{mine}/merge", "[name=more]"),
    Place("split", "amira", "/incidents/{mine}/split", "[name=title]"),
    Place("task", "amira", "/incidents/{mine}?tab=tasks", "#id_title"),
    Place("line to tick", "amira", "/incidents/{other}?tab=tasks", "#new-line"),
    Place("task changed", "amira", "/incidents/{mine}/tasks/{job}/inside", "[data-draft^=task-] [name=title]"),
    Place("task skipped", "amira", "/incidents/{mine}/tasks/{chore}/inside", "[name=reason]"),
    Place("hours", "amira", "/time", "[data-draft=time] [name=note]"),
    Place("canned reply", "amira", "/texts/{text_id}", "[name=text_en]"),
    Place("new canned reply", "amira", "/texts/new", "[name=text_da]"),
    Place("macro", "amira", "/macros/{macro_id}", "[name=text_en]"),
    Place("new macro", "amira", "/macros/new", "[name=name]"),
    Place("new view", "amira", "/views/new?list=query%3Dstate%253Aopen", "[name=name]"),
    Place("query of a view", "amira", "/views/{key}", "[name=query]"),
    Place("call", "amira", "/incidents/new", "[name=title]"),
    Place("call over a page", "amira", "/follow-ups", "#call [name=title]", key="c", back="[data-resume]"),
    Place("absence", "amira", "/profile/availability", "[name=note]"),
    Place("report", "claire", "/portal/report", "[name=detail]"),
    Place("answer to a question", "claire", "/portal/report?title=printer", "[type=text][name^=answer-]"),
    Place("message", "claire", "/portal/requests/{mine}", "textarea[name=body]"),
    Place("number to call", "claire", "/portal/requests/{other}", "[name=phone]", unfold="details:has([name=phone])"),
    Place("still broken", "claire", "/portal/requests/{done}", "[name=reason]", unfold="details:has([name=reason])"),
    Place("rating", "claire", "/portal/requests/{closed}", "[name=comment]"),
    Place("announcement", "root", "/admin/announcements/{announcement_id}", "[name=text]"),
    Place("new announcement", "root", "/admin/announcements/new", "[name=text]"),
    Place("person", "root", "/admin/people/{person_id}", "[name$=job_title]"),
    Place("new person", "root", "/admin/people/new", "[name=name]"),
    Place("team", "root", "/admin/teams/{team_id}", "[data-draft^=team-] [name$=name]"),
    Place("organisation", "root", "/admin/organisations/{organisation_id}", "[name=name]"),
    Place("role", "root", "/admin/roles/{role_id}", "[name=description]"),
    Place("service", "root", "/admin/services/{code}", "[name=description]"),
    Place("questions about a category", "root", "/admin/categories/{category_id}/intake", "[name=words]"),
    Place("task template", "root", "/admin/task-templates/{template_id}", "[name=name]"),
    Place("rule", "root", "/admin/assignment/rule", "[name=name]"),
]
#: Each way in which a place keeps its words: the composer, a part that is fetched, a dialog, a form that is sent.
ONE_OF_EACH = [one for one in PLACES if one.name in ("reply", "task", "call over a page", "macro", "message")]
#: So many places are open at a time: tabs that nobody looks at cost too, and processes share the tests by shares.
SHARES = 3


@dataclass
class Sitting:
    """A person at a browser, and the pages in which words stand."""

    context: BrowserContext
    pages: dict[str, Page] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sittings:
    """People at their browsers, and the places where they write."""

    places: list[Place]
    of: dict[str, Sitting] = field(default_factory=dict)

    def page(self, place: Place) -> Page:
        """Where the words of a place stand."""
        return self.of[place.person].pages[place.name]


@pytest.fixture(scope="module")
def things(house: House, known: Known) -> dict[str, str]:
    """What the places are about."""
    people = house.people
    claire, amira = people.actor("claire"), people.actor("amira")

    def given(title: str) -> str:
        number = incidents.report(claire, {"title": title})
        incidents.act(people.actor("mia"), "assign", number, {"assignee": people.amira.email})
        return number

    found = {name: given(f"Words are typed here: {name}") for name in ("mine", "other", "done", "closed")}
    for name in ("done", "closed"):
        incidents.act(amira, "resolve", found[name], {"resolution_code": "fixed", "resolution": "A new drum."})
    incidents.act(claire, "close", found["closed"])
    jobs = {name: tasks.add(amira, found["mine"], {"title": name}) for name in ("job", "chore")}
    return {name: examples[0] for name, examples in known.items()} | found | jobs


@pytest.fixture(scope="module")
def served(house: House) -> Iterator[Served]:
    """The product's own server beside the house, on the same database."""
    with serving(house.people, 1) as found:
        yield found


def sit(chromium: Browser, served: Served, person: str) -> Sitting:
    """A browser in which that person is signed in."""
    context = chromium.new_context(base_url=served.address, viewport={"width": 1440, "height": 900})
    # Nothing can be kept to be sent later (test_waiting.py): here the drafts alone have to hold.
    context.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    sign_in(context, served, person)
    return Sitting(context)


def sign_in(context: BrowserContext, served: Served, person: str) -> None:
    """As the sign-in page would."""
    context.add_cookies([{"name": served.cookie_name, "value": served.new_session(person), "url": served.address}])


def write(context: BrowserContext, place: Place, path: str) -> Page:
    """Go there and type."""
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(path)
    page.wait_for_function("() => window.quell?.drafts")
    if place.key:
        ready(page)
        page.keyboard.press(place.key)
    if place.unfold:
        page.locator(place.unfold).locator("summary").click()
    page.locator(place.box).fill(words(place))
    return page


def words(place: Place) -> str:
    """What is typed there; no telephone number is longer."""
    return f"Careful words {place.name}"[:40]


@pytest.fixture(scope="module", params=range(SHARES), ids=[f"share {at + 1}" for at in range(SHARES)])
def sittings(
    request: pytest.FixtureRequest, chromium: Browser, served: Served, things: dict[str, str]
) -> Iterator[Sittings]:
    """Words are typed at every place of a share. Each tab is closed at once and the place opened again, and its words
    stand there by themselves; where they do not, they are noted as lost and typed again."""
    found = Sittings(PLACES[request.param :: SHARES])
    for place in found.places:
        sitting = found.of.get(place.person) or found.of.setdefault(place.person, sit(chromium, served, place.person))
        path = place.path.format(**things)
        write(sitting.context, place, path).close(run_before_unload=False)
        page = come_back(sitting.context, place, path)
        if wrong := not_there(page, place):
            sitting.lost[place.name] = wrong
            page.close()
            page = write(sitting.context, place, path)
        sitting.pages[place.name] = page
    yield found
    for sitting in found.of.values():
        sitting.context.close()
    connections.close_all()


def come_back(context: BrowserContext, place: Place, path: str) -> Page:
    """Open the place in a new tab."""
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(path)
    if place.key:
        ready(page)
    if place.back:
        page.locator(place.back).click()
    elif place.key:
        page.keyboard.press(place.key)
    return page


def not_there(page: Page, place: Place) -> str:
    """What stands in the box instead of the words; empty: they do."""
    try:
        expect(page.locator(place.box)).to_have_value(words(place), timeout=5_000)
    except AssertionError as no:
        return str(no)
    return ""


def sent_in_vain(sittings: Sittings) -> dict[str, str]:
    """Send at every place. Returns the places where nobody was told, or where the words left their box."""
    wrong = {}
    for place in sittings.places:
        page = sittings.page(place)
        # Where the page has asked the server for something else meanwhile, the dialog stands there already and takes
        # no click past it: the form's own button is pressed by the page.
        page.locator(place.box).evaluate(
            """box => {
                document.querySelectorAll(".toast").forEach(one => one.remove());
                box.form.noValidate = true;
                const buttons = [...box.form.querySelectorAll("button:not([type=button])")];
                (buttons.find(one => one.matches(".primary")) ?? buttons[0]).click();
            }"""
        )
        try:
            page.locator(TOLD).first.wait_for(timeout=5_000)
        except TimeoutError:
            wrong[place.name] = "nobody was told"
        if (there := page.locator(place.box).input_value()) != words(place):
            wrong[place.name] = f"in the box: {there!r}"
    return wrong


def not_back(sittings: Sittings, things: dict[str, str]) -> dict[str, str]:
    """Open one place of each kind in a new tab. Returns those where the words are not, and what is."""
    wrong = {}
    for place in [one for one in ONE_OF_EACH if one in sittings.places]:
        page = come_back(sittings.of[place.person].context, place, place.path.format(**things))
        wrong[place.name] = not_there(page, place)
        page.close()
    return {name: what for name, what in wrong.items() if what}


def test_there_are_places_enough(things: dict[str, str]) -> None:
    """Two dozen kinds at the least, and each a place of its own."""
    assert len(PLACES) >= 24
    assert len({(one.person, one.path, one.box) for one in PLACES}) == len(PLACES)
    assert len(ONE_OF_EACH) == 5


def test_the_network_goes(sittings: Sittings, things: dict[str, str]) -> None:
    for sitting in sittings.of.values():
        sitting.context.set_offline(True)
    wrong = sent_in_vain(sittings)
    for sitting in sittings.of.values():
        sitting.context.set_offline(False)
    assert wrong == {}


def test_a_proxy_answers_while_the_server_is_away(sittings: Sittings, things: dict[str, str]) -> None:
    def away(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=502, content_type="text/html", body="<!doctype html><h1>Bad gateway</h1>")
        else:
            route.continue_()

    for sitting in sittings.of.values():
        sitting.context.route("**/*", away)
    wrong = sent_in_vain(sittings)
    for sitting in sittings.of.values():
        sitting.context.unroute("**/*")
    assert wrong == {}


def test_the_server_is_killed_and_started_again(sittings: Sittings, things: dict[str, str], served: Served) -> None:
    served.die()
    try:
        wrong = sent_in_vain(sittings)
    finally:
        served.rise()
    assert wrong == {}
    assert not_back(sittings, things) == {}


def test_the_session_ends(sittings: Sittings, things: dict[str, str], served: Served) -> None:
    Session.objects.all().delete()
    wrong = sent_in_vain(sittings)
    for person, sitting in sittings.of.items():
        sign_in(sitting.context, served, person)
    assert wrong == {}
    assert not_back(sittings, things) == {}


def test_the_tab_closes(sittings: Sittings) -> None:
    assert [sitting.lost for sitting in sittings.of.values() if sitting.lost] == []


def test_words_kept_from_before_a_change_of_others_do_not_replace_it_unasked(
    chromium: Browser, served: Served, house: House, things: dict[str, str]
) -> None:
    """They come back with the version they were written against: saving says that somebody was faster, and once more
    keeps one's own."""
    place = next(one for one in PLACES if one.name == "canned reply")
    mine, path = sit(chromium, served, "amira").context, place.path.format(**things)
    write(mine, place, path).close(run_before_unload=False)
    servicedesk.edit_canned(house.people.actor("amira"), int(things["text_id"]), {"texts": {"en": "Theirs"}})
    page = come_back(mine, place, path)
    save = page.get_by_role("button", name="Save")
    save.click()
    expect(page.locator("#text-form .error-summary")).to_be_visible()
    expect(page.locator(place.box)).to_have_value(words(place))
    save.click()
    expect(page).to_have_url(f"{served.address}/texts")
    assert servicedesk.canned(house.people.actor("amira"), int(things["text_id"])).texts["en"] == words(place)
    mine.close()
