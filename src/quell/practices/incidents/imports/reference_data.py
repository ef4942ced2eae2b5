"""People, teams and categories that the event log knows by an id only: made as such, once, and looked up by
label.

A person of the log becomes an account that can be named in a record and found, but cannot sign in: it has
no password and is not active. Addresses end in `.invalid`, where no mail ever goes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth.hashers import make_password

from quell.kernel.people.models import Organisation, Person, Team
from quell.practices.incidents.models import Category

from .copying import copy, next_ids

DEFAULT_ORGANISATION = "incident-log"
UNKNOWN_CALLER = "Unknown caller"
LONGEST_SLUG = 41
_PLAIN = re.compile(r"[A-Za-z][A-Za-z ]*[0-9]*")


def slug(label: str) -> str:
    """`Group 56` → `group-56`. A label that would lose something on the way is told apart by a few digits
    of its checksum, so that two labels never share a code.
    """
    plain = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[: LONGEST_SLUG - 9].strip("-")
    if _PLAIN.fullmatch(label) and len(label) <= LONGEST_SLUG - 9 and label == label.capitalize():
        return plain
    mark = hashlib.sha256(label.encode()).hexdigest()[:8]
    return f"{plain}-{mark}" if plain else mark


class Directory:
    """Label → id for everything the import refers to, within one organisation. Makes what is missing."""

    def __init__(self, organisation: Organisation, now: datetime) -> None:
        self.organisation = organisation
        self.now = now
        self.people: dict[str, int] = {}
        self.teams: dict[str, int] = {}
        self.categories: dict[tuple[str, ...], int] = {}
        self.people_made = 0
        self.teams_made = 0
        self.categories_made = 0
        own = organisation.code == DEFAULT_ORGANISATION
        self._domain = "incident-log.invalid" if own else f"{organisation.code}.incident-log.invalid"
        self._prefix = "" if own else f"{organisation.code[:18]}-"

    def email(self, label: str) -> str:
        """The address a person of the log gets."""
        return f"{slug(label)}@{self._domain}"

    def learn_people(self, labels: Iterable[str]) -> None:
        """Make sure that all these people are known."""
        missing = {self.email(label): label for label in labels if label not in self.people}
        if not missing:
            return
        there = dict(Person.objects.filter(email__in=missing).values_list("email", "id"))
        new = [email for email in missing if email not in there]
        ids = next_ids(Person, len(new))
        copy(
            Person,
            [
                {
                    "id": key,
                    "email": email,
                    "name": missing[email],
                    "organisation_id": self.organisation.pk,
                    "password": make_password(None),
                    "is_active": False,
                    "created_at": self.now,
                }
                for key, email in zip(ids, new, strict=True)
            ],
        )
        there.update(zip(new, ids, strict=True))
        self.people_made += len(new)
        self.people.update((label, there[email]) for email, label in missing.items())

    def learn_teams(self, labels: Iterable[str]) -> None:
        """Make sure that all these groups are known. A code that another organisation uses gets a prefix."""
        for label in dict.fromkeys(labels):
            if label in self.teams:
                continue
            code = f"{self._prefix}{slug(label)}"
            team = Team.objects.filter(code=code).first()
            if team is not None and team.organisation_id != self.organisation.pk:
                code = f"log-{self.organisation.pk}-{slug(label)}"
                team = Team.objects.filter(code=code).first()
            if team is None:
                team = Team.objects.create(code=code, name=label, organisation=self.organisation)
                self.teams_made += 1
            self.teams[label] = team.pk

    def learn_categories(self, paths: Iterable[Sequence[str]]) -> None:
        """Make sure that all these paths of the tree are known, from the root down."""
        for path in dict.fromkeys(tuple(path) for path in paths):
            for depth in range(1, len(path) + 1):
                branch = path[:depth]
                if branch in self.categories:
                    continue
                codes = [slug(name) for name in branch]
                category, made = Category.objects.get_or_create(
                    organisation=self.organisation,
                    path="/".join(codes),
                    defaults={
                        "parent_id": self.categories.get(branch[:-1]),
                        "code": codes[-1],
                        "name": branch[-1],
                    },
                )
                self.categories_made += made
                self.categories[branch] = category.pk
