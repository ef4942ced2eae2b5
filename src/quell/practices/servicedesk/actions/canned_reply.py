"""Canned replies: keeping them, and putting one into words for a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel, StringConstraints

from quell.kernel.access.actor import Actor
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import FieldError, Forbidden, Invalid, NotFound

from ..models import CannedReply
from ..permissions import works_here
from ..queries import prepared, values
from ..rules import languages, variables
from . import keeping

Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=r"\S")]
LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


class NewCannedReply(keeping.Kept):
    """A text ready to be sent: `texts` maps a language's code (`en`, `da`, …) to the text, with variables."""

    texts: dict[str, Text]


class CannedReplyChange(keeping.Changed):
    """Only what is to change; `texts` replaces all of them."""

    texts: dict[str, Text] | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """A canned reply in words: the language it is in, whether the requester's own was missing, and the gaps that are
    left for the agent to fill."""

    id: int
    name: str
    text: str
    language: str
    fallback: bool
    wanted: str
    gaps: tuple[str, ...]


def create(actor: Actor, data: Mapping[str, Any] | BaseModel) -> int:
    """A new canned reply; its id. Raises Invalid, Forbidden."""
    inputs = parse(NewCannedReply, data)
    with transaction.atomic():
        return keeping.create(CannedReply, actor, inputs, {"texts": checked(inputs.texts)}).pk


def edit(actor: Actor, reply_id: int, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Change what is given; raises NotFound, Forbidden, Invalid, Stale."""
    inputs = parse(CannedReplyChange, data)
    with transaction.atomic():
        row = keeping.locked(CannedReply, actor, reply_id, version)
        keeping.change(actor, row, inputs, {} if inputs.texts is None else {"texts": checked(inputs.texts)})


def trash(actor: Actor, reply_id: int) -> None:
    """Into the trash, from where it can be taken back. Raises NotFound, Forbidden."""
    with transaction.atomic():
        keeping.put_away(actor, keeping.locked(CannedReply, actor, reply_id, None))


def restore(actor: Actor, reply_id: int) -> None:
    """Out of the trash. Raises NotFound, Forbidden."""
    with transaction.atomic():
        keeping.take_back(actor, keeping.locked(CannedReply, actor, reply_id, None))


def checked(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts when their languages and variables are known; raises Invalid naming each at fault."""
    if not texts:
        raise Invalid.field("texts", _("Write the text in at least one language."))
    faults = []
    for language, text in texts.items():
        if language not in LANGUAGES:
            known = ", ".join(sorted(LANGUAGES))
            faults.append(FieldError(f"texts.{language[:20]}", _("Choose one of: %(choices)s.") % {"choices": known}))
        elif sentence := keeping.unknown_variable(text):
            faults.append(FieldError(f"texts.{language}", sentence))
    if faults:
        raise Invalid(faults[0].message, errors=faults)
    return dict(texts)


def speak(actor: Actor, reply_id: int, number: str, *, use: bool = True) -> Spoken:
    """A canned reply in the words of one record, in its requester's language where there is one. `use` counts it.
    Raises NotFound, Forbidden."""
    if use and not (answer := works_here(actor)):
        raise Forbidden(answer.reason)
    row = prepared.one(CannedReply, actor, reply_id)
    if row is None or row.trashed_at is not None:
        raise NotFound(_("There is nothing of this number here, or it is not yours to see."))
    facts = values.facts(actor, number, datetime.now(UTC))
    chosen = languages.choose(row.texts, facts.language, actor.language, "en")
    filled = variables.fill(chosen.text, facts.values(chosen.language))
    if use:
        keeping.count_use(CannedReply, row.pk)
    return Spoken(row.pk, row.name, filled.text, chosen.language, chosen.fallback, facts.language, filled.gaps)


def sample(actor: Actor, texts: Mapping[str, str], language: str, number: str = "") -> variables.Filled:
    """How a text being written will look: with the facts of a record, or with made-up ones. Faults stay visible."""
    if not texts:
        return variables.Filled("", ())
    chosen = languages.choose(texts, language)
    if number:
        known = values.facts(actor, number, datetime.now(UTC)).values(chosen.language)
    else:
        known = values.made_up(actor, chosen.language, datetime.now(UTC))
    return variables.fill(chosen.text, known)
