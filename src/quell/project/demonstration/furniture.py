"""What the desk of the demonstration has made for itself, through the same doors as everybody.

Settings, skills, working hours and rules of assignment are there before its past is told, because they had their part
in it; canned replies, macros, checklists, an absence and announcements come at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from quell.kernel.access.actor import Actor, actor_for_person
from quell.kernel.actions.options import put_options
from quell.kernel.people.models import Organisation, Person
from quell.kernel.records.models import Record
from quell.practices.communications import facade as communications
from quell.practices.servicedesk import facade as servicedesk
from quell.practices.tasks import facade as tasks
from quell.practices.workforce import facade as workforce

from . import hours, office, promises
from .company import ACCOUNTS, CODE, DOMAIN
from .scenes import furniture

LANGUAGES = ("en", "da", "zh-hans", "zh-hant")


def staff(now: datetime, days: int) -> None:
    """Settings, hours, promises since before the first of so many days, who knows what, who is here when, and who gets
    what: once, in the caller's transaction."""
    content, chief = furniture(), _actor("noor.rahimi")
    # A setting holds for the organisation it is made for, so each department gets the company's.
    for place in Organisation.objects.filter(Q(code=CODE) | Q(code__startswith=f"{CODE}-")).order_by("pk"):
        put_options(chief, content["settings"], place.pk)
    hours.calendars_of(chief)
    promises.promises_of(chief, now.date(), days)
    for row in content["skill"]:
        workforce.create_skill(chief, {"code": row["code"], "name": row["name"], "organisation": CODE})
        for key, level in row["levels"].items():
            workforce.rate_skills(chief, _email(key), {"skills": {row["code"]: {"level": level}}})
    spans = [[begin.strftime("%H:%M"), end.strftime("%H:%M")] for begin, end in office.SPANS]
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), spans)
    for account in ACCOUNTS:
        if account.teams:
            workforce.arrange_availability(chief, account.email, {"hours": week, "zone": account.timezone})
    workforce.put_rules(chief, {"organisation": CODE, "rules": [_rule(row) for row in content["rule"]]})


def _rule(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "person": _email(row["person"])} if "person" in row else dict(row)


def furnish(random: Random, now: datetime) -> None:
    """Set everything else up, once, in the caller's transaction."""
    content = furniture()
    lead, chief = _actor("amira.khalil"), _actor("noor.rahimi")
    for row in content["canned"]:
        texts = {language: row[language] for language in LANGUAGES if language in row}
        servicedesk.create_canned(lead, {**_reach(row), "texts": texts})
    for row in content["macro"]:
        servicedesk.create_macro(lead, {**_reach(row), "steps": row["steps"]})
    for row in content["checklist"]:
        tasks.create_template(chief, {**row, "organisation": CODE})
    for row in content["absence"]:
        _absent(chief, row, now)
    for row in content["announcement"]:
        _announce(random, lead, row, now)
    promises.left_out(lead, chief, now)


def _reach(row: Mapping[str, Any]) -> dict[str, Any]:
    common = {"name": row["name"], "folder": row["folder"]}
    if "team" in row:
        return {**common, "reach": "team", "team": row["team"]}
    return {**common, "reach": "organisation", "organisation": CODE}


def _absent(chief: Actor, row: Mapping[str, Any], now: datetime) -> None:
    """Whole days, from midnight to midnight in the person's own zone."""
    zone = ZoneInfo(next(account.timezone for account in ACCOUNTS if account.key == row["person"]))
    first = now.astimezone(zone).date() + timedelta(days=row["from_day"])
    begin, end = (datetime.combine(day, time(), zone) for day in (first, first + timedelta(days=row["days"])))
    workforce.announce_absence(
        chief,
        {
            "person": _email(row["person"]),
            "substitute": _email(row["substitute"]),
            "starts_at": begin,
            "ends_at": end,
            "kind": row["kind"],
            "note": row["note"],
        },
    )


def _announce(random: Random, lead: Actor, row: Mapping[str, Any], now: datetime) -> None:
    told = {key: row[key] for key in ("title", "text", "severity", "effect", "service", "translations") if key in row}
    if "incident" in row:
        told["incident"] = Record.objects.get(title=row["incident"], organisation__code=CODE).number
    begins = _begins(row["begins"], now) if "begins" in row else now - timedelta(hours=row["began_hours_ago"])
    if "lasts_hours" in row:
        told["ends_at"] = begins + timedelta(hours=row["lasts_hours"])
    if "next_update_in_hours" in row:
        told["next_update_at"] = now + timedelta(hours=row["next_update_in_hours"])
    made = communications.create(
        lead, {**told, "organisation": CODE, "language": "en", "starts_at": begins, "publish": True}
    )
    people = list(Person.objects.filter(organisation__code__startswith=f"{CODE}-").order_by("pk"))
    for person in random.sample(people, row.get("me_too", 0)):
        actor = actor_for_person(person.pk)
        assert actor is not None
        communications.me_too(actor, made)


def _begins(row: Mapping[str, Any], now: datetime) -> datetime:
    """The next such weekday and hour that is at least a day away, so that people read of it beforehand."""
    zone = ZoneInfo(row["zone"])
    tomorrow = (now + timedelta(days=1)).astimezone(zone)
    days = (tomorrow.date() + timedelta(days=ahead) for ahead in range(8))
    moments = (datetime.combine(day, time(row["hour"]), zone) for day in days if day.weekday() == row["weekday"])
    return next(moment for moment in moments if moment >= tomorrow)


def _email(key: str) -> str:
    return f"{key}@{DOMAIN}"


def _actor(key: str) -> Actor:
    actor = actor_for_person(Person.objects.values_list("pk", flat=True).get(email=_email(key)))
    assert actor is not None
    return actor
