"""What is said to be plain to read without axe (drawn.py), axe does not complain of."""

from __future__ import annotations

from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from . import drawn
from .test_axe import COLOURS

pytestmark = pytest.mark.browser
INKS = ("#000", "#767676", "#777", "#949494", "#999", "rgb(0 0 0 / 50%)", "rgb(0 0 0 / 90%)", "transparent")
MIXED = ("color-mix(in srgb, #000, #fff 40%)", "color-mix(in srgb, #000, #fff 60%)", "oklch(0.8 0 0)")
GROUNDS = ("#fff", "rgb(255 255 255 / 30%)", "rgb(0 0 0 / 40%)", "color-mix(in srgb, #fff, #000 50%)", "none")
#: How words are drawn, and how what they lie in.
WORDS = [
    *((f"color: {ink}; font-size: {size}px", f"background: {ground}")
      for ink, size, ground in product(INKS + MIXED, (14, 30), GROUNDS)),
    ("color: #000; opacity: .3", "background: #fff"),
    ("color: #000; filter: opacity(.3)", "background: #fff"),
    ("color: #000", "background: #fff; opacity: .4"),
    ("color: #000", "background: linear-gradient(#000, #000)"),
    ("color: #333; position: absolute; top: 60px", "background: #fff; height: 10px; position: relative"),
    ("color: #333; margin-left: 400px; display: block; width: 90px", "background: #fff; width: 300px"),
]  # fmt: skip
#: Dark between the text and the white that it stands in; a link that only its colour tells from the words around it.
ODD = """<div style="position: relative; z-index: 0; height: 40px; background: #fff; color: #333">
  <div style="position: absolute; inset: 0; background: #222; z-index: -1"></div><p>Something lies under this.</p></div>
<p style="background: #fff; color: #111">One <a href="/" style="color: #222; text-decoration: none">and</a> another.
"""


def test_axe_complains_only_of_what_is_doubted(chromium: Browser) -> None:
    page = chromium.new_page()
    words = "".join(
        f"<div class=in{at} style='{ground}; margin: 9px'><span class=of{at} style='{ink}'>Words</span></div>"
        for at, (ink, ground) in enumerate(WORDS)
    )
    page.set_content(f"<!doctype html><html lang=en><title>Words</title><body style='background: #222'>{words}{ODD}")
    marks = page.evaluate(drawn.MARKS).split()
    doubted = page.evaluate(drawn.DOUBTED, marks)
    asked = page.evaluate("marks => marks.map(mark => window.alike.get(mark).outerHTML)", doubted)
    page.evaluate(Axe().axe_script)
    told = page.evaluate(
        """rules => axe.run(document, { runOnly: { type: "rule", values: rules } })
             .then(all => all.violations.flatMap(one => one.nodes.map(node => node.html)))""",
        COLOURS,
    )
    page.close()
    assert len(told) > len(WORDS) / 3
    assert any("under this" in one for one in asked)
    assert any("<a href" in one for one in told)
    assert {*told} <= {*asked}
    assert len(asked) < len(marks) - 15, "Nothing is plain any more"
