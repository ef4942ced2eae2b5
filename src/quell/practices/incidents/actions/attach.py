"""Hanging a file on an incident."""

from __future__ import annotations

from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config.refusal import Forbidden, WrongState
from quell.kernel.files.models import Blob
from quell.kernel.records.models import Attachment

from ..permissions import can_comment, can_reply, works_on
from .frame import incident_action


class Attach(Inputs):
    """A stored file (by digest), the name people gave it, and whether the requester may have it."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: str = Field(min_length=1, max_length=200)
    public: bool = True


@incident_action("attach", allowed=can_comment, inputs=Attach, moves=False)
def attach(context: Context) -> None:
    """Hang a file on the incident, for everybody or for colleagues only."""
    inputs, record, actor = context.inputs, context.record, context.actor
    if not inputs.public and not works_on(actor, record):
        raise Forbidden(_("Internal files are for those who work on the incident."))
    if inputs.public and not (open_ := can_reply(record)):
        raise WrongState(open_.reason)
    blob = Blob.objects.get(pk=inputs.sha256)
    made = Attachment.objects.create(
        record=record,
        blob=blob,
        name=inputs.name,
        content_type=blob.content_type,
        size=blob.size,
        public=inputs.public,
        uploaded_by_id=actor.person_id,
        created_at=context.now,
    )
    context.public = inputs.public
    context.data["attachment"] = made.pk
    if inputs.public:
        context.index_public.append(inputs.name)
