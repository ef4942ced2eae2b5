"""One verb to many records: each by itself through the funnel, with what was refused and why, and one way back for
ten minutes. Few are done at once, many by a job that says how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, StringConstraints

from quell.kernel.access.actor import Actor, actor_for_person
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs, of_kind
from quell.kernel.actions.run import run
from quell.kernel.actions.undoing import steps_back
from quell.kernel.config.refusal import Conflict, Forbidden, Invalid, NotFound, Refusal
from quell.kernel.jobs.app import enqueue
from quell.kernel.records.query_words import dialect, kinds

from ..models import Batch
from ..permissions import works_here
from ..queries.batches import UNDO

MOST = 1000
#: So many are done while one waits; more are a job.
AT_ONCE = 30
#: Progress is written down after so many.
STEP = 20


class NewBatch(Inputs):
    """A verb and its inputs, for the records of these numbers, or for all that match a query."""

    verb: str = Field(min_length=1, max_length=40)
    inputs: dict[str, Any] = {}
    kind: str = Field("incident", max_length=20)
    numbers: Annotated[list[Annotated[str, StringConstraints(max_length=30)]], Field(max_length=MOST)] = []
    query: str | None = Field(None, max_length=2000)


def start(actor: Actor, data: Mapping[str, Any] | BaseModel) -> int:
    """Begin a batch; its id. Few records are done when this returns. Raises Invalid, Forbidden."""
    wanted = parse(NewBatch, data)
    if not (answer := works_here(actor)):
        raise Forbidden(answer.reason)
    if actor.person_id is None:
        raise Forbidden(_("This belongs to people."))
    if wanted.kind not in kinds():
        raise Invalid.field("kind", _("Choose one of: %(choices)s.") % {"choices": ", ".join(kinds())})
    known = {one.verb: one for one in of_kind(wanted.kind)}
    if wanted.verb not in known:
        raise Invalid.field("verb", _("Choose one of: %(choices)s.") % {"choices": ", ".join(sorted(known))})
    parse(known[wanted.verb].inputs, wanted.inputs)
    numbers = list(dict.fromkeys(one.upper() for one in wanted.numbers))
    if wanted.query is not None:
        numbers = dialect(wanted.kind).lists.numbers(actor, {"query": wanted.query}, MOST)
    if not numbers:
        raise Invalid.field("numbers", _("Nothing is selected."))
    batch = Batch.objects.create(
        person_id=actor.person_id,
        kind=wanted.kind,
        verb=wanted.verb,
        inputs=wanted.inputs,
        numbers=numbers,
        created_at=datetime.now(UTC),
    )
    if len(numbers) <= AT_ONCE:
        _go_on(batch, actor)
    else:
        enqueue("servicedesk.batch", batch_id=batch.pk, back=False, lock=f"batch-{batch.pk}")
    return batch.pk


def undo(actor: Actor, batch_id: int) -> None:
    """Take a batch of one's own back; what was changed since stays as it is. Raises NotFound, Forbidden, Conflict."""
    if actor.read_only:
        raise Forbidden(_("This token may only read."))
    batch = Batch.objects.filter(pk=batch_id, person_id=actor.person_id or 0).first()
    if batch is None:
        raise NotFound(_("There is nothing of this number here, or it is not yours to see."))
    if batch.state != Batch.State.DONE or batch.finished_at is None:
        raise Conflict(_("This has been taken back already, or is still being done."))
    if datetime.now(UTC) > batch.finished_at + UNDO:
        raise Conflict(_("The time for undoing this has passed."))
    # Whoever turns the state takes it back: a second press finds it turned.
    if not Batch.objects.filter(pk=batch.pk, state=Batch.State.DONE).update(state=Batch.State.UNDOING):
        raise Conflict(_("This has been taken back already, or is still being done."))
    batch.state = Batch.State.UNDOING
    if len(batch.done) <= AT_ONCE:
        _go_back(batch, actor)
    else:
        enqueue("servicedesk.batch", batch_id=batch.pk, back=True, lock=f"batch-{batch.pk}")


def go_on(batch_id: int, *, back: bool) -> None:
    """What the job does, from where it stopped. A person who has left meanwhile does nothing more."""
    batch = Batch.objects.filter(pk=batch_id).first()
    actor = actor_for_person(batch.person_id) if batch is not None else None
    if batch is None or actor is None:
        return
    if back and batch.state == Batch.State.UNDOING:
        _go_back(batch, actor)
    elif not back and batch.state == Batch.State.RUNNING:
        _go_on(batch, actor)


def _go_on(batch: Batch, actor: Actor) -> None:
    begun = len(batch.done) + len(batch.refused)
    for at, number in enumerate(batch.numbers[begun:], start=1):
        try:
            outcome = run(f"{batch.kind}s.{batch.verb}", actor, number, batch.inputs)
        except Refusal as no:
            batch.refused.append({"number": number, "sentence": no.sentence})
        else:
            back = steps_back(batch.kind, batch.verb, outcome.entry)
            batch.done.append({"number": number, "version": outcome.record.version, "back": back})
        if at % STEP == 0:
            batch.save(update_fields=["done", "refused"])
    batch.state, batch.finished_at = Batch.State.DONE, datetime.now(UTC)
    batch.save(update_fields=["done", "refused", "state", "finished_at"])


def _go_back(batch: Batch, actor: Actor) -> None:
    begun = batch.taken_back + len(batch.kept)
    for at, one in enumerate(reversed(batch.done[: len(batch.done) - begun]), start=1):
        sentence = _take_back(batch, actor, one)
        if sentence:
            batch.kept.append({"number": one["number"], "sentence": sentence})
        else:
            batch.taken_back += 1
        if at % STEP == 0:
            batch.save(update_fields=["kept", "taken_back"])
    batch.state = Batch.State.UNDONE
    batch.save(update_fields=["kept", "taken_back", "state"])


def _take_back(batch: Batch, actor: Actor, one: Mapping[str, Any]) -> str:
    """Take one back; the sentence that says why not, "" when it is done."""
    steps: Sequence[tuple[str, dict[str, Any]]] | None = one["back"]
    if steps is None:
        return _("This cannot be taken back.")
    expected: int | None = one["version"]
    try:
        for verb, inputs in steps:
            outcome = run(f"{batch.kind}s.{verb}", actor, one["number"], inputs, expected_version=expected)
            expected = outcome.record.version
    except Refusal as no:
        return no.sentence
    return ""
