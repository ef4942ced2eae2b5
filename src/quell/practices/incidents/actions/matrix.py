"""Storing another version of the priority matrix (domain.md 4.2): data that decides, so rights and history apply."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from quell.engines.matrix import faults
from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.actions.directory import places
from quell.kernel.config.refusal import Invalid
from quell.kernel.journal.write import write
from quell.kernel.people.models import Organisation

from ..models import PriorityMatrix

SUBJECT = "matrix"


def fault_sentences(cells: Any) -> list[str]:
    """What is wrong with a matrix, in words; empty when it can be stored."""
    sentences = {
        "shape": _("The matrix has three or four rows and as many columns."),
        "range": _("Every priority is a whole number from 1 to 5."),
        "order": _("A greater impact or urgency cannot give a lower priority."),
    }
    return [sentences[fault] for fault in faults(cells)]


def put_matrix(actor: Actor, cells: Any, *, organisation_id: int | None, based_on: int) -> int:
    """Store a new version for an organisation (None: the instance); returns it. Raises Forbidden, Invalid (shape,
    range, order) and, when somebody else stored one meanwhile, Invalid on `based_on`."""
    places.must_manage(actor, SETTINGS_MANAGE, organisation_id)
    if wrong := fault_sentences(cells):
        raise Invalid.field("cells", wrong[0])
    with transaction.atomic():
        if organisation_id is not None:
            # The organisation's row is the lock: its first matrix has no earlier one to hold on to.
            Organisation.objects.select_for_update().get(pk=organisation_id)
        mine = PriorityMatrix.objects.select_for_update().filter(Q(organisation_id=organisation_id))
        current = mine.order_by("-version").first()
        version = current.version if current else 0
        if version != based_on:
            raise Invalid.field("based_on", _("Somebody stored another version meanwhile. Look at it first."))
        now = datetime.now(UTC)
        made = PriorityMatrix.objects.create(
            organisation_id=organisation_id,
            version=version + 1,
            cells=cells,
            created_by_id=actor.person_id,
            created_at=now,
        )
        before = current.cells if current else None
        write(
            "edit",
            actor,
            now,
            subject=SUBJECT,
            subject_id=made.pk,
            organisation_id=organisation_id,
            changes={"cells": [_words(before), _words(cells)]},
            data={"version": made.version},
            version=made.version,
        )
    return made.version


def _words(cells: Any) -> str | None:
    """A matrix on one line, rows from the greatest impact down."""
    return None if cells is None else " / ".join(" ".join(str(cell) for cell in row) for row in cells)
