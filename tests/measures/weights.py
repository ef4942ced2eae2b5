"""`make weights`: what the busiest pages weigh and how soon they stand, beside the budgets of ux.md 3.9.

Weights are bytes on the wire; kB are 1,000 bytes. Times are taken in Chromium with a processor four times slower than
this one, at 10 Mbit/s and 60 ms: the median of three. Weights and shifts over budget end with exit status 1; times are
printed and never judged, because they say as much about the machine as about the page.
"""

from __future__ import annotations

import json
import statistics
import sys
from dataclasses import asdict, dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.chromium import launched

from .instance import Instance, running

KB = 1000
BUDGETS = {
    "agent": {"html": 25 * KB, "css": 20 * KB, "js": 45 * KB, "total": 90 * KB, "again": 30 * KB},
    "portal": {"html": 10 * KB, "css": 20 * KB, "js": 45 * KB, "total": 70 * KB, "again": 20 * KB},
}
MOST_NODES, MOST_SHIFT = 1500, 0.02
LCP_MS, INP_MS = 1500, 150
RUNS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A page, who looks at it, and a few keys pressed on it to see how soon it answers."""

    name: str
    kind: str
    who: str
    path: str
    keys: tuple[str, ...]


PLACES = (
    Place("agent home", "agent", "jonas.schmidt", "/", ("j", "j", "?", "Escape")),
    Place("queue", "agent", "jonas.schmidt", "/incidents/?state=open&sort=priority", ("j", "x", "j", "x", "Escape")),
    Place("ticket", "agent", "jonas.schmidt", "TICKET", ("r", "a", "b", "c", "n", "d")),
    Place("log a call", "agent", "jonas.schmidt", "/incidents/new", ("c", "l", "a", "Tab", "v")),
    Place("administration", "agent", "noor.rahimi", "/admin/", ("Tab", "Tab", "?", "Escape")),
    Place("portal home", "portal", "claire.moreau", "/portal/", ("Tab", "v", "p", "n")),
    Place("report", "portal", "claire.moreau", "/portal/report", ("V", "P", "N", "Tab")),
    Place("my requests", "portal", "claire.moreau", "/portal/requests", ("Tab", "Tab")),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One page. Bytes of its document, styles, scripts, everything at first and everything the second time; elements;
    shift of the layout; milliseconds to the largest paint and to the slowest answer to a key."""

    page: str
    kind: str
    html: int
    css: int
    js: int
    total: int
    again: int
    nodes: int
    shift: float
    lcp_ms: int
    inp_ms: int

    def faults(self) -> list[str]:
        """What is over budget."""
        budget = BUDGETS[self.kind]
        over = [f"{self.page}: {name} {getattr(self, name):,} of {most:,} bytes" for name, most in budget.items()
                if getattr(self, name) > most]  # fmt: skip
        if self.nodes > MOST_NODES:
            over.append(f"{self.page}: {self.nodes} elements of {MOST_NODES}")
        if self.shift > MOST_SHIFT:
            over.append(f"{self.page}: layout shift {self.shift} of {MOST_SHIFT}")
        return over


_WATCH = """
window.seen = {lcp: 0, shift: 0, inp: 0};
new PerformanceObserver((list) => { for (const one of list.getEntries()) seen.lcp = one.startTime; })
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) seen.shift += one.value; })
  .observe({type: 'layout-shift', buffered: true});
new PerformanceObserver((list) => { for (const one of list.getEntries()) if (one.interactionId) seen.inp = Math.max(seen.inp, one.duration); })
  .observe({type: 'event', buffered: true, durationThreshold: 16});
"""  # noqa: E501


def _loaded(page: Page, path: str) -> dict[str, int]:
    """Bytes by kind of what is fetched for a page."""
    wire = page.context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    found: dict[str, int] = {}
    wire.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]}))

    def ended(told: dict[str, Any]) -> None:
        kind = kinds.get(told["requestId"], "Other")
        found[kind] = found.get(kind, 0) + int(told["encodedDataLength"])

    wire.on("Network.loadingFinished", ended)
    wire.send("Network.enable")
    page.goto(path, wait_until="load")
    page.wait_for_timeout(600)
    wire.detach()
    return found


def _timed(context: BrowserContext, place: Place, path: str) -> dict[str, float]:
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    conditions = {"offline": False, "latency": 60, "downloadThroughput": 1_250_000, "uploadThroughput": 1_250_000}
    wire.send("Network.emulateNetworkConditions", conditions)
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(_WATCH)
    page.goto(path, wait_until="load")
    page.wait_for_timeout(800)
    for key in place.keys:
        page.keyboard.press(key)
        page.wait_for_timeout(250)
    seen: dict[str, float] = page.evaluate("window.seen")
    page.close()
    return seen


def _ticket(instance: Instance, browser: Browser) -> str:
    """The page of the incident with the most to say among those at work."""
    context = instance.window(browser, "jonas.schmidt", 1440, 900)
    page = context.new_page()
    page.goto("/incidents/?state=in_progress&sort=priority")
    path = page.locator("a[href^='/incidents/INC-']").first.get_attribute("href") or ""
    context.close()
    return path.split("?")[0]


def measure(instance: Instance, browser: Browser, place: Place, ticket: str) -> Measured:
    """One page, at 1440 px."""
    path = ticket if place.path == "TICKET" else place.path
    context = instance.window(browser, place.who, 1440, 900)
    context.clear_cookies(name="nothing")
    state = context.storage_state()
    context.close()
    fresh = browser.new_context(
        base_url=instance.address, viewport={"width": 1440, "height": 900}, storage_state=state, service_workers="block"
    )
    page = fresh.new_page()
    first = _loaded(page, path)
    nodes = int(page.evaluate("document.querySelectorAll('*').length"))
    again = _loaded(page, path)
    times = [_timed(fresh, place, path) for _run in range(RUNS)]
    fresh.close()
    return Measured(
        page=place.name,
        kind=place.kind,
        html=first.get("Document", 0),
        css=first.get("Stylesheet", 0),
        js=first.get("Script", 0),
        total=sum(first.values()),
        again=sum(again.values()),
        nodes=nodes,
        shift=round(max(one["shift"] for one in times), 4),
        lcp_ms=round(statistics.median(one["lcp"] for one in times)),
        inp_ms=round(statistics.median(one["inp"] for one in times)),
    )


def table(rows: list[Measured]) -> str:
    """The figures for a person."""
    heads = ("page", "html", "css", "js", "first", "again", "nodes", "CLS", "LCP ms", "INP ms")
    lines = [heads] + [
        (
            row.page,
            *(f"{size / KB:.1f}" for size in (row.html, row.css, row.js, row.total, row.again)),
            str(row.nodes),
            f"{row.shift:.3f}",
            str(row.lcp_ms),
            str(row.inp_ms),
        )
        for row in rows
    ]
    widths = [max(len(line[at]) for line in lines) for at in range(len(heads))]
    return "\n".join(
        "  ".join((cell.ljust if at == 0 else cell.rjust)(widths[at]) for at, cell in enumerate(line))
        for line in lines
    )  # fmt: skip


def main() -> int:
    """Measure everything, print the table (or JSON with --json), say what is over budget."""
    with running("measures") as instance, launched() as browser:
        ticket = _ticket(instance, browser)
        rows = [measure(instance, browser, place, ticket) for place in PLACES]
    if "--json" in sys.argv:
        print(json.dumps([asdict(row) for row in rows], indent=1))
    else:
        print(table(rows))
        print(
            f"\nkB on the wire. Budgets: agent 90 kB, portal 70 kB at first; css 20, js 45; {MOST_NODES} nodes; "
            f"CLS {MOST_SHIFT}; LCP {LCP_MS} ms and INP {INP_MS} ms with the processor slowed down four times."
        )
    faults = [fault for row in rows for fault in row.faults()]
    for fault in faults:
        print(f"quell: over budget: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
