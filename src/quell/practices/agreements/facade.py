"""The front door of the agreements: what was promised for what, how it is measured, and all that is done with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from pydantic import BaseModel

from quell.engines.targets import Case
from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places
from quell.kernel.actions.inputs import parse
from quell.kernel.config import sql
from quell.kernel.config.refusal import Conflict, Invalid
from quell.kernel.people.models import Person
from quell.practices.calendars import facade as calendars

from .actions import announcing, frame, turn
from .actions import create as creating
from .actions import metrics as measuring
from .actions import sign as signing
from .actions import write as writing
from .actions.inputs import Asked as AskedCase
from .models import Agreement, Version
from .permissions import can_manage, can_measure, can_sign
from .queries import book as promises
from .queries import chain, comparing, explaining, journal, listing, words
from .rules import codes, lifecycle

MetricRule: TypeAlias = promises.MetricRule
Promised: TypeAlias = promises.Promised
Book: TypeAlias = promises.Book
Activated: TypeAlias = announcing.Activated
Prospect: TypeAlias = announcing.Prospect
Asked: TypeAlias = listing.Asked
Row: TypeAlias = listing.Row
Choice: TypeAlias = explaining.Choice
Link: TypeAlias = chain.Link
Difference: TypeAlias = comparing.Difference
WARN_AT = codes.WARN_AT
KINDS, SIDES, STATES = codes.KINDS, codes.SIDES, tuple(lifecycle.AGREEMENT.states)
PAUSE_REASONS = ("requester", "supplier", "problem", "change", "part", "scheduled", "task", "approval")

# For choices: the book of promises, its revision, a metric, a target of any version; and a choice in words.
revision, book, metric, promised = promises.revision, promises.book, promises.metric, promises.promised
owners = promises.owners
#: The revision as an expression of SQL, for whoever asks for it along with something else.
REVISION = promises.REVISION
choose, because, names_in = explaining.choose, explaining.because, explaining.names_in
# For whoever follows: called when a version begins to hold, and asked beforehand what that would do.
when_activated, foresee = announcing.when_activated, announcing.foresee
# What is done with agreements and metrics; each says what it raises.
create, edit = creating.create, creating.edit
draft, write, discard = writing.draft, writing.write, writing.discard
propose, revise, sign = signing.propose, signing.revise_draft, signing.sign
create_metric, change_metric = measuring.create_metric, measuring.change_metric
turn_next, owner_sentence = turn.next_due, turn.owner_sentence
# In words.
kind_word, state_word, side_word = words.kind, words.state, words.side
metric_name, metric_called = words.metric_name, words.metric_called
amount_word, span_word = words.amount, words.span
target_kinds, policies, pause_word, credit_word = words.target_kinds, words.policies, words.pause_reason, words.credit
under_review = listing.under_review
spoken_changes = journal.spoken


@dataclass(frozen=True, slots=True)
class ToldOwner:
    """Whom to tell about which agreement."""

    code: str
    name: str
    owner: Person


def agreement(actor: Actor, code: str) -> Row:
    """One agreement by code, with all its versions, newest first; raises NotFound."""
    row = listing.one(actor, code)
    if row is None:
        raise places.unknown(code)
    return {**row, "versions": listing.versions(row["id"])}


def agreements(actor: Actor, asked: Asked) -> list[Row]:
    """A page of agreements by code, one more than the limit when there are more."""
    return listing.page(actor, asked)


def may_read(actor: Actor) -> bool:
    """Does the actor read any agreements at all?"""
    ids = listing.near(actor)
    return ids is None or bool(ids)


def promised_within(actor: Actor) -> list[Promised]:
    """The promises in force that somebody may know of: those to organisations whose agreements they read."""
    ids = listing.near(actor)
    return [one for one in book().promised if ids is None or int(one.promise.scope.customer) in ids]


def places_read(actor: Actor) -> set[int] | None:
    """Ids of the organisations whose agreements the actor reads; None for all."""
    return listing.near(actor)


def may_manage(actor: Actor, organisation_id: int) -> bool:
    """May the actor write the agreements an organisation keeps?"""
    return bool(can_manage(actor, organisation_id))


def may_measure(actor: Actor) -> bool:
    """May the actor change metrics?"""
    return bool(can_measure(actor))


def may_sign(actor: Actor, row: Row) -> dict[str, bool]:
    """For which sides of an agreement the actor may sign in their own name."""
    keeper = row["organisation_id"]
    ours = {codes.CUSTOMER: row["customer_id"] or keeper, codes.PROVIDER: keeper}
    return {side: bool(can_sign(actor, place, keeper, recorded=False)) for side, place in ours.items()}


def terminate(
    actor: Actor, code: str, number: int, data: Mapping[str, Any] | BaseModel, *, version: int | None = None
) -> None:
    """End a version before its time, from now on; see `actions.turn.terminate`."""
    turn.terminate(actor, code, number, data, now=datetime.now(UTC), version=version)


def metrics(actor: Actor) -> list[Row]:
    """The newest version of every metric, by code; for everybody who reads agreements."""
    return listing.metrics() if may_read(actor) else []


def metric_versions(actor: Actor, code: str) -> list[Row]:
    """All versions of a metric, newest first; raises NotFound."""
    found = listing.metrics(every_version=True, code=code) if may_read(actor) else []
    if not found:
        raise places.unknown(code)
    return found


def chain_check(actor: Actor, code: str, number: int, *, now: datetime | None = None) -> list[Link]:
    """Whether what is behind an SLA can keep it, target by target; raises NotFound. Empty for OLAs and UCs."""
    found, version = _readable(actor, code, number)
    return chain.of_version(found, version, now or datetime.now(UTC))


def warnings(actor: Actor, code: str, number: int, *, now: datetime | None = None) -> list[str]:
    """What cannot hold, as sentences; raises NotFound."""
    found, version = _readable(actor, code, number)
    return chain.warnings(found, version, now or datetime.now(UTC))


def differences(row: Row, older: int, newer: int) -> list[Difference]:
    """What changed between two versions of an agreement as `agreement` gave it; raises KeyError for a wrong number."""
    by_number = {one["number"]: one for one in row["versions"]}
    return comparing.differences(by_number[older], by_number[newer])


def prospect(actor: Actor, code: str, *, now: datetime | None = None) -> list[Any]:
    """What everybody who registered foresees of the version that is being written, if it held now. Raises NotFound,
    Conflict when none is being written."""
    found = _agreement(actor, code)
    draft_row = found.versions.filter(state__in=lifecycle.OPEN).first()
    if draft_row is None:
        raise Conflict(str(places.unknown(code)))
    since = now or datetime.now(UTC)
    after = promises.with_version(draft_row.pk, since)
    what = announcing.Prospect(found.pk, draft_row.pk, code, draft_row.number, since, promises.book(), after)
    return announcing.foreseen(what, actor)


def try_case(actor: Actor, data: Mapping[str, Any] | BaseModel, *, now: datetime | None = None) -> Choice:
    """Which target would apply to such a record now, and why no other. `data` as `AskedCase`; raises Invalid."""
    inputs = parse(AskedCase, data)
    whole = promises.book()
    if inputs.metric not in whole.metrics:
        raise Invalid.field("metric", words.no_metric(inputs.metric))
    place = places.organisation(actor, inputs.organisation)
    services: list[int] = []
    criticality = None
    if inputs.service:
        services = writing.service_ids(actor, [inputs.service], "service")
        criticality = (sql.row("SELECT criticality FROM items_item WHERE id = %s", services) or (None,))[0]
    holder = str(places.team(actor, inputs.team, "team").pk) if inputs.team else ""
    case = Case(
        "",
        tuple(map(str, services)),
        tuple(str(pk) for pk in reversed(place.path)),
        holder,
        inputs.priority,
        inputs.kind,
        criticality,
    )
    ids = listing.near(actor)
    if ids is not None:
        seen = set(Agreement.objects.filter(organisation_id__in=ids).values_list("pk", flat=True))
        seen |= set(Agreement.objects.filter(customer_id__in=ids).values_list("pk", flat=True))
        kept = tuple(one for one in whole.promised if one.agreement_id in seen)
        whole = Book(whole.revision, kept, whole.metrics, whole.by_metric_id)
    return explaining.choose(whole, inputs.metric, case, now or datetime.now(UTC))


def calendar_choices(actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of the calendars that targets can be counted in."""
    asked = calendars.Asked(active=True, limit=writing.MOST_CALENDARS)
    return [(row["code"], row["name"]) for row in calendars.calendars(actor, asked)]


def told_to_owner(agreement_id: int) -> ToldOwner | None:
    """Who answers for an agreement, while they are active."""
    found = Agreement.objects.select_related("owner").filter(pk=agreement_id, owner__is_active=True).first()
    return ToldOwner(found.code, found.name, found.owner) if found is not None and found.owner is not None else None


def _agreement(actor: Actor, code: str) -> Agreement:
    found = Agreement.objects.select_related("customer", "organisation").filter(code=code).first()
    if found is None or not listing.may_see(actor, found.organisation_id, found.customer_id):
        raise places.unknown(code)
    return found


def _readable(actor: Actor, code: str, number: int) -> tuple[Agreement, Version]:
    found = _agreement(actor, code)
    return found, frame.numbered(found, number)
