"""Every pair of colour tokens that meet on a page reaches WCAG 2.2 AA, in light and dark (ux.md 3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import quell.kernel.ui

SHEETS = Path(quell.kernel.ui.__file__).parent / "static" / "quell"
CSS = "".join((SHEETS / name).read_text(encoding="utf-8") for name in ("quell.css", "layout.css"))
TEXT, GRAPHIC = 4.5, 3.0
STATUS = ("p1", "p2", "p3", "p4", "p5", "ok", "paused")


def tokens(theme: str) -> dict[str, str]:
    """Token -> colour of one theme, as the stylesheet says it."""
    found = {}
    for name, one, light, dark in re.findall(
        r"--([a-z0-9-]+):\s*(?:(#[0-9A-Fa-f]{6})|light-dark\((#[0-9A-Fa-f]{6}),\s*(#[0-9A-Fa-f]{6})\));", CSS
    ):
        found[name] = one or (light if theme == "light" else dark)
    return found


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The WCAG 2 ratio, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def pairs() -> Iterator[tuple[str, str, float]]:
    """(foreground, background, least ratio) for all that meet."""
    for text in ("text", "text2", "text3", "brand-text", "link"):
        for ground in ("bg", "surface", "surface2"):
            yield text, ground, TEXT
    for text in ("text", "text2", "text3", "brand-text"):
        yield text, "brand-soft", TEXT
    for status in STATUS:
        yield "white", status, TEXT
        yield f"{status}-text", f"{status}-soft", TEXT
        yield f"{status}-text", "surface", TEXT
        yield status, "surface", GRAPHIC
    for colour in ("brand", "brand-hover"):
        yield "on-brand", colour, TEXT
    yield "text2", "sunken", TEXT
    for colour in ("border-strong", "focus", "note-border"):
        yield colour, "surface", GRAPHIC
        yield colour, "bg", GRAPHIC
    for text in ("note-text", "text2", "text3", "link", "p3-text"):
        yield text, "note-bg", TEXT
    yield "nav-text", "nav-bg", TEXT
    yield "nav-text", "nav-active-bg", TEXT
    yield "nav-active", "nav-active-bg", TEXT
    for number in range(1, 9):
        yield f"chart{number}", "surface", GRAPHIC


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_reaches_aa(theme: str) -> None:
    colours = tokens(theme) | {"white": "#FFFFFF"}
    low = {
        f"{front} on {back}": round(contrast(colours[front], colours[back]), 2)
        for front, back, least in pairs()
        if contrast(colours[front], colours[back]) < least
    }
    assert low == {}


def test_tokens_are_those_of_the_design() -> None:
    light, dark = tokens("light"), tokens("dark")
    assert (light["brand"], dark["brand"]) == ("#2251CC", "#3866E0")
    assert (light["note-bg"], dark["note-bg"]) == ("#FFF8DF", "#2A2413")
    assert (light["p3-text"], dark["p3-text"]) == ("#6B4C00", "#F0CE62")


def test_a_colour_outside_the_tokens_is_rare() -> None:
    """White on a solid, shadows and the fixed dark bar may be literal; anything else is a token."""
    body = CSS.split("/* ---------- ground", 1)[1]
    literal = set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", body))
    assert literal <= {"#fff", "#ffffff55", "#ffffff66", "#0000", "#0003", "#0004", "#0b0f1599",
                       "#92B1FF", "#FF9BA2", "#C7D0DC", "#B7C0CD"}  # fmt: skip


def test_direction_is_logical() -> None:
    """Right-to-left needs no second stylesheet (ux.md 3.2)."""
    physical = re.findall(r"(?<![a-z-])(?:margin|padding|border)-(?:left|right)\b|text-align:\s*(?:left|right)\b", CSS)
    assert physical == []
