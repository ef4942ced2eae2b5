"""`make pictures`: every screen of the product, with the demonstration company in it, into docs/pictures/screens/.

Each screen at 1440 and 390 px, light and dark; those with much text in the four languages besides (1440, light). The
pictures are JPEG so that a clone stays small.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.chromium import launched

from .instance import ROOT, Instance, running

PLACE = ROOT / "docs" / "pictures" / "screens"
WIDTHS = {1440: 900, 390: 844}
THEMES = ("light", "dark")
LANGUAGES = ("en", "zh-hans", "zh-hant", "da")
QUALITY = 72


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: who looks, where, and what is pressed before the picture. `wordy`: worth all languages."""

    name: str
    who: str
    path: str
    keys: tuple[str, ...] = ()
    wordy: bool = False


AGENT, LEAD, NETWORK, CHIEF, REQUESTER = (
    "jonas.schmidt",
    "amira.khalil",
    "wang.xiaoming",
    "noor.rahimi",
    "claire.moreau",
)
SCREENS = (
    Screen("sign-in", "", "/sign-in", wordy=True),
    Screen("agent-home", AGENT, "/", wordy=True),
    Screen("queue", AGENT, "/incidents/?state=open&sort=priority", wordy=True),
    Screen("queue-board", AGENT, "/incidents/?state=open&sort=priority&layout=board"),
    Screen("ticket", AGENT, "INCIDENT", wordy=True),
    Screen("ticket-history", AGENT, "INCIDENT?tab=history"),
    Screen("palette", AGENT, "/", ("Control+k", "v", "p", "n")),
    Screen("log-a-call", AGENT, "/", ("c", "c", "l", "a", "i"), wordy=True),
    Screen("shortcuts", AGENT, "/", ("?",)),
    Screen("inbox", AGENT, "/inbox"),
    Screen("search", AGENT, "/search?q=vpn"),
    Screen("profile", AGENT, "/profile", wordy=True),
    Screen("portal-home", REQUESTER, "/portal/", wordy=True),
    Screen("portal-report", REQUESTER, "/portal/report", wordy=True),
    Screen("portal-requests", REQUESTER, "/portal/requests"),
    Screen("portal-request", REQUESTER, "REQUEST", wordy=True),
    Screen("administration", CHIEF, "/admin/", wordy=True),
    Screen("people", CHIEF, "/admin/people"),
    Screen("categories", CHIEF, "/admin/categories"),
    Screen("matrix", CHIEF, "/admin/matrix"),
    Screen("settings", CHIEF, "/admin/settings"),
)


def _path(page: Page, screen: Screen) -> str:
    """The address, with the incident or request that the demonstration has there."""
    word, _question, rest = screen.path.partition("?")
    if word == "INCIDENT":
        page.goto("/incidents/?state=in_progress&sort=priority")
        path = page.locator("a[href^='/incidents/INC-']").first.get_attribute("href") or "/"
    elif word == "REQUEST":
        page.goto("/portal/requests")
        path = page.locator("a[href^='/portal/requests/INC-']").first.get_attribute("href") or "/portal/"
    else:
        return screen.path
    return f"{path.split('?')[0]}?{rest}" if rest else path.split("?")[0]


def taken(instance: Instance, browser: Browser, screen: Screen, width: int, theme: str, language: str) -> Path:
    """One picture; returns where it is."""
    context = instance.window(
        browser, screen.who, width, WIDTHS[width], color_scheme=theme, locale=language, reduced_motion="reduce"
    )
    context.add_cookies([{"name": "django_language", "value": language, "url": instance.address}])
    page = context.new_page()
    page.goto(_path(page, screen))
    page.wait_for_timeout(400)
    for key in screen.keys:
        page.keyboard.press(key)
        page.wait_for_timeout(250)
    page.wait_for_timeout(500 if screen.keys else 0)
    said = "" if language == "en" else f"-{language}"
    target = PLACE / f"{screen.name}-{width}-{theme}{said}.jpg"
    page.screenshot(path=target, type="jpeg", quality=QUALITY)
    context.close()
    return target


def main() -> int:
    """Take them all, or those whose names are given."""
    wanted = set(sys.argv[1:])
    unknown = wanted - {screen.name for screen in SCREENS}
    if unknown:
        print(f"quell: no such screen: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    PLACE.mkdir(parents=True, exist_ok=True)
    with running("measures") as instance, launched() as browser:
        for screen in SCREENS:
            if wanted and screen.name not in wanted:
                continue
            for width in WIDTHS:
                for theme in THEMES:
                    print(taken(instance, browser, screen, width, theme, "en").name, file=sys.stderr)
            for language in LANGUAGES[1:] if screen.wordy else ():
                print(taken(instance, browser, screen, 1440, "light", language).name, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
