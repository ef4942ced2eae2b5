"""Measures what the size budgets limit: lines of files, functions and classes, methods of classes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .tree import Source

FILE_LINES = 500
TEST_FILE_LINES = 700
FUNCTION_LINES = 60
CLASS_LINES = 250
CLASS_METHODS = 20

Function = ast.FunctionDef | ast.AsyncFunctionDef

# (kind, path, name) -> size; only what is over its budget
Excess = dict[tuple[str, ...], int]


def over_budget(source: Source) -> Excess:
    """Everything in one file that is larger than its budget, with its size."""
    excess: Excess = {}
    lines = len(source.text.splitlines())
    if lines > (TEST_FILE_LINES if source.is_test else FILE_LINES):
        excess["file", source.path] = lines
    for name, node in definitions(source.tree):
        size = (node.end_lineno or node.lineno) - node.lineno + 1
        if isinstance(node, ast.ClassDef):
            methods = sum(isinstance(child, Function) for child in node.body)
            if size > CLASS_LINES:
                excess["class", source.path, name] = size
            if methods > CLASS_METHODS:
                excess["methods", source.path, name] = methods
        elif size > FUNCTION_LINES:
            excess["function", source.path, name] = size
    return excess


def definitions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """Every function and class with its dotted name, those inside others included."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.ClassDef):
            name = f"{prefix}{child.name}"
            yield name, child
            yield from definitions(child, f"{name}.")
        elif isinstance(child, (ast.If, ast.Try, ast.With)):
            yield from definitions(child, prefix)
