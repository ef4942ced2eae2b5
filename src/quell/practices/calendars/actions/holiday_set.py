"""Making a holiday set, changing it, and looking at its source again. All calendars that use it change with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places, subjects
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import Invalid

from ..models import Calendar, HolidaySet, HolidaySetVersion
from ..queries.sentences import feed_trouble
from ..rules import countries, feeds
from ..rules.documents import Days, refreshed
from . import applying, frame
from .applying import Change
from .calendar import Preview
from .consequences import Consequences, foreseen
from .fetching import fetched
from .inputs import FeedFile, HolidaySetChange, NewHolidaySet

HAND, COUNTRY, FEED = "hand", "country", "feed"
#: Years of a country kept before this one, and after it.
YEARS_BACK, YEARS_AHEAD = 5, 10


def years_at(today: date) -> range:
    """The years that a set of a country, or a file, is read for."""
    return range(today.year - YEARS_BACK, today.year + YEARS_AHEAD + 1)


def create(actor: Actor, data: Mapping[str, Any] | BaseModel) -> str:
    """A new holiday set; returns its code. `data` as `NewHolidaySet`. Raises Invalid, Forbidden, Conflict."""
    inputs = parse(NewHolidaySet, data)
    place = places.organisation(actor, inputs.organisation)
    frame.must_manage(actor, place.pk)
    frame.must_be_free(HolidaySet.objects.filter(code=inputs.code).exists(), inputs.code)
    now = datetime.now(UTC)
    source, said = _begun(inputs, now.date())  # before the transaction: it may ask the web
    with transaction.atomic():
        frame.in_turn()
        frame.must_be_free(HolidaySet.objects.filter(code=inputs.code).exists(), inputs.code)
        made = HolidaySet.objects.create(
            code=inputs.code, name=inputs.name, organisation=place, source=source,
            looked_at=None if source["kind"] == HAND else now,
        )  # fmt: skip
        _version(actor, made, said, "", now)
        told = {"name": made.name, "code": made.code, "source": source, "dates": len(said.off) + len(said.make_up)}
        subjects.note("create", actor, frame.HOLIDAY_SET, made.pk, place.pk, version=1, data=told)
    return inputs.code


def edit(
    actor: Actor, code: str, data: Mapping[str, Any] | BaseModel, *, version: int | None = None
) -> Consequences | None:
    """Change what is given. `data` as `HolidaySetChange`. Returns what came of it for open promises, None when no date
    changed. Raises NotFound, Forbidden, Invalid, Stale."""
    inputs = parse(HolidaySetChange, data)
    if not inputs.model_fields_set - {"reason", "closed_too"}:
        raise Invalid(_("Say what to change."))
    with transaction.atomic():
        frame.in_turn()
        one = frame.locked_set(actor, code, version)
        facts: dict[str, Any] = {"name": inputs.name} if inputs.name else {}
        if inputs.url is not None:
            if one.source["kind"] != FEED:
                raise Invalid.field("url", _("This set does not come from an address."))
            facts["source"] = {**one.source, "url": inputs.url}
        if changes := subjects.put(one, facts):
            _counted(one)
            told = {"name": one.name, "code": code}
            subjects.note(
                "edit", actor, frame.HOLIDAY_SET, one.pk, one.organisation_id, version=one.version, changes=changes,
                data=told,
            )  # fmt: skip
        before = said_by(one)
        return put(actor, one, _given(inputs, before), reason=inputs.reason, closed_too=inputs.closed_too)


def preview(actor: Actor, code: str, data: Mapping[str, Any] | BaseModel) -> Preview:
    """What that change would do to all calendars that use the set; nothing is kept. Raises as `edit`."""
    inputs = parse(HolidaySetChange, data)
    with transaction.atomic():
        one = frame.locked_set(actor, code, None)
        after = _given(inputs, said_by(one))
        proposal = applying.propose([change.draft for change in _changes(one, after)])
    return Preview(proposal, foreseen(proposal, actor))


def read_file(actor: Actor, code: str, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> int:
    """Take the dates of an iCalendar file into a set: what is to come is as the file says, what is over stays. Returns
    how many events of the file were no holidays. Raises NotFound, Forbidden, Invalid, Stale."""
    inputs = parse(FeedFile, data)
    today = datetime.now(UTC).date()
    feed = _readable("ics", lambda: read(inputs.ics.encode(), today))
    with transaction.atomic():
        frame.in_turn()
        one = frame.locked_set(actor, code, version)
        before = said_by(one)
        # The first file of an empty set brings the years before today along.
        after = refreshed(before, feed.days, today) if before.off or before.make_up else feed.days
        put(actor, one, after, reason=inputs.reason, closed_too=False)
    return feed.left_out


def read(raw: bytes, today: date) -> feeds.Feed:
    """The holidays of a file; raises UnreadableFeed."""
    years = years_at(today)
    return feeds.read(raw, date(years.start, 1, 1), date(years.stop, 1, 1))


def _readable(field: str, look: Callable[[], feeds.Feed]) -> feeds.Feed:
    try:
        return look()
    except feeds.UnreadableFeed as fault:
        raise Invalid.field(field, feed_trouble(fault.code, fault.detail)) from None


def put(
    actor: Actor, one: HolidaySet, after: Days, *, reason: str, closed_too: bool = False, why: str = ""
) -> Consequences | None:
    """Make a locked set say exactly this, and all calendars that use it with it, in the turn of the caller. None when
    it says so already. Raises Invalid when open promises hang on it and no reason is given."""
    before = said_by(one)
    if before == after:
        return None
    changes = _changes(one, after)
    now = datetime.now(UTC)
    _version(actor, one, after, reason, now)
    _counted(one)
    data = {"name": one.name, "code": one.code, "reason": reason, "why": why, "closed_too": closed_too}
    subjects.note(
        "edit", actor, frame.HOLIDAY_SET, one.pk, one.organisation_id, version=one.version,
        changes=_differences(before, after), data=data,
    )  # fmt: skip
    said = {"holiday_set": one.code, "why": why}
    return applying.put_in_force(actor, changes, reason=reason, closed_too=closed_too, said=said)


def said_by(one: HolidaySet) -> Days:
    """What a set says now."""
    return applying.days_of_sets(None, [one.code], [one.code])[0]


def _changes(one: HolidaySet, after: Days) -> list[Change]:
    """What becomes of the calendars that use the set: a new version of each whose document differs."""
    told = []
    using = Calendar.objects.select_for_update(of=("self",)).order_by("pk").filter(
        pk__in=Calendar.objects.filter(versions__spec__holiday_sets__contains=one.code).values("pk")
    )  # fmt: skip
    for calendar in using:
        newest = calendar.versions.order_by("-number").first()
        if newest is None or one.code not in newest.spec["holiday_sets"]:
            continue
        codes = newest.spec["holiday_sets"]
        sets = dict(zip(codes, applying.days_of_sets(None, codes, codes), strict=True)) | {one.code: after}
        draft = applying.drafted(calendar.code, newest.spec, [sets[code] for code in codes])
        if draft.document != newest.document:
            told.append(Change(calendar, newest.spec, newest.spec, draft))
    return told


def _begun(inputs: NewHolidaySet, today: date) -> tuple[dict[str, Any], Days]:
    """The source of a new set, and what it says."""
    if inputs.source == COUNTRY:
        facts = {name: getattr(inputs, name) for name in ("country", "subdivision", "language", "categories")}
        facts["country"] = inputs.country.upper()
        facts["categories"] = list(inputs.categories) or [countries.PUBLIC]
        return {"kind": COUNTRY, **facts}, of_country(facts, years_at(today))
    if inputs.source == FEED:
        if not inputs.url:
            raise Invalid.field("url", _("Give the address of the iCalendar file."))
        feed = _readable("url", lambda: read(fetched(inputs.url), today))
        return {"kind": FEED, "url": inputs.url}, feed.days
    given = inputs.model_dump(mode="json", include={"days", "make_up"})
    return {"kind": HAND}, _days(given["days"], given["make_up"])


def of_country(source: Mapping[str, Any], years: range) -> Days:
    """The holidays of a country; raises Invalid naming what there is to choose from."""
    try:
        return countries.days_of(
            source["country"], source["subdivision"], source["language"], years, source["categories"]
        )
    except countries.UnknownCountry as fault:
        choices = ", ".join(fault.choices) or "–"
        raise Invalid.field(fault.field, _("Choose one of: %(choices)s.") % {"choices": choices}) from None


def _given(inputs: HolidaySetChange, before: Days) -> Days:
    given = inputs.model_dump(mode="json", include={"days", "make_up"} & inputs.model_fields_set)
    off, make_up = given.get("days"), given.get("make_up")
    return _days(before.off if off is None else off, before.make_up if make_up is None else make_up)


def _days(off: Mapping[str, str], make_up: Mapping[str, str]) -> Days:
    """Both in order; a day that is worked is not off."""
    return Days(
        {day: " ".join(off[day].split()) for day in sorted(off) if day not in make_up}, dict(sorted(make_up.items()))
    )


def _differences(before: Days, after: Days) -> dict[str, list[Any]]:
    told: dict[str, list[Any]] = {}
    for name, was, now in (("days", before.off, after.off), ("make_up", before.make_up, after.make_up)):
        gone = [f"{day} {said}".strip() for day, said in was.items() if now.get(day) != said]
        come = [f"{day} {said}".strip() for day, said in now.items() if was.get(day) != said]
        if gone or come:
            told[name] = [gone, come]
    return told


def _version(actor: Actor, one: HolidaySet, said: Days, reason: str, now: datetime) -> None:
    number = (one.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    HolidaySetVersion.objects.create(
        holiday_set=one, number=number, days=dict(said.off), make_up=dict(said.make_up), reason=reason,
        by_id=actor.person_id, at=now,
    )  # fmt: skip


def _counted(one: HolidaySet) -> None:
    one.version += 1
    one.save(update_fields=["version"])
