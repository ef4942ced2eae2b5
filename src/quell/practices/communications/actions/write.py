"""Writing an announcement and changing it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places, subjects
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import Invalid, WrongState
from quell.kernel.people.models import Organisation

from ..models import Announcement
from .frame import (
    SUBJECT,
    check_times,
    checked_language,
    checked_translations,
    incident_of,
    keep,
    locked,
    must_keep,
    put_audience,
    service_of,
)
from .inputs import AnnouncementChange, NewAnnouncement

#: What readers of an announcement notice; the rest is housekeeping.
NEWS = frozenset({"title", "text", "translations", "severity", "effect", "next_update_at", "ends_at"})


def create(actor: Actor, data: Mapping[str, Any] | BaseModel) -> int:
    """A new announcement, a draft unless `publish` is said; returns its id. `data` as `NewAnnouncement`; raises
    Invalid, Forbidden."""
    inputs = parse(NewAnnouncement, data)
    now = datetime.now(UTC)
    with transaction.atomic():
        place = _place(actor, inputs.organisation)
        must_keep(actor, place.pk)
        language = checked_language(inputs.language, actor)
        made = Announcement(
            organisation=place,
            severity=inputs.severity,
            effect=_effect(inputs.severity, inputs.effect),
            state="published" if inputs.publish else "draft",
            language=language,
            title=inputs.title,
            text=inputs.text,
            translations=checked_translations(inputs.translations, language),
            service=service_of(actor, inputs.service) if inputs.service else None,
            record=incident_of(actor, inputs.incident) if inputs.incident else None,
            starts_at=inputs.starts_at or now,
            ends_at=inputs.ends_at,
            next_update_at=inputs.next_update_at,
            created_by_id=actor.person_id,
            created_at=now,
            updated_at=now,
        )
        check_times(made)
        made.save()
        put_audience(actor, made, inputs.audience)
        said = inputs.model_dump(mode="json", exclude_unset=True)
        subjects.note("create", actor, SUBJECT, made.pk, place.pk, version=1, data=said)
    return made.pk


def edit(
    actor: Actor, announcement_id: int, data: Mapping[str, Any] | BaseModel, *, version: int | None = None
) -> None:
    """Change what is given. What readers notice goes out to those who said “me too”. `data` as `AnnouncementChange`;
    raises NotFound, Forbidden, Invalid, Stale, WrongState (it has ended)."""
    inputs = parse(AnnouncementChange, data)
    given = inputs.model_fields_set
    if not given:
        raise Invalid(_("Say what to change."))
    with transaction.atomic():
        made = locked(actor, announcement_id, version)
        if made.state == "ended":
            raise WrongState(_("This announcement has ended. Write a new one."))
        values = _values(actor, made, inputs)
        for name, value in values.items():
            setattr(made, name, value)
        check_times(made)
        made.refresh_from_db()
        if inputs.audience is not None:
            put_audience(actor, made, inputs.audience)
        verb = "address" if inputs.audience is not None and given == {"audience"} else "edit"
        keep(actor, made, verb, values, news=made.state == "published" and bool(given & NEWS))


def _values(actor: Actor, made: Announcement, inputs: AnnouncementChange) -> dict[str, Any]:
    given = inputs.model_fields_set
    for name in ("title", "severity", "text", "language", "translations", "starts_at"):
        if name in given and getattr(inputs, name) is None:
            raise Invalid.field(name, _("This is needed."))
    values: dict[str, Any] = {
        name: getattr(inputs, name)
        for name in ("title", "text", "starts_at", "ends_at", "next_update_at")
        if name in given
    }
    if "language" in given:
        values["language"] = checked_language(inputs.language or "", actor)
    if inputs.translations is not None:
        values["translations"] = checked_translations(inputs.translations, values.get("language", made.language))
    if given & {"severity", "effect"}:
        values["severity"] = inputs.severity or made.severity
        values["effect"] = _effect(values["severity"], inputs.effect if "effect" in given else made.effect)
    if "service" in given:
        values["service_id"] = service_of(actor, inputs.service).pk if inputs.service else None
    if "incident" in given:
        values["record_id"] = incident_of(actor, inputs.incident).pk if inputs.incident else None
    return values


def _effect(severity: str, wanted: str | None) -> str:
    return (wanted or "degraded") if severity == "outage" else ""


def _place(actor: Actor, code: str | None) -> Organisation:
    if code is not None:
        return places.organisation(actor, code)
    if actor.organisation_id is None:
        raise Invalid.field("organisation", _("Say whose announcement this is."))
    return Organisation.objects.get(pk=actor.organisation_id)
