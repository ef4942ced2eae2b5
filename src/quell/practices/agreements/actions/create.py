"""Making an agreement known, and changing who it is with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places, subjects
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import Conflict, FieldError, Invalid

from ..models import Agreement, Version
from ..rules import codes, lifecycle
from ..settings import REVIEW_LEAD_DAYS
from . import frame, revise
from .inputs import AgreementChange, NewAgreement


def create(actor: Actor, data: Mapping[str, Any] | BaseModel) -> str:
    """A new agreement with an empty draft; returns its code. `data` as `NewAgreement`. Raises Invalid, Forbidden,
    Conflict (known code)."""
    inputs = parse(NewAgreement, data)
    now = datetime.now(UTC)
    with transaction.atomic():
        organisation = places.organisation(actor, inputs.organisation)
        frame.must_manage(actor, organisation.pk)
        if Agreement.objects.filter(code=inputs.code).exists():
            sentence = _("The code “%(code)s” is taken.") % {"code": inputs.code}
            raise Conflict(sentence, errors=[FieldError("code", sentence)])
        agreement = Agreement(
            code=inputs.code, name=inputs.name, kind=inputs.kind, organisation=organisation, created_at=now
        )
        _with_whom(actor, agreement, inputs.customer, inputs.team, inputs.supplier)
        agreement.owner_id = frame.owner_id(actor, inputs.owner) if inputs.owner else actor.person_id
        agreement.save()
        Version.objects.create(
            agreement=agreement,
            number=1,
            valid_from=now.astimezone(frame.here()).date(),
            review_lead_days=REVIEW_LEAD_DAYS.get(organisation.pk),
            created_by_id=actor.person_id,
            created_at=now,
        )
        frame.note("create", actor, agreement, 0, data=inputs.model_dump(mode="json", exclude_unset=True))
    return inputs.code


def edit(actor: Actor, code: str, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Change what is given. `data` as `AgreementChange`; raises NotFound, Forbidden, Invalid, Conflict, Stale."""
    inputs = parse(AgreementChange, data)
    given = inputs.model_fields_set
    if not given:
        raise Invalid(_("Say what to change."))
    with transaction.atomic():
        agreement, current = frame.locked(actor, code, version)
        before = {name: getattr(agreement, name) for name in ("customer_id", "provider_team_id", "supplier")}
        if given & {"customer", "team", "supplier"}:
            _with_whom(
                actor,
                agreement,
                inputs.customer if "customer" in given else _code(agreement.customer),
                inputs.team if "team" in given else _code(agreement.provider_team),
                (inputs.supplier or "") if "supplier" in given else agreement.supplier,
            )
        values: dict[str, Any] = {name: getattr(agreement, name) for name in before}
        if values != before and agreement.versions.exclude(state__in=lifecycle.OPEN).exists():
            raise Conflict(_("A version has been agreed with them. Make another agreement for somebody else."))
        for name, was in before.items():
            setattr(agreement, name, was)
        if inputs.name is not None:
            values["name"] = inputs.name
        if "owner" in given:
            values["owner_id"] = frame.owner_id(actor, inputs.owner)
        changes = subjects.put(agreement, values)
        if changes:
            revise.bump()
            frame.note("edit", actor, agreement, current, changes=changes)


def _code(place: Any) -> str | None:
    return place.code if place is not None else None


def _with_whom(actor: Actor, agreement: Agreement, customer: str | None, team: str | None, supplier: str) -> None:
    """Who is promised something, and who promises it, as the kind of agreement wants it; raises Invalid."""
    agreement.customer = places.organisation(actor, customer, "customer") if customer else None
    wanted = {codes.OLA: "team", codes.UC: "supplier"}.get(agreement.kind)
    for field, value in (("team", team), ("supplier", supplier)):
        if field == wanted and not value:
            sentence = _("Name the team that promises it.") if field == "team" else _("Name the supplier.")
            raise Invalid.field(field, sentence)
        if field != wanted and value:
            raise Invalid.field(field, _("An agreement of this kind has none."))
    agreement.provider_team = places.team(actor, team, "team") if team else None
    agreement.supplier = supplier
