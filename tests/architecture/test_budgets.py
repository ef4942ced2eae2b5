"""Files, functions and classes keep their size: the central nouns never grow into god classes.

The numbers are those of architecture.md 3; what must be larger stands in exceptions.toml with its reason.
"""

from __future__ import annotations

from .budgets import CLASS_METHODS, FILE_LINES, FUNCTION_LINES, over_budget
from .exceptions import judge, listed
from .tree import Source, sources


def test_budgets_hold() -> None:
    """Nothing is larger than its budget, or than its listed and reasoned exception."""
    found: dict[tuple[str, ...], int] = {}
    for source in sources():
        if not source.is_migration:
            found |= over_budget(source)
    allowed = {
        tuple(part for part in (entry["kind"], entry["path"], entry.get("name")) if part): entry["size"]
        for entry in listed("budget")
    }
    faults = judge(found, allowed, "(lines or methods)")
    assert not faults, "\n".join(
        ["Split by verb or by question: one verb a file, one table's reads in queries.py, rules in rules/.", *faults]
    )


def test_a_long_file_is_caught() -> None:
    """One line over the budget is over the budget; tests may be longer."""
    text = "x = 1\n" * (FILE_LINES + 1)
    assert over_budget(Source("kernel/records/long.py", text)) == {("file", "kernel/records/long.py"): FILE_LINES + 1}
    assert over_budget(Source("practices/incidents/tests/test_long.py", text)) == {}


def test_a_long_function_is_caught_wherever_it_hides() -> None:
    """A method is a function too, and a nested one counts by itself."""
    body = "        x = 1\n" * FUNCTION_LINES
    text = f"class Record:\n    def resolve(self):\n{body}"
    assert over_budget(Source("a.py", text)) == {("function", "a.py", "Record.resolve"): FUNCTION_LINES + 1}


def test_a_class_with_too_many_methods_is_caught() -> None:
    """Many small methods make a god class as well as long ones do."""
    text = "class Record:\n" + "".join(f"    def verb_{n}(self): ...\n" for n in range(CLASS_METHODS + 1))
    assert over_budget(Source("a.py", text)) == {("methods", "a.py", "Record"): CLASS_METHODS + 1}


def test_a_long_class_is_caught() -> None:
    """Columns count as well as methods."""
    text = "class Record:\n" + "    column = 1\n" * 250
    assert over_budget(Source("a.py", text)) == {("class", "a.py", "Record"): 251}
