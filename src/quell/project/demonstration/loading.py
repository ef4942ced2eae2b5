"""Loading the demonstration: the company and its accounts, then its past, then the published incident log.

Each step looks at what is there, so that a loading that was stopped is finished by the next one, and a finished
one changes nothing. People come first: whoever waits can sign in while the log is still being read.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from random import Random
from time import monotonic

from django.db import transaction
from django.utils.translation import gettext as _

from quell.kernel.access.actor import HOUSE
from quell.kernel.actions.directory.organisations import create_organisation
from quell.kernel.actions.directory.people import create_person, edit_person
from quell.kernel.actions.directory.teams import create_team
from quell.kernel.config.refusal import Conflict
from quell.kernel.jobs.app import quietly
from quell.kernel.people.models import Organisation, Person
from quell.kernel.records.models import Record
from quell.practices.incidents.imports.incident_log import import_incident_log
from quell.practices.services.facade import create as create_service

from .accounts import fresh_password, keep_password, password_kept
from .colleagues import DEPARTMENTS, Colleague, colleagues
from .company import ACCOUNTS, CODE, LOG_CODE, LOG_NAME, NAME, SERVICES, TEAMS, Account
from .furniture import furnish, staff
from .news import deliver
from .ninety_days import DAYS, plan
from .playing import Progress, play
from .stories import STORIES

#: The same colleagues and the same ninety days in every demonstration.
SEED = 2026


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loading added, all zero when everything was there, and how many seconds the company and the log took."""

    people: int
    incidents: int
    log_incidents: int
    company_seconds: float
    log_seconds: float


def load(
    state: Path, progress: Progress, *, with_log: bool = True, days: int = DAYS, now: datetime | None = None
) -> Loaded:
    """Bring the demonstration company in, with so many days of its past before `now` (the present moment). Raises
    Conflict on an instance that is in use for something else."""
    begun = monotonic()
    people = _company(state)
    incidents = _history(now or datetime.now(UTC).replace(second=0, microsecond=0), days, progress)
    lived = monotonic()
    log_incidents = _log(progress) if with_log else 0
    return Loaded(people, incidents, log_incidents, lived - begun, monotonic() - lived)


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
            edit_person(HOUSE, account.email, {"roles": _roles(account), **_rank(account)})
        for service in SERVICES:
            create_service(HOUSE, {**asdict(service), "organisation": CODE, "owner": _email(service.owner)})
        for department in DEPARTMENTS:
            create_organisation(HOUSE, {"code": department.code, "name": department.name, "parent": CODE})
        everybody = colleagues(Random(SEED))
        for colleague in everybody:
            _colleague(colleague)
    return len(ACCOUNTS) + len(everybody)


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


def _rank(account: Account) -> dict[str, object]:
    """Who stands above them, and on how much they decide."""
    rank: dict[str, object] = {"manager": _email(account.manager)} if account.manager else {}
    if account.decides is not None:
        rank |= {"approval_limit": account.decides, "approval_currency": "EUR"}
    return rank


def _colleague(colleague: Colleague) -> None:
    """Somebody who reports; nobody needs to sign in as them."""
    create_person(
        HOUSE,
        {
            "email": colleague.email,
            "name": colleague.name,
            "organisation": colleague.department,
            "language": colleague.language,
            "timezone": colleague.zone,
            "phone": colleague.phone,
            "job_title": colleague.job_title,
            "vip": colleague.vip,
            "roles": [{"role": "requester", "organisation": colleague.department}],
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


def _history(now: datetime, days: int, progress: Progress) -> int:
    """The past of the company and what happened lately; all of it or nothing. Returns how many incidents."""
    if Record.objects.filter(kind="incident", organisation__code__startswith=CODE).exists():
        return 0
    past = plan(Random(SEED), colleagues(Random(SEED)), now, days)
    # What is long past is not told to anybody again: the inboxes are filled at the end, as people would have read them.
    with transaction.atomic(), quietly():
        staff(now, days)
        made = play([*past, *(story.told(now) for story in STORIES)], now, progress)
        furnish(Random(SEED), now)
        deliver(Random(SEED), now)
    return made


def _log(progress: Progress) -> int:
    """The published log in an organisation of its own; returns how many incidents were new."""
    source = files("quell.practices.incidents") / "data" / "incident_event_log.csv.gz"
    with as_file(source) as path:
        return import_incident_log(path, None, progress).created
