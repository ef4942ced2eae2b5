"""The one funnel for writing: lock → permit → guard → change → journal → publish, in one transaction.

Pages, API, bulk, importers of live work and automatic sweeps all come through here, so the history, the rights and
the locks are the same for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.access.verdict import Verdict, no, not_now
from quell.kernel.config.refusal import Forbidden, NotFound, Refusal, Stale, WrongState
from quell.kernel.jobs.app import enqueue
from quell.kernel.journal.models import Entry
from quell.kernel.journal.write import write
from quell.kernel.live import hints
from quell.kernel.records.models import Record, Reply
from quell.kernel.records.visibility import sees
from quell.kernel.search import index

from .inputs import parse
from .registry import Action, Context, get, of_kind

#: Fields of the spine whose changes are journalled and saved, with the name the journal gives them.
SPINE = {
    "title": "title",
    "description": "description",
    "state": "state",
    "state_category": "",
    "priority": "priority",
    "requester_id": "requester",
    "owner_id": "owner",
    "assignee_id": "assignee",
    "team_id": "team",
    "service_id": "service",
    "parent_id": "parent",
    "responded_at": "",
    "resolved_at": "",
    "closed_at": "",
}

Follower = Callable[[Record, Entry], None]
_followers: list[Follower] = []


@dataclass(frozen=True)
class Outcome:
    """What an action did: the record as it is now, and the line of history (none when nothing changed)."""

    record: Record
    detail: Any
    entry: Entry | None


def follow(follower: Follower) -> Follower:
    """Have a function called inside every action's transaction, after the entry is written: for what must be true
    at the same instant, such as a clock with its ticket (architecture.md 3)."""
    _followers.append(follower)
    return follower


def run(
    name: str,
    actor: Actor,
    number: str,
    inputs: Mapping[str, Any] | BaseModel | None = None,
    *,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Do `name` (such as `incidents.resolve`) to the record with this number.

    Raises a Refusal (not found, forbidden, wrong state, stale, invalid) and then leaves everything as it was.
    """
    known = get(name)
    wanted = parse(known.inputs, inputs or {})
    with transaction.atomic():
        record = _lock(number, known, actor, wanted)
        detail = known.detail(record.pk)
        if expected_version is not None and expected_version != record.version:
            raise Stale(_("Somebody changed this in the meantime. Your text is safe."), version=record.version)
        _permit(known, actor, record)
        context = Context(actor=actor, record=record, detail=detail, inputs=wanted, now=now or datetime.now(UTC))
        before = _snapshot(context, known)
        if known.lifecycle is not None and known.moves:
            set_state(context, known, known.lifecycle.step(record.state, known.verb))
        known.function(context)
        entry = _commit(known, context, before)
        for step in context.after:
            step(context)
    return Outcome(record, detail, entry)


def set_state(context: Context, known: Action, state: str) -> None:
    """Move the record to a state, with the category that belongs to it."""
    assert known.lifecycle is not None
    context.record.state = state
    context.record.state_category = known.lifecycle.category(state)


def _lock(number: str, known: Action, actor: Actor, wanted: BaseModel) -> Record:
    rows = Record.objects.select_for_update(of=("self",))
    if known.alongside is None:
        record = rows.filter(number=number, kind=known.kind).first()
    else:
        together = Q(number=number, kind=known.kind) | Q(pk__in=list(known.alongside(number, wanted)))
        record = next((one for one in rows.filter(together).order_by("pk") if one.number == number), None)
    if record is None or not sees(actor, record):
        raise NotFound(_("There is no %(number)s here, or it is not yours to see.") % {"number": number})
    return record


def verdict(known: Action, actor: Actor, record: Record) -> Verdict:
    """May this person do this, to this record, now? With the sentence when not."""
    if actor.read_only:
        return no(_("This token may only read."))
    if actor.token_scopes and "records.work" not in actor.token_scopes:
        return no(_("This token's scopes do not include working on records."))
    allowed = known.allowed(actor, record)
    if not allowed:
        return allowed
    if known.lifecycle is not None and not known.lifecycle.allows(record.state, known.verb) and known.moves:
        return not_now(_("This cannot be done while the state is “%(state)s”.") % {"state": state_label(record.state)})
    return allowed


#: Words of the states of every kind; looked up when shown.
STATE_LABELS = {
    "new": gettext_lazy("New"),
    "assigned": gettext_lazy("Assigned"),
    "in_progress": gettext_lazy("In progress"),
    "on_hold": gettext_lazy("On hold"),
    "resolved": gettext_lazy("Resolved"),
    "closed": gettext_lazy("Closed"),
    "cancelled": gettext_lazy("Cancelled"),
    "open": gettext_lazy("Open"),
    "done": gettext_lazy("Done"),
    "skipped": gettext_lazy("Skipped"),
}


def state_label(code: str) -> str:
    """A state's code in words."""
    return str(STATE_LABELS.get(code, code))


def verbs(kind: str, actor: Actor, record: Record) -> list[tuple[Action, Verdict]]:
    """Every verb of a kind with its verdict: what greys out the buttons."""
    return [(known, verdict(known, actor, record)) for known in of_kind(kind)]


def _permit(known: Action, actor: Actor, record: Record) -> None:
    answer = verdict(known, actor, record)
    if answer:
        return
    refusal: type[Refusal] = WrongState if answer.status == 409 else Forbidden
    raise refusal(answer.reason)


def _snapshot(context: Context, known: Action) -> dict[str, Any]:
    record, detail = context.record, context.detail
    return {
        **{f"r.{name}": getattr(record, name) for name in SPINE},
        **{f"d.{name}": getattr(detail, name) for name in known.tracked},
    }


def _commit(known: Action, context: Context, before: dict[str, Any]) -> Entry | None:
    record, detail = context.record, context.detail
    spine = [name for name in SPINE if getattr(record, name) != before[f"r.{name}"]]
    own = [name for name in known.tracked if getattr(detail, name) != before[f"d.{name}"]]
    if not (spine or own or context.data or context.entry_verb):
        return None
    changes = {
        SPINE[name]: [_plain(before[f"r.{name}"]), _plain(getattr(record, name))] for name in spine if SPINE[name]
    }
    changes |= {name.removesuffix("_id"): [_plain(before[f"d.{name}"]), _plain(getattr(detail, name))] for name in own}
    record.version += 1
    record.updated_at = context.now
    record.save(update_fields=[*spine, "version", "updated_at"])
    if own:
        detail.save(update_fields=own)
    if context.reindex:
        index.put(record.pk, document_text(record))
    for text in context.index_public:
        index.add(record.pk, text, internal=False)
    for text in context.index_internal:
        index.add(record.pk, text, internal=True)
    entry = write(
        context.entry_verb or known.verb,
        context.actor,
        context.now,
        record_id=record.pk,
        organisation_id=record.organisation_id,
        public=known.public if context.public is None else context.public,
        changes=changes,
        data=context.data,
        version=record.version,
    )
    publish(record, entry)
    return entry


def publish(record: Record, entry: Entry) -> None:
    """Tell those who must know at once, and leave a job for everybody else."""
    for follower in _followers:
        follower(record, entry)
    enqueue("notify.announce", entry_id=entry.pk)
    hints.changed()


def document_text(record: Record) -> str:
    """The public words of a record: what search finds it by."""
    references = " ".join(record.external_references.values_list("reference", flat=True))
    replies = "\n".join(Reply.objects.filter(record=record).values_list("body", flat=True))
    return f"{record.number} {record.title}\n{record.description}\n{references}\n{replies}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
