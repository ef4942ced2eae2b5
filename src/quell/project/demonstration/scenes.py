"""The scenes of the demonstration, read from `scenes.toml`: what goes wrong, how often, and in which words."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

#: Language of a person → key of its texts in the file.
TEXTS = {"en": "en", "da": "da", "zh-hans": "zh"}


@dataclass(frozen=True, slots=True)
class Words:
    """One incident in one language."""

    title: str
    description: str
    answer: str
    done: str
    note: str


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that goes wrong again and again. `rule`: the rules of assignment give it out; `texts`: language → its
    texts as the file has them."""

    key: str
    category: str
    service: str
    team: str
    weight: float
    rhythm: str
    day: int
    site: str
    minutes: int
    impact: int
    urgency: int
    affected: tuple[int, int]
    channel: str
    code: str
    cause: str
    wait: str
    rule: bool
    texts: dict[str, dict[str, Any]]

    def words(self, language: str, random: Random) -> Words:
        """The texts of one occurrence, with its desk, gate, printer or folder."""
        text = self.texts[TEXTS[language]]
        blanks = {"n": random.randint(11, 48), "d": random.randint(2, 9), "word": random.choice(text.get("word", [""]))}
        return Words(
            title=random.choice(text["title"]).format(**blanks),
            description=text["words"],
            answer=text["answer"],
            done=text["done"],
            note=text.get("note", ""),
        )


@cache
def furniture() -> dict[str, Any]:
    """What the desk has made for itself, as `furniture.toml` has it."""
    return tomllib.loads((files(__package__) / "furniture.toml").read_text(encoding="utf-8"))


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "scenes.toml").read_text(encoding="utf-8"))


def _ruled(category: str) -> bool:
    """Does a rule of assignment of the furniture give such reports out?"""
    return any(
        category == path or category.startswith(f"{path}/")
        for rule in furniture()["rule"]
        if rule.get("active", True)
        for path in rule["conditions"].get("category", ())
    )


@cache
def scenes() -> tuple[Scene, ...]:
    """All of them, in the order of the file."""
    return tuple(
        Scene(
            key=row["key"],
            category=row["category"],
            service=row.get("service", ""),
            team=row["team"],
            weight=row["weight"],
            rhythm=row["rhythm"],
            day=row.get("day", -1),
            site=row.get("site", ""),
            minutes=row["minutes"],
            impact=row["impact"],
            urgency=row["urgency"],
            affected=(row.get("affected", [1, 1])[0], row.get("affected", [1, 1])[1]),
            channel=row.get("channel", ""),
            code=row["code"],
            cause=row["cause"],
            wait=row.get("wait", ""),
            rule=_ruled(row["category"]),
            texts={key: row[key] for key in TEXTS.values()},
        )
        for row in _file()["scene"]
    )


def phrase(kind: str, language: str, random: Random, name: str = "") -> str:
    """A sentence people say whatever the matter: "take", "ask", "back", "thanks", "again" …"""
    return str(random.choice(_file()["phrases"][TEXTS[language]][kind])).format(name=name)
