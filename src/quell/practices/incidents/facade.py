"""The front door of incident management: what pages, journeys and other rooms may ask and do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.db.models import Q
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.engines.matrix import DEFAULT_CELLS, Factor
from quell.kernel.access.actor import Actor
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import get as known_action
from quell.kernel.actions.run import run
from quell.kernel.actions.run import verbs as verbs_of
from quell.kernel.config.refusal import NotFound, Refusal
from quell.kernel.people.models import Organisation
from quell.kernel.records.models import Record, Watcher
from quell.kernel.records.outbox import Message, as_message
from quell.kernel.records.outbox import waiting as waiting_of
from quell.kernel.records.timeline import attachments as files_of
from quell.kernel.records.timeline import timeline as history

from .actions import category as category_upkeep
from .actions import lookup
from .actions import matrix as matrix_upkeep
from .actions import preview as merging
from .actions import send as sending
from .actions.assign import Placed
from .actions.report import Report
from .actions.report import report as open_incident
from .actions.transfer import Disputed as Disputed
from .models import Category, PriorityMatrix
from .queries import answering, channels, collisions, filters, hurting, incident, linked, listing, upkeep
from .queries import categories as category_rows
from .queries import handovers as handover_rows
from .queries import similar as likeness
from .queries.shipped import category_name
from .rules import codes, plain_words, priority
from .rules.handover import reasons
from .rules.lifecycle import INCIDENT
from .settings import TRANSFER_REASONS

Row = dict[str, Any]
Filter: TypeAlias = listing.Filter
Order: TypeAlias = listing.Order
Page: TypeAlias = listing.Page
Wanted: TypeAlias = filters.Wanted
HOLD_REASONS, RESOLUTION_CODES = codes.HOLD_REASONS, codes.RESOLUTION_CODES
CAUSE_CODES, CHANNELS, ESCALATION_KINDS = codes.CAUSE_CODES, codes.CHANNELS, codes.ESCALATION_KINDS
AskedCategories: TypeAlias = category_rows.Asked
CHANNEL_WORDS = channels.CHANNEL_WORDS
STATES = tuple(INCIDENT.states)
PARAMETERS, COUNTED = filters.PARAMETERS, listing.COUNTED
AFFECTED, SEVERITY, STAGES = plain_words.AFFECTED, plain_words.SEVERITY, plain_words.STAGES
UNFINISHED, FINISHED = plain_words.UNFINISHED, plain_words.FINISHED
Stage: TypeAlias = plain_words.Stage
impact_and_urgency = plain_words.impact_and_urgency
CategoryLine: TypeAlias = upkeep.CategoryLine
Collision: TypeAlias = collisions.Collision
category_tree, matrix_in_force = upkeep.category_tree, upkeep.matrix_in_force
create_category, edit_category = category_upkeep.create_category, category_upkeep.edit_category
deactivate_category, activate_category = category_upkeep.deactivate_category, category_upkeep.activate_category
#: A title shorter than this says too little by itself to be compared.
FEW_LETTERS = 12
hurt_services, answer_times = hurting.hurting, answering.answer_times
MergePreview: TypeAlias = merging.Preview
Similar: TypeAlias = likeness.Similar
merge_preview = merging.preview
put_matrix, matrix_faults = matrix_upkeep.put_matrix, matrix_upkeep.fault_sentences


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb as a button needs it."""

    verb: str
    allowed: bool
    reason: str
    summary: str


@dataclass(frozen=True, slots=True)
class Done:
    """One row of a bulk action: done, or refused with the sentence."""

    number: str
    ok: bool
    sentence: str = ""
    code: str = ""


def report(actor: Actor, data: Mapping[str, Any] | BaseModel) -> str:
    """Open an incident; returns its number. `data` as in the API; raises Invalid or Forbidden."""
    return open_incident(actor, parse(Report, data)).number


def act(
    actor: Actor, verb: str, number: str, data: Mapping[str, Any] | None = None, *, version: int | None = None
) -> None:
    """Do a verb (`assign`, `hold`, `resolve`, `edit`, `comment` …) to one incident; raises a Refusal."""
    try:
        run(f"incidents.{verb}", actor, number, data or {}, expected_version=version)
    except Disputed:
        _call_lead(actor, number, data or {})
        raise


def _call_lead(actor: Actor, number: str, data: Mapping[str, Any]) -> None:
    """The refused hand-over is written down, flagged, and the lead and the owner are told (domain.md 4.1)."""
    wanted = {name: data[name] for name in ("team", "reason") if data.get(name)}
    with suppress(Refusal):  # the lead has been called already
        run("incidents.dispute", actor, number, wanted)


def place(
    number: str,
    *,
    team: str | None,
    assignee: str | None,
    why: Mapping[str, Any],
    by: Actor,
    owner: bool = False,
    version: int | None = None,
    now: datetime | None = None,
) -> None:
    """Put an incident into the hands a rule has chosen (code of a team, e-mail of a person), with what made it choose.
    With `owner`, the person answers for it too: the absence rule (domain.md 4.1). Raises a Refusal."""
    given: dict[str, Any] = {"why": dict(why), "owner": owner}
    given |= {name: value for name, value in (("team", team), ("assignee", assignee)) if value is not None}
    run("incidents.assign", by, number, Placed.model_validate(given), expected_version=version, now=now)


def handovers(actor: Actor, row: Row) -> list[Row]:
    """The hand-overs of an incident fetched by `ticket`, oldest first; none for who may not read the internal part."""
    return handover_rows.of_record(row["id"]) if row["internal"] else []


def handover(actor: Actor, row: Row) -> Row | None:
    """The hand-over that waits for an answer, with `mine`: the answer is this actor's to give."""
    return handover_rows.pending(actor, row) if row["internal"] and row["handover_id"] else None


def transfer_reasons(organisation_id: int) -> tuple[str, ...]:
    """The codes of reasons for handing over, in their order."""
    return reasons(TRANSFER_REASONS.get(organisation_id))


def known_service(code: str, organisation_id: int, field: str) -> None:
    """Raises Invalid on `field` unless an organisation may use this service."""
    lookup.service(code, organisation_id, field)


def attach(actor: Actor, number: str, sha256: str, name: str, *, public: bool = True) -> int:
    """Hang a stored file on an incident; returns the attachment's id, for a comment to carry. Raises a Refusal."""
    done = run("incidents.attach", actor, number, {"sha256": sha256, "name": name, "public": public})
    return int(done.entry.data["attachment"]) if done.entry else 0


def send(actor: Actor, number: str, data: Mapping[str, Any] | BaseModel, files: Sequence[int] = ()) -> Message:
    """Let a public reply go through the outbox, with what follows it; `data` as in the API, `files` enclosures of the
    actor's composer. Raises a Refusal."""
    return as_message(sending.send(actor, number, data, files))


def note(actor: Actor, number: str, body: str, files: Sequence[int] = ()) -> None:
    """Write an internal note with the files (enclosures) of the actor's composer. Raises a Refusal."""
    sending.note(actor, number, body, files)


def split(actor: Actor, number: str, data: Mapping[str, Any], *, version: int | None = None) -> str:
    """Make an incident of its own from messages; returns its number. `data` as `Split`; raises a Refusal."""
    done = run("incidents.split", actor, number, data, expected_version=version)
    assert done.entry is not None
    return str(done.entry.data["to"])


def act_on_many(actor: Actor, verb: str, numbers: Iterable[str], data: Mapping[str, Any]) -> list[Done]:
    """Do a verb to many, each by itself: what is refused says why and holds nobody else up."""
    done: list[Done] = []
    for number in dict.fromkeys(numbers):
        try:
            act(actor, verb, number, data)
        except Refusal as no:
            done.append(Done(number, False, no.sentence, no.code))
        else:
            done.append(Done(number, True))
    return done


def wanted(
    actor: Actor, given: Mapping[str, str], *, default_sort: str = "-opened_at", default_limit: int = 50
) -> Wanted:
    """A checked filter, order, limit and cursor from the parameters of an address; raises Invalid."""
    return filters.wanted(actor, given, default_sort=default_sort, default_limit=default_limit)


def page(actor: Actor, asked: Wanted) -> Page:
    """A page of the list asked for."""
    return listing.page(actor, asked.filter, asked.order, limit=asked.limit, cursor=asked.cursor)


def glance(actor: Actor, asked: Wanted) -> Page:
    """The same page with what is read at a glance: number, title, state, priority, requester, assignee, last change."""
    return listing.glance(actor, asked.filter, asked.order, limit=asked.limit, cursor=asked.cursor)


def count(actor: Actor, asked: Filter) -> int:
    """How many match, counted up to COUNTED + 1."""
    return listing.count(actor, asked)


def numbers(actor: Actor, asked: Filter, *, limit: int = 1000) -> list[str]:
    """Numbers of all that match."""
    return listing.numbers(actor, asked, limit=limit)


def requesters_of(actor: Actor, numbers: Iterable[str]) -> int:
    """How many people reported these incidents (of those the actor may see)."""
    return listing.requesters(actor, list(numbers))


def tells_requesters(verb: str) -> bool:
    """Is a requester told when this verb is done?"""
    return known_action(f"incidents.{verb}").public


def ticket(actor: Actor, number: str) -> Row:
    """Everything about one incident that this actor may see; raises NotFound."""
    row = incident.one(actor, number.upper())
    if row is None:
        raise NotFound(_("There is no %(number)s here, or it is not yours to see.") % {"number": number})
    return row


def outcome(actor: Actor, number: str) -> Row:
    """The incident as a verb of this actor has just left it. Call it only after `act` has succeeded."""
    row = incident.one(actor, number.upper(), just_acted=True)
    assert row is not None
    return row


def changed_since(actor: Actor, row: Row, field: str, version: int) -> collisions.Collision | None:
    """Who changed a fact of an incident fetched by `ticket` after that version; None when nobody did."""
    return collisions.changed_since(row["id"], field, version)


def timeline(actor: Actor, row: Row) -> list[dict[str, Any]]:
    """The history of an incident fetched by `ticket`, oldest first."""
    return history(row["id"], internal=row["internal"])


def attachments(actor: Actor, row: Row) -> list[dict[str, Any]]:
    """Files on an incident fetched by `ticket`."""
    return files_of(row["id"], internal=row["internal"])


def outbox(row: Row) -> list[Message]:
    """What has not gone out yet, of an incident fetched by `ticket`; nothing for those who see its public part."""
    return waiting_of(row["id"]) if row["internal"] else []


def links(actor: Actor, row: Row) -> list[Row]:
    """What an incident fetched by `ticket` is linked to: `kind`, `to`, `title`, `state`, `priority`, `of_kind`."""
    return linked.linked(actor, row["id"])


def similar(actor: Actor, row: Row, *, limit: int = 5) -> list[Similar]:
    """Incidents like one fetched by `ticket` that this actor may see: the same service or category and hour first."""
    few = len(row["title"]) < FEW_LETTERS
    like = likeness.Like(
        f"{row['title']}\n{row['description']}" if few else row["title"],
        row["id"],
        row["service_id"],
        row["category_id"],
        row["opened_at"],
        row["requester_id"],
    )
    return likeness.similar(actor, like, limit=limit)


def similar_to(actor: Actor, text: str, *, limit: int = 5) -> list[Similar]:
    """Open incidents like what somebody is about to report, as far as this actor may see them."""
    return likeness.similar(actor, likeness.Like(text, open_only=True), limit=limit)


def stage(row: Row) -> Stage:
    """Where an incident stands in the requester's words."""
    return plain_words.stage(row["state"], row["hold_reason"])


def followers(row: Row) -> list[tuple[int, str, str]]:
    """(id, name, e-mail) of those an incident fetched by `ticket` is shared with, by name."""
    found = Watcher.objects.filter(record_id=row["id"]).order_by("person__name", "person_id")
    return list(found.values_list("person_id", "person__name", "person__email"))


def verbs(actor: Actor, number: str) -> list[Verb]:
    """Every verb with whether this actor may use it now, and why not."""
    record = Record.objects.visible_to(actor).filter(number=number.upper(), kind="incident").first()
    if record is None:
        raise NotFound(_("There is no %(number)s here, or it is not yours to see.") % {"number": number})
    return [Verb(a.verb, bool(v), v.reason, a.summary) for a, v in verbs_of("incident", actor, record)]


def verbs_on(actor: Actor, row: Row) -> list[Verb]:
    """The same for an incident fetched by `ticket` through this actor's eyes, without asking for it again."""
    facts = ("id", "number", "version", "state", "state_category", "priority")
    places = ("organisation_id", "team_id", "service_id", "requester_id", "opened_by_id", "owner_id", "assignee_id")
    record = Record(kind="incident", **{name: row[name] for name in (*facts, *places)})
    record.__dict__["awaits_answer"] = row["handover_id"] is not None
    record.__dict__["escalated"] = bool(row["escalation_level"])
    return [Verb(a.verb, bool(v), v.reason, a.summary) for a, v in verbs_of("incident", actor, record)]


def priority_reasons(row: Row) -> list[Factor]:
    """The parts of the score that orders an incident, for its representation and its page."""
    services = 1 if row["service_id"] else 0
    return priority.reasons(
        row["impact"], row["urgency"], users=row["affected_users"], services=services, vip=row["vip"]
    )


def categories(organisation_id: int | None) -> list[tuple[str, str]]:
    """(path, name with its parents' names) of every active category an organisation may use, as a tree in order; the
    names that came with Quell in the language of the reader."""
    above: list[int] = []
    if organisation_id is not None:
        above = list(Organisation.objects.values_list("path", flat=True).get(pk=organisation_id))
    rows = [
        c
        for c in Category.objects.filter(active=True).order_by("path")
        if c.organisation_id is None or c.organisation_id in above
    ]
    names = {c.path: category_name(c.path, c.name) for c in rows}
    return [(c.path, " › ".join(names.get(p, p) for p in _ancestry(c.path))) for c in rows]


def _ancestry(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[: i + 1]) for i in range(len(parts))]


def category(actor: Actor, category_id: int) -> Row:
    """One category by id; raises NotFound."""
    row = category_rows.one(actor, category_id)
    if row is None:
        raise NotFound(_("There is no such category, or it is not yours to see."))
    return row


def category_page(actor: Actor, asked: AskedCategories) -> list[Row]:
    """Categories by path, one more than the limit when there are more; `key` goes into the cursor."""
    return category_rows.page(actor, asked)


def matrix(organisation_id: int | None) -> tuple[int, list[list[int]]]:
    """(version, cells) of the priority matrix of an organisation, or of the instance; version 0 is the shipped one."""
    found = PriorityMatrix.objects.filter(Q(organisation_id=organisation_id)).order_by("-version").first()
    return (found.version, found.cells) if found else (0, [list(row) for row in DEFAULT_CELLS])


def matrix_history(organisation_id: int | None) -> list[PriorityMatrix]:
    """All versions, newest first."""
    return list(
        PriorityMatrix.objects.filter(Q(organisation_id=organisation_id))
        .select_related("created_by")
        .order_by("-version")
    )
