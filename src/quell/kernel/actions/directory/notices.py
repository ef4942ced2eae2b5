"""How people want to hear of things: their own choice, and what an organisation wants for its people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs
from quell.kernel.config import sql
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound
from quell.kernel.notify import inbox
from quell.kernel.notify.models import Preference
from quell.kernel.notify.people import hearers
from quell.kernel.notify.preferences import CHANNELS, DIGEST_AT, REASONS, Wishes, settled

from . import places, subjects

SUBJECT, DEFAULTS = "notifications", "notification_defaults"
#: Snoozing for longer is forgetting.
FARTHEST = timedelta(days=366)

Reason = Literal[REASONS]  # type: ignore[valid-type]
#: "default" goes back to what holds above.
Channel = Literal[(*CHANNELS, "default")]  # type: ignore[valid-type]


def _clock(value: str) -> str:
    if value:
        try:
            datetime.strptime(value, "%H:%M")  # noqa: DTZ007 - a time of day
        except ValueError:
            raise ValueError(_("Give a time of day such as 22:00.")) from None
        if len(value) != 5:
            raise ValueError(_("Give a time of day such as 22:00."))
    return value


Clock = Annotated[str, Field(max_length=5), AfterValidator(_clock)]


class NoticeWishes(Inputs):
    """Only what is to change. `reasons` maps a reason to a channel: none, inbox, digest, email, or default for what
    holds above. Quiet hours hold mails back; both empty for none. Times are in the person's own zone."""

    reasons: dict[Reason, Channel] | None = None
    quiet_from: Clock | None = None
    quiet_to: Clock | None = None
    digest_at: Annotated[Clock, Field(min_length=5)] | None = None


class Snooze(Inputs):
    """When the line comes back."""

    until: AwareDatetime


def change_own(actor: Actor, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Keep one's own wishes; raises Invalid, Forbidden, Stale."""
    inputs = parse(NoticeWishes, data)
    if actor.person_id is None or actor.read_only:
        raise Forbidden(_("Only a person who is signed in can do this."))
    with transaction.atomic():
        row, _made = Preference.objects.select_for_update().get_or_create(person_id=actor.person_id)
        current = subjects.check_version(SUBJECT, actor.person_id, version)
        values = _values(row, inputs)
        if (values.get("quiet_from", row.quiet_from) == "") != (values.get("quiet_to", row.quiet_to) == ""):
            raise Invalid.field("quiet_to", _("Quiet hours have a beginning and an end."))
        if changes := subjects.put(row, values):
            _expect_anew(actor.person_id, row)
            subjects.note(
                "edit", actor, SUBJECT, actor.person_id, actor.organisation_id, version=current + 1, changes=changes
            )


def _values(row: Preference, inputs: NoticeWishes) -> dict[str, Any]:
    given = inputs.model_dump(exclude_unset=True, exclude_none=True)
    if "reasons" in given:
        merged = {**row.reasons, **given["reasons"]}
        given["reasons"] = {reason: channel for reason, channel in merged.items() if channel != "default"}
    return given


def _expect_anew(person_id: int, row: Preference) -> None:
    """A daily mail that waits keeps to the new time."""
    if row.digest_due_at is not None:
        row.digest_due_at = hearers([person_id])[person_id].wishes.next_digest(datetime.now(UTC))
        row.save(update_fields=["digest_due_at"])


def change_of_organisation(
    actor: Actor, code: str, data: Mapping[str, Any] | BaseModel, *, version: int | None = None
) -> None:
    """Set what an organisation wants for its people and all below it; only `reasons`. Raises Forbidden, Invalid,
    Stale."""
    inputs = parse(NoticeWishes, data)
    place = places.organisation(actor, code)
    places.must_manage(actor, SETTINGS_MANAGE, place.pk)
    if inputs.model_fields_set - {"reasons"}:
        raise Invalid(_("An organisation chooses channels; hours are for each person to say."))
    with transaction.atomic():
        row, _made = Preference.objects.select_for_update().get_or_create(organisation=place)
        current = subjects.check_version(DEFAULTS, place.pk, version)
        if changes := subjects.put(row, _values(row, inputs)):
            subjects.note("edit", actor, DEFAULTS, place.pk, place.pk, version=current + 1, changes=changes)


Held = tuple[Wishes, Mapping[str, str], int]


def own_wishes(actor: Actor) -> Held:
    """(what holds, what is one's own choice of it, version)."""
    person_id = actor.person_id or 0
    known = hearers([person_id])
    if person_id not in known:
        raise Forbidden(_("Only a person who is signed in can do this."))
    row = Preference.objects.filter(person_id=person_id).first()
    return known[person_id].wishes, row.reasons if row else {}, subjects.version_of(SUBJECT, person_id)


_ABOVE = """
SELECT c.reasons, c.organisation_id = %(id)s FROM people_organisation o
JOIN LATERAL unnest(o.path) WITH ORDINALITY AS step (id, place) ON TRUE
JOIN notify_preference c ON c.organisation_id = step.id WHERE o.id = %(id)s ORDER BY step.place
"""


def wishes_of_organisation(actor: Actor, code: str) -> Held:
    """(what holds there, what was set right there, version); raises Invalid, Forbidden."""
    place = places.organisation(actor, code)
    places.must_manage(actor, SETTINGS_MANAGE, place.pk)
    layers = sql.rows(_ABOVE, {"id": place.pk})
    own: Mapping[str, str] = next((reasons for reasons, here in layers if here), {})
    holds = Wishes(settled({}, [reasons for reasons, _here in layers]), digest_at=DIGEST_AT)
    return holds, own, subjects.version_of(DEFAULTS, place.pk)


def above_organisation(actor: Actor, code: str) -> dict[str, str]:
    """The channel of every reason if nothing were set right there; raises Invalid, Forbidden."""
    place = places.organisation(actor, code)
    places.must_manage(actor, SETTINGS_MANAGE, place.pk)
    return settled({}, [reasons for reasons, here in sql.rows(_ABOVE, {"id": place.pk}) if not here])


def snooze(actor: Actor, line_id: int, data: Mapping[str, Any] | BaseModel, *, now: datetime | None = None) -> None:
    """Let a line of one's inbox go until a time; raises NotFound, Invalid."""
    until, moment = parse(Snooze, data).until, now or datetime.now(UTC)
    if not moment < until <= moment + FARTHEST:
        raise Invalid.field("until", _("Give a time within the next year."))
    if not inbox.snooze(actor.person_id or 0, line_id, until):
        raise NotFound(_("There is no such line in your inbox."))
