"""A person's own API tokens: made, listed, revoked. The secret is shown once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from quell.kernel.access import capabilities
from quell.kernel.access.actor import Actor
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound
from quell.kernel.people.models import ApiToken, Person
from quell.kernel.people.tokens import issue

from . import people, subjects
from .inputs import Flag

SUBJECT = "token"
MOST = 100


def _only_text(value: Any) -> Any:
    """A bare number could mean seconds or milliseconds, so it is refused."""
    if value is None or isinstance(value, (str, datetime)):
        return value
    raise ValueError(_("Give a time such as 2026-03-02T08:00:00Z."))


class NewToken(Inputs):
    """What a token is for, and how far it reaches: `read_only`, or only the named `scopes` (capabilities)."""

    name: str = Field(min_length=1, max_length=120)
    read_only: Flag = False
    scopes: list[str] = Field(default_factory=list, max_length=50)
    expires_at: Annotated[AwareDatetime, BeforeValidator(_only_text)] | None = None


def create_token(actor: Actor, data: Mapping[str, Any] | BaseModel) -> tuple[int, str]:
    """A token for oneself; returns (id, secret). A token never makes one that may do more than itself.
    Raises Invalid, Forbidden."""
    inputs = parse(NewToken, data)
    if actor.person_id is None:
        raise Forbidden(_("Only a person has tokens."))
    now = datetime.now(UTC)
    for scope in inputs.scopes:
        if scope not in capabilities.ALL:
            choices = ", ".join(capabilities.ALL)
            raise Invalid.field("scopes", _("Choose one of: %(choices)s.") % {"choices": choices})
    if inputs.expires_at is not None and inputs.expires_at <= now:
        raise Invalid.field("expires_at", _("This time has passed."))
    if actor.read_only and not inputs.read_only:
        raise Forbidden(_("This token may only read."))
    if actor.token_scopes and not (inputs.scopes and actor.token_scopes.issuperset(inputs.scopes)):
        raise Forbidden(_("A token cannot make one that may do more than itself."))
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=actor.person_id)
        ends = ApiToken.objects.filter(Q(pk=actor.token_id)).values_list("expires_at", flat=True).first()
        if ends is not None and (inputs.expires_at is None or inputs.expires_at > ends):
            # Else a key lent for a day would turn itself into one for ever.
            raise Forbidden(_("A token cannot make one that lives longer than itself."))
        if ApiToken.objects.filter(person=person, revoked_at=None).count() >= MOST:
            raise Invalid(_("You have too many tokens. Revoke some first."))
        token, secret = issue(
            person,
            inputs.name,
            read_only=inputs.read_only,
            scopes=sorted(set(inputs.scopes)),
            expires_at=inputs.expires_at,
        )
        said = {"name": token.name, "read_only": token.read_only, "scopes": token.scopes}
        subjects.note("create", actor, SUBJECT, token.pk, person.organisation_id, version=1, data=said)
    return token.pk, secret


def revoke_token(actor: Actor, token_id: int) -> None:
    """End one of one's own tokens at once. Raises NotFound."""
    with transaction.atomic():
        token = ApiToken.objects.select_for_update().filter(Q(person_id=actor.person_id), pk=token_id).first()
        if token is None:
            raise NotFound(_("There is no such token of yours."))
        if actor.read_only and actor.token_id != token.pk:
            raise Forbidden(_("This token may only read."))
        if token.revoked_at is None:
            current = subjects.version_of(SUBJECT, token.pk)
            changes = subjects.put(token, {"revoked_at": datetime.now(UTC)})
            subjects.note(
                "revoke", actor, SUBJECT, token.pk, actor.organisation_id, version=current + 1, changes=changes
            )


def revoke_token_of(actor: Actor, email: str, token_id: int) -> None:
    """End a token of somebody the actor looks after. Raises NotFound, Forbidden."""
    with transaction.atomic():
        person = people.in_charge_of(actor, email)
        token = ApiToken.objects.select_for_update().filter(pk=token_id, person=person).first()
        if token is None:
            raise NotFound(_("There is no such token."))
        if token.revoked_at is None:
            current = subjects.version_of(SUBJECT, token.pk)
            changes = subjects.put(token, {"revoked_at": datetime.now(UTC)})
            subjects.note(
                "revoke", actor, SUBJECT, token.pk, person.organisation_id, version=current + 1, changes=changes
            )
