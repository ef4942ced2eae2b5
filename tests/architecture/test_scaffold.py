"""`make practice` writes a room that fits the house at once, refuses bad names, and needs its place to be given."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from quell.project.database_url import with_database
from quell.project.preparation import schema_stamp
from quell.project.scaffold import PREFIXES, Words, next_steps, why_not, write_room

from .budgets import over_budget
from .lints import LINTS, TEMPLATE_LINTS
from .test_names import strange_furniture
from .test_papers import ROOM_HEADINGS, headings
from .test_signatures import must_speak, mute
from .tree import ROOT, SRC, Source

NAME = "improvements"  # begins with a vowel and folds lines elsewhere than a short name does
WORDS = Words(NAME, "IMP")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house with a new room, still without its place."""
    root = tmp_path_factory.mktemp("scaffold")
    shutil.copytree(SRC, root / "src" / "quell", ignore=shutil.ignore_patterns("__pycache__"))
    for paper in ("pyproject.toml", "conftest.py"):
        shutil.copy(ROOT / paper, root)
    write_room(WORDS, root / "src" / "quell")
    return root


@pytest.fixture(scope="module")
def placed(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after the two next steps that the check asks for: its tier, and the installed apps."""
    root = tmp_path_factory.mktemp("placed") / "house"
    shutil.copytree(copy, root)
    edit(root / "pyproject.toml", '"(incidents)', f'"(incidents) | ({NAME})')
    neighbour = '    "quell.practices.incidents",\n'
    edit(root / "src/quell/project/settings.py", neighbour, f'{neighbour}    "quell.practices.{NAME}",\n')
    return root


def edit(path: Path, old: str, new: str) -> None:
    """Replace a piece of a file that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def run(root: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A tool of this environment, in a copy, on the copy's code."""
    tool = (
        [sys.executable, *words] if words[0].startswith("-") else [Path(sys.executable).with_name(words[0]), *words[1:]]
    )
    surroundings = {**os.environ, "PYTHONPATH": str(root / "src"), **environment}
    return subprocess.run(tool, cwd=root, env=surroundings, capture_output=True, text=True, check=False)


def room_sources(root: Path) -> list[Source]:
    """The files of the new room, as the lints read them."""
    house = root / "src" / "quell"
    room = house / "practices" / NAME
    return [Source(path.relative_to(house).as_posix(), path.read_text("utf-8")) for path in sorted(room.rglob("*.py"))]


def test_the_room_is_tidy(copy: Path) -> None:
    """Lint and format have nothing to say."""
    room = f"src/quell/practices/{NAME}"
    for words in (["ruff", "check", room], ["ruff", "format", "--check", room], ["djlint", "--lint", room]):
        done = run(copy, *words)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_room_follows_the_habits_of_the_house(copy: Path) -> None:
    """Own lints, budgets, furniture, signatures: a new room begins without exceptions."""
    house = copy / "src" / "quell"
    for source in room_sources(copy):
        if source.is_migration or source.is_test:
            continue
        assert [lint.code for lint in LINTS if lint.applies(source) and list(lint.find(source))] == []
        assert over_budget(source) == {}
        assert not must_speak(source) or list(mute(source)) == []
    for page in (house / "practices" / NAME).rglob("*.html"):
        source = Source(page.relative_to(house).as_posix(), page.read_text(encoding="utf-8"))
        assert [lint.code for lint in TEMPLATE_LINTS if lint.applies(source) and list(lint.find(source))] == []
    assert strange_furniture(house / "practices" / NAME) == []


def test_no_word_is_left_unfilled(copy: Path) -> None:
    """Neither in a file's text nor in its name, except Python's own."""
    house = copy / "src" / "quell" / "practices" / NAME
    for path in house.rglob("*"):
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        for token in (
            "__room__",
            "__one__",
            "__word",
            "__Thing",
            "__Title__",
            "__CONST__",
            "__PRE__",
            "__pre__",
            "__diag",
        ):
            assert token not in text + path.name


def test_the_readme_has_its_headings(copy: Path) -> None:
    """The same page as every other room's."""
    readme = copy / "src" / "quell" / "practices" / NAME / "README.md"
    assert headings(readme.read_text(encoding="utf-8")) == ROOM_HEADINGS


def test_the_check_fails_until_the_room_has_its_place(copy: Path, placed: Path) -> None:
    """Only the tiers are broken, the message names the room, and giving it a place mends it."""
    homeless = run(copy, "lint-imports", "--no-logo", "--no-cache")
    assert homeless.returncode == 1
    assert "1 broken" in homeless.stdout
    assert f"quell.practices.{NAME}" in homeless.stdout
    assert run(placed, "lint-imports", "--no-logo", "--no-cache").returncode == 0


def test_the_room_works(placed: Path) -> None:
    """Django starts with it, its migration matches its tables, and its verbs are registered."""
    nowhere = {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "DJANGO_SETTINGS_MODULE": "quell.project.settings",
    }
    script = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "from quell.kernel.actions.registry import all_actions\n"
        f"call_command('makemigrations', '{NAME}', check_changes=True, dry_run=True, verbosity=0)\n"
        "print(*[action.name for action in all_actions()])"
    )
    started = run(placed, "-c", script, **nowhere)
    assert started.returncode == 0, started.stdout + started.stderr
    assert {f"{NAME}.start", f"{NAME}.close"} <= set(started.stdout.split())


@pytest.fixture
def with_its_tables(placed: Path, django_db_setup: None) -> Iterator[None]:
    """The template that tests of the copy will look for: the house's own, and the room's migrations on top of it. To
    migrate everything anew would take longer than all those tests."""
    known = run(placed, "-c", "from quell.project.preparation import schema_stamp; print(schema_stamp())")
    assert known.returncode == 0, known.stderr
    name, url = f"quell_template_{known.stdout.strip()}", os.environ["DATABASE_URL"]
    with closing(psycopg.connect(with_database(url, "postgres"), autocommit=True)) as maintenance:
        maintenance.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        maintenance.execute(f'CREATE DATABASE "{name}" TEMPLATE "quell_template_{schema_stamp()}"')
        try:
            migrate = ["-m", "django", "migrate", "--verbosity=0", "--settings=quell.project.settings"]
            migrated = run(placed, *migrate, DATABASE_URL=with_database(url, name))
            assert migrated.returncode == 0, migrated.stderr
            yield
        finally:
            maintenance.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def test_the_room_passes_its_own_tests(placed: Path, with_its_tables: None) -> None:
    """Rules, verbs, pages and endpoints, on a database that has the room's tables."""
    room = f"src/quell/practices/{NAME}"
    server = {"QUELL_TEST_DATABASE_URL": with_database(os.environ["DATABASE_URL"], "postgres")}
    tried = run(placed, "-m", "pytest", "-q", "-p", "no:cacheprovider", room, **server)
    assert tried.returncode == 0, tried.stdout + tried.stderr


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Problems", "not a name"),
        ("9lives", "not a name"),
        ("service level", "not a name"),
        ("../secrets", "not a name"),
        ("class", "not a name"),
        ("incidents", "already"),
        ("records", "taken"),
        ("helpers", "taken"),
        ("models", "taken"),
        ("sessions", "taken"),
        ("desk", "taken"),
        ("extraordinarily_long_names", "too long"),
    ],
)
def test_a_bad_name_is_refused(name: str, word: str) -> None:
    """With one sentence that says what is wrong."""
    sentence = why_not(name, "XYZ")
    assert word in sentence
    assert len(sentence.splitlines()) == 1


@pytest.mark.parametrize(("prefix", "word"), [("INC", "incidents"), ("x", "not a prefix"), ("TOOLONG", "not a prefix")])
def test_a_bad_prefix_is_refused(prefix: str, word: str) -> None:
    """Two kinds of record with the same numbers could not be told apart on the phone."""
    assert word in why_not("gardens", prefix)


def test_good_names_pass() -> None:
    """The practices whose numbers the contract has fixed, and one made of two words."""
    assert [why_not(name, prefix) for name, prefix in PREFIXES.items() if not (SRC / "practices" / name).exists()] == [
        "" for name in PREFIXES if not (SRC / "practices" / name).exists()
    ]
    assert why_not("service_levels", "SLV") == ""


def test_the_command_refuses_in_one_sentence() -> None:
    """Exit status 1, nothing on standard output, no trace."""
    done = run(ROOT, "-m", "quell.project.scaffold", "incidents")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == "Error: There is a room “incidents” already."


def test_the_next_steps_are_told() -> None:
    """The tier, the apps and the addresses are for a person to decide."""
    told = next_steps(WORDS)
    for place in ("pyproject.toml", "INSTALLED_APPS", "urls.py", "README.md"):
        assert place in told
