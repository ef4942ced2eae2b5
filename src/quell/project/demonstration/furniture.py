"""What the desk of the demonstration has made for itself, through the same doors as everybody: canned replies, macros,
checklists, skills, and an announcement that people have answered with "me too"."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from random import Random
from typing import Any

from quell.kernel.access.actor import Actor, actor_for_person
from quell.kernel.actions.options import put_options
from quell.kernel.people.models import Organisation, Person
from quell.kernel.records.models import Record
from quell.practices.communications import facade as communications
from quell.practices.servicedesk import facade as servicedesk
from quell.practices.tasks import facade as tasks
from quell.practices.workforce import facade as workforce

from .company import CODE, DOMAIN

#: How many colleagues have said "me too" to the announcement.
ME_TOO = 12
LANGUAGES = ("en", "da", "zh-hans")


def furnish(random: Random, now: datetime) -> None:
    """Set everything up, once, in the caller's transaction."""
    content = tomllib.loads((files(__package__) / "furniture.toml").read_text(encoding="utf-8"))
    lead, chief = _actor("amira.khalil"), _actor("noor.rahimi")
    home = Organisation.objects.values_list("pk", flat=True).get(code=CODE)
    put_options(chief, content["settings"], home)
    for row in content["canned"]:
        texts = {language: row[language] for language in LANGUAGES if language in row}
        servicedesk.create_canned(lead, {**_reach(row), "texts": texts})
    for row in content["macro"]:
        servicedesk.create_macro(lead, {**_reach(row), "steps": row["steps"]})
    for row in content["checklist"]:
        tasks.create_template(chief, {**row, "organisation": CODE})
    for row in content["skill"]:
        workforce.create_skill(chief, {"code": row["code"], "name": row["name"], "organisation": CODE})
        for key, level in row["levels"].items():
            workforce.rate_skills(chief, f"{key}@{DOMAIN}", {"skills": {row["code"]: {"level": level}}})
    _announce(random, lead, content["announcement"], now)


def _reach(row: Mapping[str, Any]) -> dict[str, Any]:
    common = {"name": row["name"], "folder": row["folder"]}
    if "team" in row:
        return {**common, "reach": "team", "team": row["team"]}
    return {**common, "reach": "organisation", "organisation": CODE}


def _announce(random: Random, lead: Actor, row: Mapping[str, Any], now: datetime) -> None:
    incident = Record.objects.get(title=row["incident"], organisation__code=CODE)
    made = communications.create(
        lead,
        {
            **row,
            "incident": incident.number,
            "organisation": CODE,
            "language": "en",
            "starts_at": now - timedelta(hours=6),
            "next_update_at": now + timedelta(hours=2),
            "publish": True,
        },
    )
    people = list(Person.objects.filter(organisation__code__startswith=f"{CODE}-").order_by("pk"))
    for person in random.sample(people, ME_TOO):
        actor = actor_for_person(person.pk)
        assert actor is not None
        communications.me_too(actor, made)


def _actor(key: str) -> Actor:
    actor = actor_for_person(Person.objects.values_list("pk", flat=True).get(email=f"{key}@{DOMAIN}"))
    assert actor is not None
    return actor
