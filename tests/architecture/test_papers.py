"""The house's papers keep up with the house: dependencies have reasons, decisions their headings, links their ends."""

from __future__ import annotations

import re
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest

from quell.engines.lifecycle import Lifecycle
from quell.kernel.config.options import all_options

from .tree import ROOT, SRC, pyproject

DEPENDENCIES = ROOT / "docs" / "why" / "dependencies.md"
DECISIONS = sorted((ROOT / "docs" / "why" / "decisions").glob("*.md"))
DECISION_HEADINGS = ["Question", "Decision", "Why", "Consequences", "What holds it"]
ROOM_HEADINGS = [
    "What it is for", "Words", "States", "Who may do what", "Events", "Settings", "Numbers", "Boundaries",
]  # fmt: skip
ONE_PAGE = 950  # words
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def papers() -> list[Path]:
    """Every page of prose in the repository: docs, the papers at the root, the READMEs of rooms."""
    return sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), *SRC.rglob("README.md")])


def headings(text: str) -> list[str]:
    """The second-level headings, in order."""
    return re.findall(r"^## (.+?)\s*$", text, re.M)


def broken_links(page: Path, text: str) -> list[str]:
    """Relative links of a page that lead nowhere; web addresses are not followed."""
    return [
        target for target in LINK.findall(text) if "://" not in target and not (page.parent / target).resolve().exists()
    ]


def required() -> set[str]:
    """The names of all dependencies in pyproject.toml, to run and to develop."""
    project = pyproject()["project"]
    lines = chain(project["dependencies"], *project["optional-dependencies"].values())  # type: ignore[index]
    return {re.split(r"[\[=<>~! ]", line)[0].lower() for line in lines}


def test_every_dependency_has_its_reason() -> None:
    """A sentence for each dependency, and none for what is gone."""
    rows = re.findall(r"^\| `([^`]+)` \| (.+?) \|$", DEPENDENCIES.read_text(encoding="utf-8"), re.M)
    assert {name for name, _ in rows} == required()
    assert [name for name, reason in rows if len(reason) < 25] == []


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_is_one_page_with_five_headings(page: Path) -> None:
    """Number and title, the line people quote, then question, decision, why, consequences, what holds it."""
    text = page.read_text(encoding="utf-8")
    first, quoted = [line for line in text.splitlines() if line.strip()][:2]
    assert re.match(rf"# {page.stem[:4]} · \S", first)
    assert quoted.startswith("> ")
    assert headings(text) == DECISION_HEADINGS
    assert len(text.split()) <= ONE_PAGE


def test_decisions_are_numbered_once() -> None:
    """Two decisions with one number would be quoted for each other."""
    numbers = [page.stem[:4] for page in DECISIONS]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("room", sorted((SRC / "practices").glob("*/__init__.py")), ids=lambda path: path.parent.name)
def test_a_room_has_its_page(room: Path) -> None:
    """One page a room, the same headings in every one, under 150 lines."""
    page = room.with_name("README.md")
    assert page.exists(), "write the room's README.md; `make practice` shows its headings"
    text = page.read_text(encoding="utf-8")
    assert [heading for heading in ROOM_HEADINGS if heading not in headings(text)] == []
    assert len(text.splitlines()) <= 150


@pytest.mark.parametrize("table", sorted(SRC.glob("practices/*/rules/lifecycle.py")), ids=lambda path: path.parts[-3])
def test_a_rooms_page_shows_its_states_as_they_are(table: Path) -> None:
    """The diagram is drawn from the lifecycle: when this fails, put the new drawing into the README."""
    module = import_module(f"quell.practices.{table.parts[-3]}.rules.lifecycle")
    readme = (table.parents[1] / "README.md").read_text(encoding="utf-8")
    drawn = [one.diagram() for one in vars(module).values() if isinstance(one, Lifecycle)]
    assert [diagram for diagram in drawn if diagram not in readme] == []


def test_a_rooms_page_lists_its_settings() -> None:
    """Every registered option of a practice stands in the practice's README."""
    missing = []
    for option in all_options():
        readme = SRC / "practices" / option.key.split(".")[0] / "README.md"
        if readme.exists() and f"`{option.key}`" not in readme.read_text(encoding="utf-8"):
            missing.append(option.key)
    assert missing == []


def test_links_lead_somewhere() -> None:
    """No page links to a file that is not there."""
    found = {page.relative_to(ROOT).as_posix(): broken_links(page, page.read_text("utf-8")) for page in papers()}
    assert {page: links for page, links in found.items() if links} == {}


def test_every_page_is_on_a_shelf() -> None:
    """docs/README.md, the index, names every page of docs/ (decisions by their own list there)."""
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    linked = {(ROOT / "docs" / target).resolve() for target in LINK.findall(index) if "://" not in target}
    pages = {page.resolve() for page in (ROOT / "docs").rglob("*.md")} - {(ROOT / "docs" / "README.md").resolve()}
    assert sorted(page.relative_to(ROOT).as_posix() for page in pages - linked) == []


def test_a_broken_link_is_caught(tmp_path: Path) -> None:
    """A link to a missing page is found; one to the web or into the page itself is not."""
    text = "[a](missing.md) [b](https://example.org/x) [c](#here) [d](there.md#part)"
    (tmp_path / "there.md").touch()
    assert broken_links(tmp_path / "page.md", text) == ["missing.md"]
