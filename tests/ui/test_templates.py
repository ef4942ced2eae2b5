"""Every template of the product obeys the content security policy and uses only icons that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import quell
from quell.kernel.ui.styleguide import _icon_names

SOURCE = Path(quell.__file__).parent
TEMPLATES = sorted(path for path in SOURCE.rglob("jinja2/**/*.html"))
COMMENT = re.compile(r"{#.*?#}|<!--.*?-->", re.DOTALL)
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an inline style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "an htmx attribute that needs eval": re.compile(r"\bhx-on[:\-]|\bhx-(?:vals|headers|confirm)=[\"']js:"),
    "an htmx trigger filter": re.compile(r"hx-trigger=\"[^\"]*\[[^\"]*\]"),
    "a file from elsewhere": re.compile(r"(?:src|href)=[\"']https?://", re.IGNORECASE),
    "a link that hands over its window": re.compile(r"target=\"_blank\"(?![^>]*rel=)"),
    "the safe filter": re.compile(r"\|\s*safe\b|{%-?\s*autoescape"),
}
ids = [path.relative_to(SOURCE).as_posix() for path in TEMPLATES]


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 20


@pytest.mark.parametrize("path", TEMPLATES, ids=ids)
def test_nothing_inline(path: Path) -> None:
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=ids)
def test_icons_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    used = set(re.findall(r"\bicon\(\"([^\"]+)\"", text))
    assert used - set(_icon_names()) == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=ids)
def test_an_icon_button_has_a_name(path: Path) -> None:
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    bare = []
    for tag in re.findall(r"<(?:button|a)\b[^>]*class=\"[^\"]*\bicon\b[^\"]*\"(?:[^>]|(?<=%)>)*>", text):
        if "aria-label" not in tag:
            bare.append(tag)
    assert bare == []


def test_a_template_includes_only_its_room_or_the_design_system() -> None:
    wrong = []
    for path in TEMPLATES:
        parts = path.relative_to(SOURCE).parts
        room = parts[parts.index("jinja2") - 1]
        for name in re.findall(
            r"{%-?\s*(?:include|extends|import|from)\s+\"([^\"]+)\"", path.read_text(encoding="utf-8")
        ):
            if name.split("/")[0] not in (room, "ui"):
                wrong.append(f"{path.relative_to(SOURCE)} takes {name}")
    assert wrong == []
