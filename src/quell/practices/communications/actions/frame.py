"""What the verbs of an announcement share: the locked row, what people's words mean, the line of history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places, subjects
from quell.kernel.config.refusal import Forbidden, Invalid, Stale
from quell.kernel.items.models import Item
from quell.kernel.jobs.app import enqueue
from quell.kernel.people.models import Person
from quell.kernel.records.models import Record

from ..models import Announcement, Audience
from ..permissions import can_answer, can_keep
from .inputs import AudienceInput, Translation

SUBJECT = "announcement"


def locked(actor: Actor, announcement_id: int, version: int | None = None) -> Announcement:
    """The row, locked, for somebody who keeps it; raises NotFound, Forbidden, Stale."""
    found = Announcement.objects.select_for_update(of=("self",)).filter(pk=announcement_id).first()
    near = places.surroundings(actor)
    if found is None or (near is not None and found.organisation_id not in near):
        raise places.unknown(str(announcement_id))
    must_keep(actor, found.organisation_id)
    if version is not None and version != found.version:
        raise Stale(_("Somebody changed this in the meantime. Your text is safe."), version=found.version)
    return found


def must_keep(actor: Actor, organisation_id: int) -> None:
    """Refuse with the verdict's own sentence."""
    if not (may := can_keep(actor, organisation_id)):
        raise Forbidden(may.reason)


def must_answer(actor: Actor) -> int:
    """The id of the person who answers; raises Forbidden for a program that only reads."""
    may = can_answer(actor)
    if not may or actor.person_id is None:
        raise Forbidden(may.reason)
    return actor.person_id


def home_of(person_id: int) -> int:
    """The id of the organisation a person belongs to."""
    return Person.objects.values_list("organisation_id", flat=True).get(pk=person_id)


def checked_language(code: str, actor: Actor) -> str:
    """The language something is written in: as said, else the writer's, else the installation's."""
    return code or (actor.language if actor.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


def checked_translations(given: Mapping[str, Translation], language: str) -> dict[str, dict[str, str]]:
    """By language code; raises Invalid for a language nobody reads here, or the one it is written in already."""
    for code in given:
        if code not in dict(settings.LANGUAGES):
            choices = ", ".join(dict(settings.LANGUAGES))
            raise Invalid.field("translations", _("Choose one of: %(choices)s.") % {"choices": choices})
        if code == language:
            raise Invalid.field("translations", _("It is written in this language already."))
    return {code: {"title": words.title, "text": words.text} for code, words in given.items()}


def service_of(actor: Actor, code: str, field: str = "service") -> Item:
    """An active service the actor may know of, by code; raises Invalid on `field`."""
    found = Item.objects.filter(code=code, item_class="service", active=True).first()
    near = places.surroundings(actor)
    if found is None or (near is not None and found.organisation_id not in near):
        raise Invalid.field(field, _("No service “%(code)s” is known here.") % {"code": code})
    return found


def incident_of(actor: Actor, number: str) -> Record:
    """An incident the actor may see, by number; raises Invalid."""
    found = Record.objects.visible_to(actor).filter(number=number.upper(), kind="incident").first()
    if found is None:
        sentence = _("There is no %(number)s here, or it is not yours to see.") % {"number": number}
        raise Invalid.field("incident", sentence)
    return found


def put_audience(actor: Actor, made: Announcement, wanted: AudienceInput) -> None:
    """Say whom it is for. Organisations must be the writer's to lead: nobody announces into somebody else's house."""
    rows = []
    for code in dict.fromkeys(wanted.organisations):
        place = places.organisation(actor, code, "audience.organisations")
        if not (may := can_keep(actor, place.pk)):
            raise Invalid.field("audience.organisations", may.reason)
        rows.append(Audience(announcement=made, organisation=place))
    for code in dict.fromkeys(wanted.teams):
        team = places.team(actor, code, "audience.teams")
        if not (may := can_keep(actor, team.organisation_id)):
            raise Invalid.field("audience.teams", may.reason)
        rows.append(Audience(announcement=made, team=team))
    rows += [
        Audience(announcement=made, service=service_of(actor, code, "audience.services"))
        for code in dict.fromkeys(wanted.services)
    ]
    Audience.objects.filter(announcement=made).delete()
    Audience.objects.bulk_create(rows)


def check_times(made: Announcement) -> None:
    """What ends, ends after it began."""
    if made.ends_at is not None and made.ends_at <= made.starts_at:
        raise Invalid.field("ends_at", _("It has to end after it begins."))


def keep(actor: Actor, made: Announcement, verb: str, values: Mapping[str, Any], *, news: bool = False) -> None:
    """Save what differs with the next version and one line of history. `news`: those who said “me too” hear of it."""
    changes = subjects.put(made, values)
    if not changes and verb == "edit":
        return
    made.version += 1
    made.updated_at = datetime.now(UTC)
    if news:
        made.told += 1
        enqueue("communications.tell", announcement_id=made.pk)
    made.save(update_fields=["version", "updated_at", "told"])
    subjects.note(verb, actor, SUBJECT, made.pk, made.organisation_id, version=made.version, changes=changes)
