"""Engines, kernel, rules, events and facades say what they take, give and mean."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .tree import Source, production_sources, sources

Function = ast.FunctionDef | ast.AsyncFunctionDef


def must_speak(source: Source) -> bool:
    """Where every public function carries annotations and a docstring; `apps.py` is all Django's words."""
    parts = source.parts
    if parts[-1] == "apps":
        return False
    return parts[0] in {"engines", "kernel"} or (
        parts[0] == "practices" and not {"rules", "events", "facade"}.isdisjoint(parts[2:3])
    )


def public(name: str) -> bool:
    """Whether others may call it."""
    return not name.startswith("_")


def mute(source: Source) -> Iterator[str]:
    """What a public function or method of this file fails to say, as `path:line name: what`.

    Functions owe a return type, the types of what they take, and a docstring. Methods owe the types; their
    docstring is owed by the class.
    """
    for node in source.tree.body:
        if isinstance(node, Function) and public(node.name):
            yield from (f"{source.path}:{node.lineno} {node.name}: {gap}" for gap in untyped(node))
            if not ast.get_docstring(node) and not overload(node):
                yield f"{source.path}:{node.lineno} {node.name}: no docstring"
        elif isinstance(node, ast.ClassDef) and public(node.name):
            if not ast.get_docstring(node):
                yield f"{source.path}:{node.lineno} {node.name}: no docstring"
            for method in node.body:
                if isinstance(method, Function) and (public(method.name) or method.name == "__init__"):
                    name = f"{node.name}.{method.name}"
                    yield from (f"{source.path}:{method.lineno} {name}: {gap}" for gap in untyped(method))


def untyped(node: Function) -> Iterator[str]:
    """Which annotations a function lacks; `self` and `cls` need none."""
    if node.returns is None:
        yield "no return type"
    taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
    for argument in taken:
        if argument is not None and argument.annotation is None and argument.arg not in {"self", "cls"}:
            yield f"no type for {argument.arg}"


def overload(node: Function) -> bool:
    """Whether this is one of several signatures of a function documented elsewhere."""
    return any(isinstance(one, ast.Name) and one.id == "overload" for one in node.decorator_list)


def test_public_functions_speak() -> None:
    """Types and a docstring on each, in the part of the house others lean on."""
    faults = [fault for source in production_sources() if must_speak(source) for fault in mute(source)]
    assert faults == [], "\n".join(["Say what it means, the units, the errors, and the source of the rule.", *faults])


def test_modules_say_what_question_they_answer() -> None:
    """Every module with code in it opens with a docstring."""
    silent = [
        source.path
        for source in sources()
        if not source.is_migration
        and source.parts[-1] != "apps"
        and source.tree.body
        and ast.get_docstring(source.tree) is None
    ]
    assert silent == []


def test_silence_is_caught() -> None:
    """A missing return type, a missing argument type and a missing docstring are each found."""
    text = "def due(start, hours: int):\n    return start\n\nclass Clock:\n    def stop(self):\n        pass\n"
    found = list(mute(Source("engines/clock.py", text)))
    assert [fault.split(": ", 1)[1] for fault in found] == [
        "no return type",
        "no type for start",
        "no docstring",
        "no docstring",
        "no return type",
    ]


def test_what_is_said_passes() -> None:
    """A private function may be short-spoken; mypy still reads it."""
    text = 'def due(start: int) -> int:\n    """When."""\n    return _add(start)\n\ndef _add(start):\n    pass\n'
    assert list(mute(Source("engines/clock.py", text))) == []
