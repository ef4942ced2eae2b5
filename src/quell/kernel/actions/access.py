"""Explaining access: what somebody sees of a record and why, and what they may do with it now and why not.

Asked by whoever looks after the people of both places: the record's and the person's. Each look is written down,
where the person themselves can read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor, actor_for_person
from quell.kernel.access.capabilities import PEOPLE_MANAGE
from quell.kernel.config.refusal import Conflict, Forbidden, NotFound
from quell.kernel.journal.write import write
from quell.kernel.people.models import Person
from quell.kernel.records.explain import Explanation, explain
from quell.kernel.records.models import Record
from quell.kernel.records.visibility import sees_internal

from .directory.places import manages
from .run import verbs

#: The journal's word for such a look.
LOOK = "explain_access"


@dataclass(frozen=True, slots=True)
class Possible:
    """A verb, whether it may be done now, and the sentence when not."""

    verb: str
    allowed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Access:
    """The whole answer about one person and one record."""

    person: Person
    record: Record
    told: Explanation
    verbs: tuple[Possible, ...]


def explain_access(actor: Actor, email: str, number: str) -> Access:
    """What the person sees of the record and may do. Raises Forbidden for who looks after no people at all, NotFound
    for a record or a person who are not the asker's to look after, Conflict for somebody who cannot sign in."""
    if not actor.scope(PEOPLE_MANAGE):
        raise Forbidden(_("Your role does not let you change this."))
    person = Person.objects.select_related("organisation").filter(email=email.strip().lower()).first()
    if person is None or not manages(actor, PEOPLE_MANAGE, person.organisation_id):
        raise _unknown(email)
    record = Record.objects.select_related("organisation").filter(number=number.strip().upper()).first()
    if record is None or not manages(actor, PEOPLE_MANAGE, record.organisation_id) or not sees_internal(actor, record):
        raise _unknown(number)
    them = actor_for_person(person.pk)
    if them is None:
        raise Conflict(_("%(name)s is not active and sees nothing at all.") % {"name": person.name})
    told = explain(them, record)
    write(
        LOOK,
        actor,
        datetime.now(UTC),
        subject="person",
        subject_id=person.pk,
        organisation_id=person.organisation_id,
        data={"number": record.number},
    )
    return Access(person, record, told, _possible(them, record, told))


def _possible(them: Actor, record: Record, told: Explanation) -> tuple[Possible, ...]:
    """Every verb of the record's kind. What is not seen does not exist for them, so nothing can be done with it."""
    unseen = _("They do not see it.") if told.sight == "nothing" else ""
    return tuple(
        Possible(known.verb, bool(verdict) and not unseen, unseen or str(verdict.reason))
        for known, verdict in sorted(verbs(record.kind, them, record), key=lambda pair: pair[0].verb)
    )


def _unknown(name: str) -> NotFound:
    return NotFound(_("There is no “%(name)s” here, or it is not yours to look after.") % {"name": name[:120]})
