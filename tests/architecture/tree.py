"""The source tree as the architecture tests read it: files, syntax trees, storeys and layers.

The layers come from the import contracts in pyproject.toml, so that a room has its place written down
once. All paths are relative to `src/quell` and use forward slashes.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "quell"


@dataclass(frozen=True)
class Source:
    """One Python file: its path below `src/quell`, its text and its syntax tree."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """The syntax tree; parsed once per text."""
        return _parse(self.text)

    @property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree; walked once per text, for each lint looks at all of them."""
        return _nodes(self.text)

    @property
    def parts(self) -> tuple[str, ...]:
        """The path's components, the last one without `.py`."""
        return Path(self.path).with_suffix("").parts

    @property
    def is_test(self) -> bool:
        """Whether this is test code: a room's tests, or the kernel's tools for tests."""
        return "tests" in self.parts[:-1] or self.parts[:2] == ("kernel", "testing")

    @property
    def is_migration(self) -> bool:
        """Whether Django wrote this file (or could have)."""
        return "migrations" in self.parts[:-1]


@cache
def _parse(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def _nodes(text: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(_parse(text)))


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file of the product, tests in rooms included, migrations too."""
    return tuple(
        Source(path.relative_to(SRC).as_posix(), path.read_text(encoding="utf-8")) for path in sorted(SRC.rglob("*.py"))
    )


def production_sources() -> Iterator[Source]:
    """The Python files that run in production and were written by hand."""
    return (source for source in sources() if not source.is_test and not source.is_migration)


@cache
def templates() -> tuple[Source, ...]:
    """Every HTML and text template of the product (their `tree` must not be asked for)."""
    found = [path for path in sorted(SRC.rglob("*")) if path.suffix in {".html", ".txt"} and path.is_file()]
    return tuple(
        Source(path.relative_to(SRC).as_posix(), path.read_text(encoding="utf-8"))
        for path in found
        if "jinja2" in path.relative_to(SRC).parts
    )


def dotted(node: ast.AST) -> str:
    """`a.b.c` for a chain of names and attributes, an empty string for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


@cache
def pyproject() -> dict[str, object]:
    """The parsed project file."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def layers(contract: str) -> tuple[frozenset[str], ...]:
    """The layers of one import contract from low to high, each the set of neighbours it holds."""
    contracts = pyproject()["tool"]["importlinter"]["contracts"]  # type: ignore[index]
    found = next(one for one in contracts if one["id"] == contract)
    return tuple(frozenset(name.strip(" ()") for name in layer.split("|")) for layer in reversed(found["layers"]))


def height(contract: str, name: str) -> int:
    """How high `name` stands in a layers contract, 0 being the lowest.

    Raises `LookupError` when the contract does not place the name.
    """
    for index, layer in enumerate(layers(contract)):
        if name in layer:
            return index
    raise LookupError(f"{name} has no place in the contract {contract!r} of pyproject.toml")
