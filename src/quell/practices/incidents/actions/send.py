"""Sending a public reply with time to think: it goes through the outbox (kernel/actions/outbox.py) instead of at
once, together with the verb that follows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from quell.kernel.access.actor import Actor
from quell.kernel.actions import outbox
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs
from quell.kernel.actions.run import run
from quell.kernel.config.refusal import Forbidden, Invalid
from quell.kernel.records.models import Enclosure, Outgoing, Record

from ..permissions import can_comment
from .hold import Moment


class Then(Inputs):
    """The verb that follows the reply, with its inputs. A resolution left out is the reply itself."""

    verb: Literal["hold", "resolve"]
    inputs: dict[str, Any] = Field(default_factory=dict, max_length=20)


class Send(Inputs):
    """A public reply. Without `send_at` it goes out after the seconds in which it can be undone. `if_last_seen` is the
    id of the newest line of the timeline that its author has read: a newer public word of somebody else holds it.
    `files` are ids of files put into the reply before."""

    body: str = Field("", max_length=outbox.LONGEST)
    send_at: Moment | None = None
    then: Then | None = None
    if_last_seen: Annotated[int, Field(ge=0, le=2**62, strict=True)] | None = None
    files: list[Annotated[int, Field(ge=1, le=2**62, strict=True)]] = Field(default_factory=list, max_length=50)


def steps(then: Then | None) -> list[dict[str, Any]]:
    """What happens when it goes out, in order."""
    said = {"verb": "comment", "inputs": {"visibility": "public"}, "text": "body"}
    if then is None:
        return [said]
    after = {"verb": then.verb, "inputs": dict(then.inputs), "text": ""}
    if then.verb == "resolve" and not then.inputs.get("resolution"):
        return [{**after, "text": "resolution"}]
    return [said, after]


def send(actor: Actor, number: str, data: Mapping[str, Any] | BaseModel, files: Sequence[int] = ()) -> Outgoing:
    """Let a reply go; the row of the outbox. `files` are enclosures of the actor's composer, besides those that the
    inputs name. Raises a Refusal."""
    inputs = parse(Send, data)
    record = Record.objects.visible_to(actor).filter(number=number.upper(), kind="incident").first()
    if record is not None and not (answer := can_comment(actor, record)):
        raise Forbidden(answer.reason)
    return outbox.put(
        actor,
        number,
        inputs.body,
        steps(inputs.then),
        send_at=inputs.send_at,
        last_seen=inputs.if_last_seen,
        files=list(dict.fromkeys([*files, *inputs.files])),
    )


def note(actor: Actor, number: str, body: str, files: Sequence[int] = ()) -> None:
    """Write an internal note with the files of the actor's composer, at once. Raises a Refusal."""
    rows = Enclosure.objects.filter(
        pk__in=files, person_id=actor.person_id or 0, mode="internal", outgoing=None, record__number=number.upper()
    )
    with transaction.atomic():
        enclosed = list(rows.select_related("record").order_by("pk"))
        if not body.strip() and not enclosed:
            raise Invalid.field("body", _("Write something first."))
        made = outbox.hang(actor, enclosed[0].record, enclosed, public=False) if enclosed else {}
        if body.strip():
            text = outbox.with_links(body.strip(), enclosed, made)
            given = {"body": text, "visibility": "internal", "attachments": list(made.values())}
            run("incidents.comment", actor, number.upper(), given)
        rows.delete()
