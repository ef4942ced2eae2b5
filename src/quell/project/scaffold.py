"""Writes a new room: `make practice NAME=problems`, that is `python -m quell.project.scaffold problems`.

The furniture lies in `scaffold_templates/`, one file for each file of the room, with the room's own words as
`__room__`, `__Thing__` and so on. What has to be decided by a person (the tier, the addresses) is printed as next
steps; the check fails until it is done.
"""

from __future__ import annotations

import keyword
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from runpy import run_path

import click

from quell.engines.lifecycle import Lifecycle

HOUSE = Path(__file__).resolve().parents[1]
TEMPLATES = Path(__file__).with_name("scaffold_templates")

#: Prefixes of numbers that the public contract has fixed (contract.md, HTTP).
PREFIXES = {"requests": "REQ", "problems": "PRB", "changes": "CHG", "releases": "REL"}
#: Names that say nothing about what is inside, and names that already mean something inside a room or outside.
DRAWERS = {"util", "utils", "helper", "helpers", "common", "base", "manager", "managers", "service", "misc", "tools"}
FURNITURE = {
    "tests", "apps", "wiring", "web", "api", "jobs", "imports", "facade", "actions", "queries", "permissions",
    "models", "settings", "events", "rules", "migrations", "management", "jinja2", "locale", "static",
}  # fmt: skip
DJANGO = {
    "auth",
    "account",
    "contenttypes",
    "sessions",
    "messages",
    "staticfiles",
    "postgres",
    "ninja",
    "procrastinate",
}
LONGEST = 20  # a record's kind has this many characters


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a room, made from its name: `service_levels` keeps a `service_level`, a ServiceLevel, SLE-000001."""

    room: str
    prefix: str

    @property
    def one(self) -> str:
        """The kind of its records, as the registry of actions cuts it from the verbs' names."""
        return self.room.removesuffix("s")

    def fill(self, text: str) -> str:
        """A template with the room's words put in."""
        word, words = self.one.replace("_", " "), self.room.replace("_", " ")
        if word[0] in "aeiou":
            text = re.sub(r"\b([Aa]) __word__", r"\1n __word__", text)
        thing = "".join(part.capitalize() for part in self.one.split("_"))
        things = "".join(part.capitalize() for part in self.room.split("_"))
        for token, value in {
            "__room__": self.room,
            "__one__": self.one,
            "__words__": words,
            "__word__": word,
            "__Title__": words.capitalize(),
            "__Things__": things,
            "__Thing__": thing,
            "__CONST__": self.one.upper(),
            "__PRE__": self.prefix,
            "__pre__": self.prefix.lower(),
        }.items():
            text = text.replace(token, value)
        return text


def reserved(house: Path) -> set[str]:
    """Names a room cannot have because something else answers to them."""
    storeys = [*house.iterdir(), *(house / "kernel").iterdir(), *(house / "workspaces").iterdir()]
    return DRAWERS | FURNITURE | DJANGO | {path.name for path in storeys if path.is_dir()}


def why_not(name: str, prefix: str, house: Path = HOUSE) -> str:
    """The sentence that refuses a name or a prefix, or nothing when a room can be made."""
    if not name.isidentifier() or keyword.iskeyword(name) or not re.fullmatch(r"[a-z][a-z_]*[a-z]", name):
        return f"“{name}” is not a name for a room: take the practice's noun in lower-case letters, such as problems."
    if name in reserved(house):
        return f"“{name}” is taken by another part of the house: take the practice's own noun."
    if (house / "practices" / name).exists():
        return f"There is a room “{name}” already."
    if len(name.removesuffix("s")) > LONGEST:
        return f"“{name}” is too long: a kind of record has at most {LONGEST} letters."
    if not re.fullmatch(r"[A-Z]{2,4}", prefix):
        return f"“{prefix}” is not a prefix for numbers: two to four capital letters, such as PRB."
    if taken := _prefix_taken(prefix, house):
        return f"Numbers with “{prefix}” belong to {taken} already: choose another with --prefix."
    return ""


def _prefix_taken(prefix: str, house: Path) -> str:
    """The room whose numbers begin so, or nothing."""
    pattern = re.compile(rf"Kind\(\s*\"[a-z_]+\",\s*\"{prefix}\"")
    for path in (house / "practices").rglob("*.py"):
        if pattern.search(path.read_text(encoding="utf-8")):
            return path.relative_to(house / "practices").parts[0]
    return ""


def write_room(words: Words, house: Path = HOUSE) -> list[Path]:
    """Write the room and return its files. The name must have passed `why_not`."""
    room = house / "practices" / words.room
    made = []
    for template in sorted(TEMPLATES.rglob("*.tmpl")):
        target = room / words.fill(template.relative_to(TEMPLATES).as_posix().removesuffix(".tmpl"))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(words.fill(template.read_text(encoding="utf-8")), encoding="utf-8")
        made.append(target)
    _draw_lifecycle(room)
    _tidy(room)
    return made


def _draw_lifecycle(room: Path) -> None:
    """Put the picture of the states into the README, drawn from the table just written."""
    written = run_path(str(room / "rules" / "lifecycle.py")).values()
    lifecycle = next(value for value in written if isinstance(value, Lifecycle))
    readme = room / "README.md"
    readme.write_text(readme.read_text(encoding="utf-8").replace("__diagram__", lifecycle.diagram()), encoding="utf-8")


def _tidy(room: Path) -> None:
    """Lines fold where the length of the name makes them fold; without ruff at hand, `make check` says so."""
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or shutil.which("ruff")
    if ruff:
        subprocess.run([ruff, "check", "-q", "--select", "I", "--fix-only", str(room)], check=False)  # noqa: S603
        subprocess.run([ruff, "format", "-q", str(room)], check=False)  # noqa: S603


def next_steps(words: Words) -> str:
    """What is left to a person, in order; docs/guides/a-new-practice.md tells it at length."""
    room = words.room
    return f"""\
src/quell/practices/{room} is furnished. Left to do, and `make check` fails until it is done:

  1. Give it its tier in the contract `tiers` of pyproject.toml: beside a neighbour with
     "(incidents) | ({room})", or on a line of its own.
  2. Add "quell.practices.{room}" to INSTALLED_APPS in src/quell/project/settings.py.
  3. Give it addresses: its pages in src/quell/project/urls.py,
     path("{room}/", include("quell.practices.{room}.web.urls")),
     and the router of quell.practices.{room}.api.endpoints beside the others in src/quell/project/api.py.
  4. Read README.md and say in its first paragraph what the practice is for.

Then begin with rules/lifecycle.py: docs/guides/a-new-practice.md goes on from here."""


@click.command()
@click.argument("name")
@click.option("--prefix", help="Two to four capital letters that its numbers begin with.  [default: made from NAME]")
def main(name: str, prefix: str | None) -> None:
    """Write the room of a new practice, NAME being its noun in lower case (problems, changes, requests)."""
    words = Words(name, prefix or PREFIXES.get(name, name.replace("_", "")[:3].upper()))
    if refusal := why_not(words.room, words.prefix):
        raise click.ClickException(refusal)
    write_room(words)
    click.echo(next_steps(words))


if __name__ == "__main__":
    main()
