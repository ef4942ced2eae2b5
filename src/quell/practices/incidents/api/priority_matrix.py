"""The priority matrix: what is in force, its versions, and storing another (domain.md 4.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.actions.directory import places
from quell.kernel.actions.registry import Inputs
from quell.kernel.api.answers import answer
from quell.kernel.api.authentication import actor_of

from .. import facade

router = Router(tags=["Settings"])
Place = Annotated[
    str | None, Field(max_length=60, description="Code of an organisation; without it, the whole instance.")
]
Cells = list[list[int]]
#: More versions than this are for the history of changes.
MOST = 50


class MatrixVersion(BaseModel):
    """A version that was stored: who, when, and its cells."""

    version: int
    cells: Cells
    changed_by: str | None
    changed_at: datetime


class Matrix(BaseModel):
    """The matrix of a place. `cells` are in force, a row for each impact from the greatest, a column for each urgency;
    `own` says that they were stored right there, `version` is the number of that version (0 for none of its own)."""

    cells: Cells
    own: bool
    version: int
    versions: list[MatrixVersion]


class NewMatrix(Inputs):
    """Three or four rows and as many columns of priorities from 1 to 5; `based_on` is the version that was looked
    at."""

    cells: Annotated[
        list[Annotated[list[Annotated[int, Field(strict=True)]], Field(max_length=4)]], Field(max_length=4)
    ]
    based_on: Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]


def _place(actor: Actor, code: str | None) -> int | None:
    place = None if code is None else places.organisation(actor, code).pk
    places.must_manage(actor, SETTINGS_MANAGE, place)
    return place


def _shown(place: int | None) -> dict[str, Any]:
    version, cells = facade.matrix(place)
    above = facade.matrix_in_force(place) if place is not None and version == 0 else None
    return {
        "cells": above.cells if above else cells,
        "own": version > 0,
        "version": version,
        "versions": [
            {
                "version": one.version,
                "cells": one.cells,
                "changed_by": one.created_by.name if one.created_by else None,
                "changed_at": one.created_at,
            }
            for one in facade.matrix_history(place)[:MOST]
        ],
    }


@router.get("/priority-matrix", response=Matrix, summary="The priority matrix", operation_id="readMatrix")
def read(request: HttpRequest, organisation: Place = None) -> HttpResponse:
    """What makes a priority of impact and urgency, for those who look after it."""
    return answer(_shown(_place(actor_of(request), organisation)))


@router.put("/priority-matrix", response=Matrix, summary="Store a priority matrix", operation_id="putMatrix")
def put(request: HttpRequest, body: NewMatrix, organisation: Place = None) -> HttpResponse:
    """Store another version; what is reported already keeps its priority."""
    actor = actor_of(request)
    place = _place(actor, organisation)
    facade.put_matrix(actor, body.cells, organisation_id=place, based_on=body.based_on)
    return answer(_shown(place))
