"""Runs the import linter on a copy of the tree, once per deliberately wrong file; one process for all.

Started by `test_walls.py` with the copy's root as argument and the samples as JSON on standard input;
answers with JSON on standard output: for each sample the ids of the contracts that broke. A process of
its own, because the linter finds the package through the import system and must find the copy.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path

HOUSE = Path("src/quell")


def main() -> None:
    os.chdir(sys.argv[1])
    sys.path.insert(0, str(Path("src").resolve()))
    from importlinter import cli  # noqa: F401  (configures the linter as its command does)

    samples = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):  # the linter draws a progress bar
        answers = {name: broken_by(sample) for name, sample in samples.items()}
    sys.stdout.write(json.dumps(answers))


def broken_by(sample: dict) -> list[str]:
    """Writes the sample's files, lints, takes them away again; returns the ids of broken contracts.

    `files` are the wrong ones and must not exist yet; `needs` are made empty where they are missing, so
    that a sample has something to import; `pyproject` is a list of (old, new) edits. With `contract` only that
    one is looked at, which takes a third of the time.
    """
    project = Path("pyproject.toml")
    original = project.read_text(encoding="utf-8")
    made: list[Path] = []
    try:
        for old, new in sample.get("pyproject", []):
            if old not in original:
                raise SystemExit(f"the sample edits {old!r}, which pyproject.toml does not contain")
            project.write_text(project.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        for path in sample.get("needs", []):
            if not (HOUSE / path).exists():
                made += write(HOUSE / path, "")
        for path, text in sample["files"].items():
            made += write(HOUSE / path, text)
        return lint(sample.get("contract"))
    finally:
        project.write_text(original, encoding="utf-8")
        for path in reversed(made):
            path.rmdir() if path.is_dir() else path.unlink()


def write(path: Path, text: str) -> list[Path]:
    """Writes a file that was not there, making packages on the way; returns what it made, in order."""
    made: list[Path] = []
    for folder in reversed(path.relative_to(HOUSE).parents[:-1]):
        package = HOUSE / folder
        if not package.exists():
            package.mkdir()
            made.append(package)
        if not (package / "__init__.py").exists() and path != package / "__init__.py":
            (package / "__init__.py").write_text("", encoding="utf-8")
            made.append(package / "__init__.py")
    if path.exists():
        raise SystemExit(f"the sample would overwrite {path}")
    path.write_text(text, encoding="utf-8")
    return [*made, path]


def lint(only: str | None) -> list[str]:
    """The ids of the contracts that the tree breaks just now, of all or of that one."""
    from importlinter.application import use_cases

    options = use_cases.read_user_options("pyproject.toml")
    use_cases._register_contract_types(options)
    ids = {contract["name"]: contract["id"] for contract in options.contracts_options}
    limit = (only,) if only else ()
    # Its cache would miss files written anew within a second.
    report = use_cases.create_report(options, limit_to_contracts=limit, cache_dir=None)
    if report.could_not_run:
        raise SystemExit(f"invalid contract: {report.invalid_contract_options}")
    return sorted(ids[contract.name] for contract, check in report.get_contracts_and_checks() if not check.kept)


if __name__ == "__main__":
    main()
