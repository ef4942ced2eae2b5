"""Macros: keeping them, saying what they would do, and doing it.

A macro is data: verbs of the registry by name, with their inputs. It is checked when it is written and again when it
runs, and it runs through the one funnel as whoever runs it, so it never does what they could not do by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, StringConstraints

from quell.kernel.access.actor import Actor
from quell.kernel.actions import outbox
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs, of_kind
from quell.kernel.config.refusal import FieldError, Forbidden, Invalid, NotFound, Refusal
from quell.kernel.people.speaking import language_of
from quell.practices.tasks import facade as tasks

from ..models import Macro
from ..permissions import works_here
from ..queries import prepared, values
from ..rules import languages, macro_steps, variables
from . import keeping
from .canned_reply import LANGUAGES
from .sentences import describe

#: Verbs that no macro does: they need a file.
LEFT_OUT = frozenset({"attach"})
MOST_AT_ONCE = 1000
#: The step that adds a task; the others are verbs of the record.
TASK = "add_task"


class Step(Inputs):
    """One verb with its inputs."""

    verb: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    inputs: dict[str, Any] = Field(default_factory=dict, max_length=30)


class NewMacro(keeping.Kept):
    """Steps in order (docs/reference/macros.md)."""

    steps: list[Step] = Field(min_length=1, max_length=macro_steps.MOST_STEPS)


class MacroChange(keeping.Changed):
    """Only what is to change; `steps` replaces all of them."""

    steps: list[Step] | None = Field(None, min_length=1, max_length=macro_steps.MOST_STEPS)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a macro would do to one record, a sentence a step; `refused` says why it would not, "" when it would."""

    number: str
    sentences: tuple[str, ...]
    language: str
    fallback: bool
    gaps: tuple[str, ...]
    refused: str
    code: str


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of one record: done, or on its way (`message_id` in the outbox), or refused with the sentence."""

    number: str
    ok: bool
    message_id: int | None = None
    sentence: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class _Ready:
    steps: list[dict[str, Any]]
    body: str
    language: str
    fallback: bool
    gaps: tuple[str, ...]


def create(actor: Actor, data: Mapping[str, Any] | BaseModel) -> int:
    """A new macro; its id. Raises Invalid, Forbidden."""
    inputs = parse(NewMacro, data)
    with transaction.atomic():
        return keeping.create(Macro, actor, inputs, {"steps": checked(actor, inputs.steps, "incident")}).pk


def edit(actor: Actor, macro_id: int, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Change what is given; raises NotFound, Forbidden, Invalid, Stale."""
    inputs = parse(MacroChange, data)
    with transaction.atomic():
        row = keeping.locked(Macro, actor, macro_id, version)
        own = {} if inputs.steps is None else {"steps": checked(actor, inputs.steps, row.kind)}
        keeping.change(actor, row, inputs, own)


def trash(actor: Actor, macro_id: int) -> None:
    """Into the trash, from where it can be taken back. Raises NotFound, Forbidden."""
    with transaction.atomic():
        keeping.put_away(actor, keeping.locked(Macro, actor, macro_id, None))


def restore(actor: Actor, macro_id: int) -> None:
    """Out of the trash. Raises NotFound, Forbidden."""
    with transaction.atomic():
        keeping.take_back(actor, keeping.locked(Macro, actor, macro_id, None))


def verbs(kind: str) -> dict[str, tuple[type[Inputs], str]]:
    """What a macro may do to a kind of record, by name: the inputs, and what it does. Its verbs, and adding a task."""
    found = {known.verb: (known.inputs, known.summary) for known in of_kind(kind) if known.verb not in LEFT_OUT}
    return {**found, TASK: (tasks.TaskInputs, _("Add a task to the record."))}


def checked(actor: Actor, steps: Iterable[Step], kind: str) -> list[dict[str, Any]]:
    """The steps as they are kept; raises Invalid naming each step and input at fault."""
    known, faults, kept = verbs(kind), [], []
    now = datetime.now(UTC)
    public = 0
    for at, step in enumerate(steps):
        where = f"steps.{at}"
        if step.verb not in known:
            words = {"verb": step.verb, "choices": ", ".join(sorted(known))}
            faults.append(
                FieldError(f"{where}.verb", _("There is no verb “%(verb)s”. Choose one of: %(choices)s.") % words)
            )
            continue
        wrong = [
            FieldError(f"{where}.inputs.{name}", sentence)
            for name, text in macro_steps.texts(step.inputs, LANGUAGES)
            if (sentence := keeping.unknown_variable(text))
        ]
        faults += wrong or _refused_inputs(actor, known[step.verb][0], step, where, now)
        public += macro_steps.is_public_text(step.verb, step.inputs)
        kept.append({"verb": step.verb, "inputs": dict(step.inputs)})
    if public > 1:
        faults.append(FieldError("steps", _("A macro writes to the requester once at most.")))
    if faults:
        first = faults[0]
        raise Invalid(first.message if len(faults) == 1 else _("Some steps need another look."), errors=faults)
    return kept


def sentences(actor: Actor, data: Mapping[str, Any] | BaseModel) -> list[str]:
    """What a macro being written would do, a sentence a step, with made-up values; raises Invalid for its faults."""
    now = datetime.now(UTC)
    steps = checked(actor, parse(_Steps, data).steps, "incident")
    language = language_of(actor.language, actor.organisation_id)
    known = values.made_up(actor, language, now)
    return [describe(step["verb"], _filled(step["inputs"], language, known, now)[0]) for step in steps]


class _Steps(Inputs):
    steps: list[Step] = Field(min_length=1, max_length=macro_steps.MOST_STEPS)


def _refused_inputs(actor: Actor, wanted: type[Inputs], step: Step, where: str, now: datetime) -> list[FieldError]:
    """What the verb's own inputs say against this step, tried with made-up values and one language after another."""
    spoken = {lang for value in step.inputs.values() if macro_steps.is_spoken(value, LANGUAGES) for lang in value}
    for language in sorted(spoken) or ["en"]:
        tried = _filled(step.inputs, language, values.made_up(actor, language, now), now)[0]
        try:
            parse(wanted, tried)
        except Invalid as no:
            return [FieldError(f"{where}.inputs.{one.field}", one.message) for one in no.errors]
    return []


def _filled(
    inputs: Mapping[str, Any], language: str, known: Mapping[str, str], now: datetime
) -> tuple[dict[str, Any], list[str]]:
    """The inputs of a step in one language with its variables replaced, and the gaps that are left."""
    spoken = macro_steps.resolved(inputs, LANGUAGES, lambda texts: languages.choose(texts, language, "en").text, now)
    missing: list[str] = []
    for name, value in spoken.items():
        if isinstance(value, str):
            filled = variables.fill(value, known)
            spoken[name] = filled.text
            missing += filled.gaps
    return spoken, missing


def _ready(actor: Actor, row: Macro, number: str, now: datetime) -> _Ready:
    """The steps as they would run on one record; raises NotFound when it is not the actor's to work on."""
    facts = values.facts(actor, number, now)
    if facts.kind != row.kind:
        raise Invalid(_("This macro is for another kind of record."))
    spoken: dict[str, str] = {
        lang: lang
        for step in row.steps
        for value in step["inputs"].values()
        if macro_steps.is_spoken(value, LANGUAGES)
        for lang in value
    }
    wanted = facts.language
    chosen = languages.choose(spoken, wanted, actor.language, "en") if spoken else None
    language = chosen.language if chosen else wanted
    known = facts.values(language)
    steps: list[dict[str, Any]] = []
    missing: list[str] = []
    body = ""
    for step in row.steps:
        inputs, gaps = _filled(step["inputs"], language, known, now)
        missing += gaps
        text = ""
        if macro_steps.is_public_text(step["verb"], inputs):
            body, text = str(inputs.pop("body", "")), "body"
        steps.append({"verb": step["verb"], "inputs": inputs, "text": text})
    return _Ready(steps, body, language, bool(chosen and chosen.fallback), tuple(dict.fromkeys(missing)))


def _one(actor: Actor, macro_id: int) -> Macro:
    row = prepared.one(Macro, actor, macro_id)
    if row is None or row.trashed_at is not None:
        raise NotFound(_("There is nothing of this number here, or it is not yours to see."))
    if not (answer := works_here(actor)):
        raise Forbidden(answer.reason)
    return row


class _TakenBack(Exception):
    """Ends a rehearsal: what it did is rolled back."""


def preview(actor: Actor, macro_id: int, number: str) -> Preview:
    """What the macro would do to one record, found out by doing it and taking it back. Raises NotFound, Forbidden."""
    row, now = _one(actor, macro_id), datetime.now(UTC)
    ready = _ready(actor, row, number, now)
    sentences = tuple(describe(step["verb"], _whole(step, ready.body)) for step in ready.steps)
    refused = _gap(ready)
    if refused is None:
        try:
            with transaction.atomic():
                _do(actor, row.kind, number, ready, now)
                raise _TakenBack
        except _TakenBack:
            pass
        except Refusal as no:
            refused = no
    sentence, code = (refused.sentence, refused.code) if refused else ("", "")
    return Preview(number.upper(), sentences, ready.language, ready.fallback, ready.gaps, sentence, code)


def run(actor: Actor, macro_id: int, number: str) -> Ran:
    """Do all steps to one record, or none. With a reply to the requester among them everything waits in the outbox
    for the seconds in which it can be undone. Raises a Refusal that names the step."""
    row, now = _one(actor, macro_id), datetime.now(UTC)
    ready = _ready(actor, row, number, now)
    if (gap := _gap(ready)) is not None:
        raise gap
    message_id = None
    with transaction.atomic():
        if ready.body:
            message_id = outbox.put(actor, number, ready.body, ready.steps, now=now).pk
        else:
            _do(actor, row.kind, number, ready, now)
        keeping.count_use(Macro, row.pk)
    return Ran(number.upper(), True, message_id)


def run_on_many(actor: Actor, macro_id: int, numbers: Iterable[str]) -> list[Ran]:
    """Each record by itself: what is refused says why and holds nobody else up. Raises NotFound, Forbidden for the
    macro itself, Invalid for too many records."""
    _one(actor, macro_id)
    wanted = list(dict.fromkeys(number.upper() for number in numbers))
    if not wanted:
        raise Invalid.field("numbers", _("Nothing is selected. Tick the rows first."))
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid.field("numbers", _("At most %(count)d at once.") % {"count": MOST_AT_ONCE})
    done = []
    for number in wanted:
        try:
            done.append(run(actor, macro_id, number))
        except Refusal as no:
            done.append(Ran(number, False, None, no.sentence, no.code))
    return done


def _do(actor: Actor, kind: str, number: str, ready: _Ready, now: datetime) -> None:
    for at, step in enumerate(ready.steps, start=1):
        try:
            outbox.step(actor, kind, number, step["verb"], _whole(step, ready.body), now)
        except Refusal as no:
            words = {"step": at, "sentence": no.sentence}
            no.sentence = _("Step %(step)d: %(sentence)s") % words
            raise


def _whole(step: Mapping[str, Any], body: str) -> dict[str, Any]:
    inputs = dict(step["inputs"])
    if step["text"]:
        inputs[step["text"]] = body
    return inputs


def _gap(ready: _Ready) -> Refusal | None:
    if not ready.gaps:
        return None
    names = ", ".join(ready.gaps)
    return Invalid(_("This record has no value for: %(names)s. Fill it in there first.") % {"names": names}, code="gap")
