"""Every verb is announced, permitted, in a file of its own and tried by a test."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace

import pytest

from quell.kernel.actions.registry import Action, all_actions

from .tree import ROOT, SRC

SMALL_FAMILY = 4


@cache
def every_test() -> str:
    """The text of every test but these."""
    files = [*(ROOT / "tests").rglob("*.py"), *SRC.rglob("tests/**/*.py")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files if "architecture" not in path.parts)


def lacks(action: Action, tests: str) -> list[str]:
    """What a registered verb still owes the house, as sentences; empty when nothing."""
    owed = []
    if not (action.function.__doc__ or "").strip():
        owed.append("no docstring: its first line is what pages, API and audit call the verb")
    if not callable(action.allowed):
        owed.append("no permission: give `allowed` a function of permissions.py that answers with a Verdict")
    elif ".permissions" not in action.allowed.__module__:
        owed.append(f"its permission lives in {action.allowed.__module__}: rights belong in permissions.py")
    if ".actions." not in f"{action.function.__module__}.":
        owed.append(f"lives in {action.function.__module__}: a verb belongs in actions/")
    if action.moves and action.lifecycle and action.verb not in action.lifecycle.verbs:
        owed.append("moves the record, but the lifecycle of rules/lifecycle.py has no such verb")
    if not re.search(rf"(?<![a-z]){re.escape(action.verb)}(?![a-z])", tests):
        owed.append("no test names it")
    return owed


def test_every_verb_is_whole() -> None:
    """Docstring, permission, lifecycle and a test, for each registered action."""
    faults = [f"{action.name}: {debt}" for action in all_actions() for debt in lacks(action, every_test())]
    assert faults == []


def test_a_file_holds_one_verb_or_a_small_family() -> None:
    """Verbs that share their inputs may share a file, four at most: the central nouns never grow into god classes."""
    files = Counter(action.function.__module__ for action in all_actions())
    assert [module for module, verbs in files.items() if verbs > SMALL_FAMILY] == []


def test_there_are_verbs_to_judge() -> None:
    """The tests above would pass on an empty registry too."""
    assert {"incidents.assign", "incidents.resolve", "incidents.close"} <= {action.name for action in all_actions()}


def _verb(docstring: str | None, allowed: object, verb: str = "resolve", module: str = "a.actions.resolve") -> Action:
    function: Callable[[object], None] = lambda context: None  # noqa: E731
    function.__doc__, function.__module__ = docstring, module
    lifecycle = SimpleNamespace(verbs=("resolve", "close"))
    return SimpleNamespace(  # type: ignore[return-value]
        name=f"incidents.{verb}", verb=verb, function=function, allowed=allowed, lifecycle=lifecycle, moves=True
    )


def _may(actor: object, record: object) -> bool:
    return True


_may.__module__ = "quell.practices.incidents.permissions"


@pytest.mark.parametrize(
    ("action", "word"),
    [
        (_verb(None, _may), "no docstring"),
        (_verb("Resolve it.", None), "no permission"),
        (_verb("Resolve it.", lambda actor, record: True), "rights belong in permissions.py"),
        (_verb("Resolve it.", _may, module="quell.practices.incidents.web.views"), "belongs in actions/"),
        (_verb("Vanish.", _may, verb="vanish"), "lifecycle"),
        (_verb("Close it.", _may, verb="close"), "no test names it"),
    ],
)
def test_a_debt_is_caught(action: Action, word: str) -> None:
    """Each thing a verb owes is found when it is missing."""
    assert any(word in debt for debt in lacks(action, "run('resolve')"))


def test_a_whole_verb_passes() -> None:
    """Nothing owed."""
    assert lacks(_verb("Resolve it.", _may), "run('resolve')") == []
