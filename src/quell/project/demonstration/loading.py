"""Loading the demonstration: the company and its accounts, then its incidents, then the published incident log.

Each step looks at what is there, so that a loading that was stopped is finished by the next one, and a finished
one changes nothing. People come first: whoever waits can sign in while the log is still being read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from quell.kernel.access.actor import HOUSE, Actor, actor_for_person
from quell.kernel.actions.directory.organisations import create_organisation
from quell.kernel.actions.directory.people import create_person, edit_person
from quell.kernel.actions.directory.teams import create_team
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.run import run
from quell.kernel.config.refusal import Conflict
from quell.kernel.people.models import Organisation, Person
from quell.kernel.records.models import Record
from quell.practices.incidents.actions.report import Report, report
from quell.practices.incidents.imports.incident_log import import_incident_log
from quell.practices.services.facade import create as create_service

from .accounts import fresh_password, keep_password, password_kept
from .company import ACCOUNTS, CODE, LOG_CODE, LOG_NAME, NAME, SERVICES, TEAMS, Account
from .stories import STORIES, Step, Story

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loading added; all zero when everything was there."""

    people: int
    incidents: int
    log_incidents: int


def load(state: Path, progress: Progress, *, with_log: bool = True) -> Loaded:
    """Bring the demonstration company in. Raises Conflict on an instance that is in use for something else."""
    people = _company(state)
    incidents = _incidents(datetime.now(UTC))
    return Loaded(people, incidents, _log(progress) if with_log else 0)


def _company(state: Path) -> int:
    """Organisations, teams, services and accounts, all or nothing; returns how many people were made."""
    if Organisation.objects.filter(code=CODE).exists():
        return 0
    if Person.objects.exists():
        raise Conflict(_("There are people here already; the demonstration company is for an empty instance."))
    # The file is written before the accounts: an account whose password nobody knows would be worse than a
    # file whose accounts come a second later.
    password = password_kept(state) or fresh_password()
    keep_password(state, password)
    with transaction.atomic():
        create_organisation(HOUSE, {"code": CODE, "name": NAME})
        if not Organisation.objects.filter(code=LOG_CODE).exists():
            create_organisation(HOUSE, {"code": LOG_CODE, "name": LOG_NAME})
        for account in ACCOUNTS:
            _account(account, password)
        for code, name in TEAMS.items():
            members = [account.email for account in ACCOUNTS if code in account.teams]
            leads = [account.email for account in ACCOUNTS if code in account.leads]
            create_team(HOUSE, {"code": code, "name": name, "organisation": CODE, "members": members, "leads": leads})
        for account in ACCOUNTS:
            edit_person(HOUSE, account.email, {"roles": _roles(account)})
        for service in SERVICES:
            create_service(HOUSE, {**asdict(service), "organisation": CODE, "owner": _email(service.owner)})
    return len(ACCOUNTS)


def _account(account: Account, password: str) -> None:
    create_person(
        HOUSE,
        {
            "email": account.email,
            "name": account.name,
            "organisation": CODE,
            "password": password,
            "job_title": account.job_title,
            "phone": account.phone,
            "timezone": account.timezone,
            "vip": account.vip,
        },
    )


def _roles(account: Account) -> list[dict[str, object]]:
    return [
        {
            "role": account.role,
            "organisation": organisation or None,
            "team": team or None,
            "everywhere": not organisation,
        }
        for organisation, team in account.places
    ]


def _email(key: str) -> str:
    return next(account.email for account in ACCOUNTS if account.key == key)


def _actor(key: str) -> Actor:
    person = Person.objects.only("id").get(email=_email(key))
    actor = actor_for_person(person.pk)
    assert actor is not None
    return actor


def _incidents(now: datetime) -> int:
    """Tell the stories that are not told yet, each whole or not at all; oldest first, as it happened."""
    told = set(Record.objects.filter(kind="incident", organisation__code=CODE).values_list("title", flat=True))
    new = [story for story in STORIES if story.title not in told]
    for story in sorted(new, key=lambda story: -story.hours):
        with transaction.atomic():
            _tell(story, now)
    return len(new)


def _tell(story: Story, now: datetime) -> None:
    at = now - timedelta(hours=story.hours)
    opened = report(_actor(story.who), parse(Report, {"title": story.title, **story.report}), now=at)
    for step in story.steps:
        run(
            f"incidents.{step.verb}",
            _actor(step.who),
            opened.number,
            _data(step, now),
            now=now - timedelta(hours=step.hours),
        )


def _data(step: Step, now: datetime) -> dict[str, object]:
    data = dict(step.data)
    if step.resume_in is not None:
        data["resume_at"] = now + timedelta(hours=step.resume_in)
    if step.other:
        data["to"] = Record.objects.get(title=step.other, organisation__code=CODE).number
    return data


def _log(progress: Progress) -> int:
    """The published log in an organisation of its own; returns how many incidents were new."""
    source = files("quell.practices.incidents") / "data" / "incident_event_log.csv.gz"
    with as_file(source) as path:
        return import_incident_log(path, None, progress).created
