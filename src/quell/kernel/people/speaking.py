"""In which language, and in which zone's hours, people are written to: their own choice, else their organisation's.

Pages know what the browser asks for; a mail, a job and a text in an agent's hands know only the person.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from quell.kernel.config.options import Option, register

from .models import Person

LANGUAGE = register(
    Option(
        "mail.language",
        settings.LANGUAGE_CODE,
        gettext_lazy("Language of mails"),
        gettext_lazy("Mails to people who chose no language themselves are in this one."),
        choices=tuple(settings.LANGUAGES),
    )
)


def language_of(chosen: str, organisation_id: int | None) -> str:
    """The language somebody reads: what they chose, else what their organisation has for its mails."""
    known = dict(settings.LANGUAGES)
    if chosen in known:
        return chosen
    wanted = LANGUAGE.get(organisation_id)
    return wanted if wanted in known else settings.LANGUAGE_CODE


@contextmanager
def speaking_to(person: Person) -> Iterator[str]:
    """Everything said inside is in the person's language, and its times in the person's zone; gives the language."""
    language = language_of(person.language, person.organisation_id)
    with translation.override(language), timezone.override(zone(person.timezone)):
        yield language


@lru_cache(maxsize=512)
def zone(name: str) -> zoneinfo.ZoneInfo:
    """The named zone, or the installation's own when it is unknown here."""
    try:
        return zoneinfo.ZoneInfo(name or settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)
