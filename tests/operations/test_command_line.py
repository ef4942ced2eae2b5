"""The command line's promises: exit statuses, one plain sentence, nothing imported that is not needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from quell.project.main import COMMANDS, quell

from .conftest import ROOT


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """`quell words…`."""
    return subprocess.run(
        [sys.executable, "-m", "quell.project.main", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_the_commands_and_imports_neither_django_nor_a_driver(environment: dict[str, str]) -> None:
    code = (
        "import sys; from quell.project.main import run; run(['--help'])\n"
        "sys.exit(any(name in sys.modules for name in ('django', 'psycopg', 'granian', 'procrastinate')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for name in ("up", "doctor", "backup", "restore"):
        assert f"\n  {name} " in done.stdout
    for hidden in ("migrate", "serve", "work", "static"):
        assert f"\n  {hidden} " not in done.stdout


def test_version(environment: dict[str, str]) -> None:
    done = run(environment, "--version")
    assert done.returncode == 0
    assert done.stdout.startswith("quell ")


@pytest.mark.parametrize("words", [["nonsense"], ["up", "--nonsense"], ["backup"]])
def test_wrong_usage_is_status_2(environment: dict[str, str], words: list[str]) -> None:
    assert run(environment, *words).returncode == 2


def test_a_refusal_is_status_1_and_one_sentence(environment: dict[str, str]) -> None:
    for more, words in (
        ({"QUELL_PORT": "ninety"}, ["up"]),
        ({"QUELL_PORT": "ninety"}, ["doctor"]),
        ({"DATABASE_URL": "mysql://x/y"}, ["doctor"]),
        ({"DATABASE_URL": "postgresql://q@127.0.0.1:9/none"}, ["migrate"]),
    ):
        done = run({**environment, **more}, *words)
        assert done.returncode == 1, done.stderr
        assert done.stdout == ""
        assert done.stderr.startswith("quell: ")
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_every_command_that_is_here_loads() -> None:
    context = quell.make_context("quell", ["--help"], resilient_parsing=True)
    for name in COMMANDS:
        command = quell.get_command(context, name)
        if command is not None:
            assert command.name == name
            assert command.help


def test_the_secret_key_is_made_once_and_private(environment: dict[str, str], state: Path) -> None:
    from quell.project.instance import Instance

    instance = Instance(data=state, host="127.0.0.1", port=1, given_url="", demo=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("QUELL_SECRET_KEY", raising=False)
        first = instance.secret_key()
        assert len(first) >= 64
        assert instance.secret_key() == first
    assert (state / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in state.iterdir()] == ["secret-key"]
