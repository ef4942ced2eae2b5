"""Public holidays of countries and their parts, as the package `holidays` knows them. Imported when somebody asks: it
is large. It knows the movable feasts, days observed on another weekday, and the make-up working days of those
countries that announce them; what a government has not announced yet is not known to anybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from quell.engines.businesstime.calendar import WEEKDAYS

from .documents import Days

PUBLIC = "public"
#: A make-up day whose day off is not told has the hours of a Monday.
USUAL = "mon"


class UnknownCountry(ValueError):
    """No such country, part, language or kind of days. `field` says which, `choices` what there is."""

    def __init__(self, field: str, choices: Iterable[str]) -> None:
        super().__init__(field)
        self.field = field
        self.choices = tuple(choices)


@lru_cache(maxsize=1)
def countries() -> tuple[str, ...]:
    """The codes (ISO 3166-1, two letters) of all countries whose holidays are known."""
    from holidays.registry import COUNTRIES

    return tuple(sorted(names[1] for names in COUNTRIES.values()))


def subdivisions(country: str) -> tuple[str, ...]:
    """The parts of a country that have holidays of their own; raises UnknownCountry."""
    return tuple(_entity(country).subdivisions)


def languages(country: str) -> tuple[str, ...]:
    """The languages that the names of a country's holidays are known in, its own first; raises UnknownCountry."""
    entity = _entity(country)
    own, others = entity.default_language, entity.supported_languages
    return tuple(dict.fromkeys([own, *others])) if own else tuple(others)


def days_of(country: str, subdivision: str, language: str, years: range, categories: Iterable[str] = (PUBLIC,)) -> Days:
    """The holidays of some years. `language` is a code such as `da` or `en` ("": the country's own). Raises
    UnknownCountry."""
    entity = _entity(country)
    if subdivision and subdivision not in entity.subdivisions:
        raise UnknownCountry("subdivision", entity.subdivisions)
    wanted = tuple(dict.fromkeys(categories)) or (PUBLIC,)
    if not set(wanted) <= set(entity.supported_categories):
        raise UnknownCountry("categories", entity.supported_categories)
    found = entity(
        subdiv=subdivision or None,
        years=list(years),
        language=_language(entity, country, language),
        categories=wanted,
        expand=False,
    )
    worked = {day for day in found.weekend_workdays if day.year in years}
    like = dict(_substituted(found, years))
    off = {day.isoformat(): str(name)[:200] for day, name in sorted(found.items()) if day.year in years}
    make_up = {day.isoformat(): like.get(day, USUAL) for day in sorted(worked)}
    return Days(off, make_up)


def _language(entity: Any, country: str, wanted: str) -> Any:
    if not wanted:
        # Never None: the package would then take the language of the process's surroundings.
        return entity.default_language
    known = languages(country)
    for code in known:
        if code == wanted or code.split("_")[0] == wanted.split("_")[0].split("-")[0]:
            return code
    if not known:
        return None  # its names are known in one language only, and the package does not say which
    raise UnknownCountry("language", known)


def _substituted(found: Any, years: range) -> Iterator[tuple[date, str]]:
    """For each day worked in place of another: the weekday of the day that is off instead. The package keeps them by
    year as (off: month, day, worked: month, day[, year])."""
    for name in dir(type(found)) + list(vars(found)):
        table = getattr(found, name, None) if name.startswith("special_") else None
        for year, entries in table.items() if isinstance(table, dict) else ():
            if not isinstance(year, int) or year not in range(years.start - 1, years.stop + 1):
                continue
            for entry in entries if entries and isinstance(entries[0], tuple) else (entries,):
                if len(entry) >= 4 and all(isinstance(part, int) for part in entry):
                    worked = date(entry[4] if len(entry) > 4 else year, entry[2], entry[3])
                    yield worked, WEEKDAYS[date(year, entry[0], entry[1]).weekday()]


def _entity(country: str) -> Any:
    import holidays

    if country not in countries():
        raise UnknownCountry("country", countries())
    return getattr(holidays, country)
