"""Counting what a task costs: clicks and keys, heard by a listener in every page of a window (ux.md 5).

    with task(context, 4, "Assign 20 incidents to one colleague", clicks=2, keys=6):
        page.click(…)
        page.keyboard.press(…)

fails when the goal is exceeded, and leaves a line for the table that `make tasks` prints. Only what a person really
does is heard: clicks and keys that the browser calls trusted. Keys include the text typed, which is shown apart, and
the modifiers held (Shift for a range is a key).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import BrowserContext

#: The keystroke-level model, in seconds: a key, a press of the button, pointing, moving the hand, thinking.
KEY, CLICK, POINT, HOMING, MENTAL = 0.28, 0.2, 1.1, 0.4, 1.35

_LISTENER = """
(() => {
  if (window.quellCounts) return;
  window.quellCounts = true;
  const texts = "input:not([type=checkbox], [type=radio], [type=submit]), textarea, [contenteditable=true]";
  const typing = (one) => one?.matches?.(texts);
  addEventListener("click", (event) => {
    // A key on a button makes a click of its own; the key has been counted.
    if (event.isTrusted && event.detail > 0) window.quellCount("click");
  }, true);
  addEventListener("keydown", (event) => {
    if (!event.isTrusted || event.repeat) return;
    const text = event.key.length === 1 && !event.ctrlKey && !event.metaKey && typing(event.target);
    window.quellCount(text ? "text" : "key");
  }, true);
})();
"""


@dataclass
class Cost:
    """What a task has cost so far: clicks, control keys, letters of text, seconds on the clock."""

    number: int
    title: str
    most_clicks: int
    most_keys: int
    clicks: int = 0
    control: int = 0
    text: int = 0
    waited: float = 0.0
    counting: bool = False

    @property
    def keys(self) -> int:
        """All keys, text included, as the goals count them."""
        return self.control + self.text

    @property
    def within(self) -> bool:
        """Is it within its goal?"""
        return self.clicks <= self.most_clicks and self.keys <= self.most_keys

    @property
    def seconds(self) -> float:
        """What a practised person needs by the keystroke-level model, with one thought and one move of the hand for
        each change between mouse and keys."""
        hands = HOMING if self.clicks and self.keys else 0.0
        return self.keys * KEY + self.clicks * (POINT + CLICK) + hands + MENTAL

    def hear(self, kind: str) -> None:
        """One click, control key or letter."""
        if self.counting:
            if kind == "click":
                self.clicks += 1
            elif kind == "text":
                self.text += 1
            else:
                self.control += 1


#: Every task measured in this run, for the table.
measured: list[Cost] = []
_current: dict[int, Cost] = {}


def listen(context: BrowserContext) -> None:
    """Hear every page of this window from now on; once for each window, before its first page."""
    if id(context) in _current:
        return
    _current[id(context)] = Cost(0, "", 0, 0)
    context.expose_binding("quellCount", lambda _source, kind: _current[id(context)].hear(str(kind)))
    context.add_init_script(_LISTENER)


@contextmanager
def task(context: BrowserContext, number: int, title: str, *, clicks: int, keys: int) -> Iterator[Cost]:
    """Count until the block ends, and hold it to its goal. `listen` comes before the first page."""
    cost = _current[id(context)] = Cost(number, title, clicks, keys, counting=True)
    begun = time.monotonic()
    try:
        yield cost
    finally:
        cost.counting = False
        cost.waited = time.monotonic() - begun
    measured.append(cost)
    assert cost.within, f"{title}: {cost.clicks} clicks and {cost.keys} keys, the goal is {clicks} and {keys}"


def table() -> list[str]:
    """The lines of the table, by number of the task."""
    lines = [f"{'#':>2}  {'task':<52} {'clicks':>9} {'keys (text)':>13} {'model s':>8} {'clock s':>8}"]
    for cost in sorted(measured, key=lambda one: (one.number, one.title)):
        spent = f"{cost.clicks}/{cost.most_clicks}"
        typed = f"{cost.keys}/{cost.most_keys} ({cost.text})"
        mark = "" if cost.within else "  over its goal"
        named = f"{cost.number:>2}  {cost.title:<52.52}"
        lines.append(f"{named} {spent:>9} {typed:>13} {cost.seconds:>8.1f} {cost.waited:>8.1f}{mark}")
    return lines
