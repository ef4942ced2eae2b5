"""`make pictures`: every screen of the product, with the demonstration company in it, into docs/pictures/screens/.

Each screen at 1440 and 390 px, light and dark; those with much text in the four languages besides (light, both
widths). The pictures are WebP, so that a clone stays small, and a page lists them (docs/pictures/screens/README.md).
"""

from __future__ import annotations

import base64
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg
from playwright.sync_api import Browser, BrowserContext, Page

from tests.chromium import launched

from .instance import ROOT, Instance, running

PLACE = ROOT / "docs" / "pictures" / "screens"
WIDTHS = {1440: 900, 390: 844}
THEMES = ("light", "dark")
LANGUAGES = {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文", "da": "Dansk"}
QUALITY = 55


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: who looks, where, and what is pressed before the picture. `wordy`: worth all languages; `wide`: not
    on a telephone."""

    name: str
    title: str
    who: str
    path: str
    keys: tuple[str, ...] = ()
    wordy: bool = False
    wide: bool = False

    @property
    def widths(self) -> list[int]:
        """Where it is looked at."""
        return [width for width in WIDTHS if not self.wide or width > 800]


AGENT, LEAD, NETWORK, CHIEF, REQUESTER = (
    "jonas.schmidt",
    "amira.khalil",
    "wang.xiaoming",
    "noor.rahimi",
    "claire.moreau",
)
TARGET = "/admin/agreements/choice?metric=resolution&organisation=gungun&service=erp&priority=1&kind=incident&team="
SCREENS = (
    Screen("sign-in", "Sign-in", "", "/sign-in", wordy=True),
    Screen("agent-home", "An agent's home", AGENT, "/", wordy=True),
    Screen("lead-home", "The lead's home", LEAD, "/"),
    Screen("queue", "The queue", AGENT, "/incidents/?state=open&sort=priority", wordy=True),
    Screen("queue-board", "The queue as a board", AGENT, "/incidents/?state=open&sort=priority&layout=board"),
    Screen("queue-split", "The queue beside a ticket", AGENT, "/incidents/?state=open&sort=priority&layout=split"),
    Screen("queue-selection", "Three rows selected", AGENT, "/incidents/?state=open", ("j", "x", "j", "x", "j", "x")),
    Screen("queue-peek", "A glance at a row (Space)", AGENT, "/incidents/?state=open", ("j", " "), wordy=True),
    Screen("queue-as-text", "The queue asked by text", AGENT, "/incidents/?query=priority%3C%3D3+opened%3E-30d"),
    Screen("ticket", "A ticket", AGENT, "INCIDENT", wordy=True),
    Screen("ticket-reply", "Writing a reply", AGENT, "INCIDENT", ("r",)),
    Screen("ticket-note", "Writing an internal note", AGENT, "INCIDENT", ("n",), wordy=True),
    Screen("ticket-tasks", "A ticket's tasks", AGENT, "INCIDENT?tab=tasks"),
    Screen("ticket-history", "A ticket's history", AGENT, "INCIDENT?tab=history"),
    Screen("ticket-resolve", "Resolving", AGENT, "INCIDENT", ("e",)),
    Screen("ticket-macros", "Running a macro", AGENT, "INCIDENT", ("m",)),
    Screen("ticket-snooze", "Snoozing", AGENT, "INCIDENT", ("z",)),
    Screen("ticket-merge", "Merging", AGENT, "INCIDENT", ("Shift+M",)),
    Screen("palette", "The palette", AGENT, "/", ("Control+k", "v", "p", "n"), wordy=True),
    Screen("log-a-call", "A call over the page", AGENT, "/", ("c", "c", "l", "a", "i"), wordy=True, wide=True),
    Screen("log-a-call-page", "A call on a page of its own", AGENT, "/incidents/new"),
    Screen("shortcuts", "The keys", AGENT, "/", ("?",), wordy=True),
    Screen("clocks", "Each clock of a ticket explained", LEAD, "INCIDENT/clocks", wordy=True),
    Screen("queue-breaching", "What runs out within two hours", LEAD, "/incidents/?view=breaching"),
    Screen("inbox", "The inbox", AGENT, "/inbox"),
    Screen("search", "Search", AGENT, "/search?q=vpn"),
    Screen("views", "Views", AGENT, "/views"),
    Screen("canned-replies", "Canned replies", AGENT, "/texts"),
    Screen("macros", "Macros", AGENT, "/macros"),
    Screen("follow-ups", "Follow-ups", AGENT, "/follow-ups"),
    Screen("my-week", "The week's time", AGENT, "/time"),
    Screen("exports", "Exports", AGENT, "/exports"),
    Screen("team", "The team: who is here, who is away", LEAD, "/workforce"),
    Screen("reports", "Promised and kept", LEAD, "/reports", wordy=True),
    Screen("reports-clocks", "The clocks behind a figure", LEAD, "/reports/clocks?figure=broken"),
    Screen("reports-held", "Who held the clocks", LEAD, "/reports/held", wordy=True),
    Screen("reports-exclusions", "Left out of the figures by approval", CHIEF, "/reports/exclusions"),
    Screen("reports-forecast", "What will be late", LEAD, "/reports/forecast"),
    Screen("service", "One service and its promises", LEAD, "/services/erp"),
    Screen("profile", "The own profile", AGENT, "/profile", wordy=True),
    Screen("profile-notifications", "What one hears of, and where", AGENT, "/profile/notifications", wordy=True),
    Screen("profile-availability", "Availability", AGENT, "/profile/availability"),
    Screen("profile-keyboard", "Own keys", AGENT, "/profile/keyboard"),
    Screen("portal-home", "The portal", REQUESTER, "/portal/", wordy=True),
    Screen("portal-search", "Finding help while typing", REQUESTER, "/portal/search?q=vpn"),
    Screen("portal-report", "Reporting a problem", REQUESTER, "/portal/report", wordy=True),
    Screen("portal-requests", "My requests", REQUESTER, "/portal/requests"),
    Screen("portal-request", "One request", REQUESTER, "REQUEST", wordy=True),
    Screen("portal-health", "Service health", REQUESTER, "/portal/health", wordy=True),
    Screen("portal-inbox", "A requester's inbox", REQUESTER, "/portal/inbox"),
    Screen("offline", "Without a connection", REQUESTER, "/offline", wordy=True),
    Screen("portal-profile", "A requester's profile", REQUESTER, "/profile"),
    Screen("not-found", "An address that leads nowhere", REQUESTER, "/portal/requests/INC-999999"),
    Screen("set-up", "Set-up, the first step", CHIEF, "/admin/set-up/organisation", wordy=True),
    Screen("set-up-mail", "Set-up, mail and its test", CHIEF, "/admin/set-up/mail"),
    Screen("shown-round", "The notes of a first sign-in", AGENT, "/?tour=again"),
    Screen("set-up-teams", "Set-up, teams and colleagues", CHIEF, "/admin/set-up/teams"),
    Screen("set-up-services", "Set-up, services", CHIEF, "/admin/set-up/services"),
    Screen("set-up-try", "Set-up, a first report", CHIEF, "/admin/set-up/try"),
    Screen("administration", "Administration", CHIEF, "/admin/", wordy=True),
    Screen("people", "People", CHIEF, "/admin/people"),
    Screen("person", "A person", CHIEF, "PERSON"),
    Screen("teams", "Teams", CHIEF, "/admin/teams"),
    Screen("roles", "Roles", CHIEF, "/admin/roles"),
    Screen("organisations", "Organisations", CHIEF, "/admin/organisations"),
    Screen("categories", "Categories", CHIEF, "/admin/categories"),
    Screen("matrix", "The matrix of priorities", CHIEF, "/admin/matrix"),
    Screen("services", "Services", CHIEF, "/admin/services"),
    Screen("assignment", "Rules of assignment", CHIEF, "/admin/assignment"),
    Screen("escalation", "The escalation matrix", CHIEF, "/admin/escalation"),
    Screen("calendars", "Calendars", CHIEF, "/admin/calendars"),
    Screen("calendar", "The hours of a calendar", CHIEF, "/admin/calendars/office-hours"),
    Screen("calendar-year", "The year of a calendar", CHIEF, "/admin/calendars/office-hours-shanghai?show=year"),
    Screen("calendar-try", "Trying a calendar", CHIEF, "/admin/calendars/office-hours?show=try&amount=12&unit=hours"),
    Screen("holiday-set", "A holiday set", CHIEF, "/admin/holiday-sets/china"),
    Screen("agreements", "Agreements", CHIEF, "/admin/agreements"),
    Screen("agreement", "An agreement", CHIEF, "/admin/agreements/standard", wordy=True),
    Screen("agreement-choice", "Which target applies?", CHIEF, TARGET),
    Screen("metrics", "Metrics", CHIEF, "/admin/metrics"),
    Screen("metric", "A metric", CHIEF, "/admin/metrics/resolution"),
    Screen("announcements", "Announcements", CHIEF, "/admin/announcements"),
    Screen("task-templates", "Task templates", CHIEF, "/admin/task-templates"),
    Screen("ratings", "Ratings", CHIEF, "/admin/ratings"),
    Screen("access", "Why can this person see this?", CHIEF, "/admin/access"),
    Screen("settings", "Settings", CHIEF, "/admin/settings", wordy=True),
    Screen("demonstration", "The demonstration and its removal", CHIEF, "/admin/demonstration"),
    Screen("jobs", "Jobs that gave up", CHIEF, "/admin/jobs"),
    Screen("history", "Who changed what", CHIEF, "/admin/history"),
)


def _path(page: Page, screen: Screen) -> str:
    """The address, with the incident, request or person that the demonstration has there."""
    head, _question, rest = screen.path.partition("?")
    word, slash, below = head.partition("/")
    lists = {
        "INCIDENT": ("/incidents/?state=in_progress&sort=priority", "a[href^='/incidents/INC-']"),
        "REQUEST": ("/portal/requests", "a[href^='/portal/requests/INC-']"),
        "PERSON": ("/admin/people?q=amira", "main a[href^='/admin/people/']:not([href$='/new'])"),
    }
    if word not in lists:
        return screen.path
    listed, link = lists[word]
    page.goto(listed)
    path = (page.locator(link).first.get_attribute("href") or "/").split("?")[0] + slash + below
    return f"{path}?{rest}" if rest else path


class Camera:
    """Signs in once for each person, and keeps what it finds."""

    def __init__(self, instance: Instance, browser: Browser) -> None:
        self._instance = instance
        self._browser = browser
        self._cookies: dict[str, list[dict[str, object]]] = {}
        self._paths: dict[str, str] = {}

    def speak(self, language: str) -> None:
        """From now on everybody has chosen this language."""
        with psycopg.connect(self._instance.database) as connection:
            connection.execute("UPDATE people_person SET language = %s", [language])

    def _window(self, who: str, width: int, theme: str, language: str) -> BrowserContext:
        look = {"color_scheme": theme, "locale": language, "reduced_motion": "reduce"}
        known = who in self._cookies
        context = self._instance.window(self._browser, "" if known else who, width, WIDTHS[width], **look)
        if known:
            context.add_cookies(self._cookies[who])  # type: ignore[arg-type]
        else:
            self._cookies[who] = context.cookies()  # type: ignore[assignment]
        context.set_default_timeout(10_000)
        return context

    def take(self, screen: Screen, width: int, theme: str, language: str) -> Path:
        """One picture; returns where it is."""
        context = self._window(screen.who, width, theme, language)
        page = context.new_page()
        path = self._paths.get(screen.name) or _path(page, screen)
        self._paths[screen.name] = path
        page.goto(path)
        page.wait_for_timeout(300)
        for key in screen.keys:
            page.keyboard.press(key)
            page.wait_for_timeout(150)
        if screen.keys:
            page.wait_for_timeout(500)
        target = PLACE / f"{screen.name}-{width}-{theme}{'' if language == 'en' else f'-{language}'}.webp"
        shot = context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
        target.write_bytes(base64.b64decode(shot["data"]))
        context.close()
        return target


def _listed() -> str:
    """The page that shows them."""
    lines = ["# Every screen", "", "Taken by `make pictures` from the demonstration company.", ""]
    for screen in SCREENS:
        links = [
            f"[{width} px, {theme}]({screen.name}-{width}-{theme}.webp)" for width in screen.widths for theme in THEMES
        ]
        if screen.wordy:
            links += [
                f"[{name}, {width} px]({screen.name}-{width}-light-{code}.webp)"
                for code, name in LANGUAGES.items()
                if code != "en"
                for width in screen.widths
            ]
        lines += [
            f"## {screen.title}",
            "",
            f"![{screen.title}]({screen.name}-1440-light.webp)",
            "",
            " · ".join(links),
            "",
        ]
    return "\n".join(lines)


def main() -> int:
    """Take them all, or those whose names are given."""
    wanted = set(sys.argv[1:])
    unknown = wanted - {screen.name for screen in SCREENS}
    if unknown:
        print(f"quell: no such screen: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    PLACE.mkdir(parents=True, exist_ok=True)
    screens = [screen for screen in SCREENS if not wanted or screen.name in wanted]
    with running("measures") as instance, launched() as browser:
        camera = Camera(instance, browser)
        for language in LANGUAGES:
            camera.speak(language)
            for screen in screens:
                if language != "en" and not screen.wordy:
                    continue
                for width in screen.widths:
                    for theme in THEMES if language == "en" else THEMES[:1]:
                        print(camera.take(screen, width, theme, language).name, file=sys.stderr)
        camera.speak("")
    (PLACE / "README.md").write_text(_listed())
    return 0


if __name__ == "__main__":
    sys.exit(main())
