"""The two hundred colleagues of Gungun Trading: who sits where, and which language they write in."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from .company import CODE, DOMAIN

#: Site → (zone, language of its people, country code of its phones).
SITES = {
    "lyon": ("Europe/Paris", "en", "+33 4 55 50"),
    "aarhus": ("Europe/Copenhagen", "da", "+45 55 50"),
    "shanghai": ("Asia/Shanghai", "zh-hans", "+86 21 5550"),
}


@dataclass(frozen=True, slots=True)
class Department:
    """A department: an organisation below the company. `jobs` are the titles its people share out."""

    code: str
    name: str
    site: str
    size: int
    jobs: tuple[str, ...]


DEPARTMENTS = (
    Department("gungun-management", "Management", "lyon", 6, ("Managing director", "Assistant to the board")),
    Department("gungun-finance", "Finance", "lyon", 16, ("Accountant", "Controller", "Payroll clerk")),
    Department("gungun-sales", "Sales", "lyon", 34, ("Key account manager", "Sales representative", "Inside sales")),
    Department("gungun-purchasing", "Purchasing", "lyon", 18, ("Buyer", "Category manager")),
    Department("gungun-service", "Customer service", "lyon", 22, ("Customer adviser", "Returns clerk")),
    Department("gungun-hr", "People and culture", "lyon", 8, ("HR partner", "Recruiter")),
    Department("gungun-marketing", "Marketing", "lyon", 12, ("Content editor", "Trade fair manager")),
    Department("gungun-warehouse", "Lager", "aarhus", 38, ("Lagermedarbejder", "Truckfører", "Holdleder")),
    Department("gungun-planning", "Planlægning", "aarhus", 10, ("Planlægger",)),
    Department("gungun-transport", "Transport", "aarhus", 12, ("Disponent", "Speditør")),
    Department("gungun-sourcing", "采购部", "shanghai", 14, ("采购专员", "供应商经理")),
    Department("gungun-quality", "质量部", "shanghai", 10, ("质检员", "质量工程师")),
)

_PLAIN = str.maketrans("éèêëàâäïîôöùûüçœøåÉÈ", "eeeeaaaiioouuucooaEE")


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who reports. `call` is what one writes after "Hello"."""

    email: str
    name: str
    call: str
    department: str
    site: str
    language: str
    zone: str
    phone: str
    job_title: str
    vip: bool


@cache
def _names() -> dict[str, dict[str, str]]:
    return tomllib.loads((files(__package__) / "names.toml").read_text(encoding="utf-8"))


@cache
def _latin_of() -> dict[str, str]:
    names = _names()["latin"]
    return dict(zip(names["from"], names["to"].split(), strict=True))


def colleagues(random: Random) -> list[Colleague]:
    """Everybody, department by department; the same from the same seed."""
    taken: set[str] = set()
    return [_one(random, department, place, taken) for department in DEPARTMENTS for place in range(department.size)]


def _one(random: Random, department: Department, place: int, taken: set[str]) -> Colleague:
    zone, language, prefix = SITES[department.site]
    while True:
        first = random.choice(_names()["first"][department.site].split())
        last = random.choice(_names()["last"][department.site].split())
        address = f"{_latin(first)}.{_latin(last)}"
        if address not in taken:
            break
    taken.add(address)
    chinese = department.site == "shanghai"
    return Colleague(
        email=f"{address}@{DOMAIN}",
        name=f"{last}{first}" if chinese else f"{first} {last}",
        call=f"{last}{first}" if chinese else first,
        department=department.code,
        site=department.site,
        language=language,
        zone=zone,
        phone=f"{prefix} {len(taken) + 300:04d}",
        job_title=department.jobs[place % len(department.jobs)],
        vip=department.code == f"{CODE}-management" and place < 3,
    )


def _latin(name: str) -> str:
    return "".join(_latin_of().get(letter, letter) for letter in name).translate(_PLAIN).lower()
