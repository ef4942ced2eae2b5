"""A folder answers *where*, a file name answers *what kind*: rooms keep their furniture, drawers are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from .tree import SRC, layers, sources

DRAWERS = {
    "util", "utils", "utilities", "helper", "helpers", "common", "base", "manager", "managers", "service", "misc",
    "stuff", "tools",
}  # fmt: skip
"""Names that say nothing about what is inside; such a file collects everything."""

PACKAGES_ONLY = {"migrations", "tests", "web", "api", "management"}
FOLDERS = {"jinja2", "locale", "static", "data"}
PAPERS = {"README.md", "__init__.py"}

ADVICE = "Name a module for what it holds (a plain noun) or does (a verb of the trade)."


def drawer(path: str) -> bool:
    """Whether a path below `src/quell` has a component that is a drawer."""
    return any(part in DRAWERS for part in Path(path).with_suffix("").parts)


def strange_furniture(room: Path) -> list[str]:
    """What stands in a practice's folder under a name that is not furniture."""
    modules = {name for layer in layers("room") for name in layer} | PACKAGES_ONLY
    strange = []
    for child in sorted(room.iterdir()):
        if child.name in PAPERS or child.name == "__pycache__":
            continue
        if child.is_dir():
            if child.name not in modules | FOLDERS:
                strange.append(child.name)
        elif child.suffix != ".py" or child.stem not in modules or child.stem in PACKAGES_ONLY:
            strange.append(child.name)
    return strange


def rooms() -> list[Path]:
    """The rooms of `practices/`."""
    return sorted(path.parent for path in (SRC / "practices").glob("*/__init__.py"))


def test_no_drawers() -> None:
    """No module and no package anywhere is called helpers, common, manager and the like."""
    assert [source.path for source in sources() if drawer(source.path)] == [], ADVICE


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_rooms_keep_their_furniture(room: Path) -> None:
    """Only the names of architecture.md 3 stand in a room."""
    assert strange_furniture(room) == [], "Rules go to rules/, verbs to actions/, reads to queries.py."


@pytest.mark.parametrize(
    "path", ["kernel/people/utils.py", "practices/incidents/actions/helpers.py", "engines/common/clock.py"]
)
def test_a_drawer_is_caught(path: str) -> None:
    """As a module, deep in a room, or as a package."""
    assert drawer(path)


@pytest.mark.parametrize(
    "path", ["kernel/people/models.py", "practices/services/facade.py", "kernel/records/numbers.py"]
)
def test_plain_names_pass(path: str) -> None:
    """`services` is a practice; only the singular is a drawer."""
    assert not drawer(path)


def test_strange_furniture_is_caught(tmp_path: Path) -> None:
    """A module, a folder and a paper with names of their own are each found; the usual ones are not."""
    for name in ("models.py", "escalator.py", "notes.md", "README.md", "web.py"):
        (tmp_path / name).touch()
    for name in ("rules", "flows", "jinja2", "web"):
        (tmp_path / name).mkdir()
    assert strange_furniture(tmp_path) == ["escalator.py", "flows", "notes.md", "web.py"]
