"""A template builds on its own room and on the design system, `ui/`; never on a neighbour's pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from .tree import Source, templates

REFERENCE = re.compile(r"{%-?\s*(?:include|extends|import|from)\s+[\"']([^\"']+)[\"']")
ADVICE = (
    "What two rooms show alike is a component in kernel/ui/jinja2/ui/; another room's piece is a panel it registers."
)


def own_folders(source: Source) -> set[str]:
    """The folders below `jinja2/` that this template's own room brings: its name, allauth's `account`, …

    Templates that lie directly in `jinja2/` (404.html) may be referred to by their room as well.
    """
    home = home_of(source.path)
    return {one.path[len(home) :].split("/")[0] for one in [*templates(), source] if one.path.startswith(home)}


def home_of(path: str) -> str:
    """`practices/incidents/jinja2/` of a template's path."""
    return path[: path.index("jinja2/") + len("jinja2/")]


def foreign_references(source: Source) -> Iterator[str]:
    """Includes and parents that belong neither to the template's room nor to `ui/`."""
    own = own_folders(source)
    for target in REFERENCE.findall(source.text):
        if target.split("/")[0] not in own | {"ui"} and not target.startswith("."):
            yield target


def test_templates_stay_in_their_room() -> None:
    """Includes and parents come from the same room or from `ui/`."""
    faults = [f"{source.path} -> {target}" for source in templates() for target in foreign_references(source)]
    assert faults == [], ADVICE


@pytest.mark.parametrize(
    "tag",
    ['{% include "incidents/row.html" %}', "{% extends 'portal/page.html' %}", '{% from "desk/x.html" import y %}'],
)
def test_a_foreign_reference_is_caught(tag: str) -> None:
    """Including from a neighbour and extending its page are both found."""
    page = Source("practices/services/jinja2/services/page.html", tag)
    assert len(list(foreign_references(page))) == 1


@pytest.mark.parametrize(
    "tag", ['{% include "services/row.html" %}', '{% extends "ui/page.html" %}', "{% include panel.template %}"]
)
def test_own_and_shared_pass(tag: str) -> None:
    """The own room, the design system, and a panel that the registry names."""
    page = Source("practices/services/jinja2/services/page.html", tag)
    assert list(foreign_references(page)) == []
