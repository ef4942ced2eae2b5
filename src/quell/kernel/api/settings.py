"""Settings: what is in force and where it was set, and setting one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field, StrictBool, StrictInt, StrictStr

from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.actions.directory import places
from quell.kernel.actions.options import Setting, matching, overview, put_options
from quell.kernel.actions.registry import Inputs

from .answers import answer
from .authentication import actor_of
from .pagination import Words

router = Router(tags=["Settings"])
Value = StrictBool | StrictInt | StrictStr
Place = Annotated[
    str | None, Field(max_length=60, description="Code of an organisation; without it, the whole instance.")
]


class SettingShown(BaseModel):
    """A setting: `value` is in force, `source` says where it was set, `default` is how it came."""

    key: str
    label: str
    help: str
    value: Value
    default: Value
    source: Literal["organisation", "instance", "default"]
    minimum: int | None
    maximum: int | None
    changed_by: str | None
    changed_at: datetime | None


class SettingList(BaseModel):
    """All settings that fit, by key."""

    items: list[SettingShown]
    next_cursor: None = None


class NewValue(Inputs):
    """A new value for a setting; null goes back to what holds above."""

    value: Annotated[StrictBool | StrictInt | Annotated[StrictStr, Field(max_length=2000)] | None, Field()]


def _shown(one: Setting) -> dict[str, Any]:
    option = one.option
    return {
        "key": option.key,
        "label": str(option.label),
        "help": str(option.help),
        "value": one.value,
        "default": option.default,
        "source": one.source,
        "minimum": option.minimum,
        "maximum": option.maximum,
        "changed_by": (one.changed_by or "Quell") if one.own else None,
        "changed_at": one.changed_at,
    }


def _place(request: HttpRequest, code: str | None) -> int | None:
    """The organisation meant (None: the instance); raises Invalid for one unknown here, Forbidden for one that the
    caller does not look after."""
    actor = actor_of(request)
    place = None if code is None else places.organisation(actor, code).pk
    places.must_manage(actor, SETTINGS_MANAGE, place)
    return place


@router.get("/settings", response=SettingList, summary="List settings", operation_id="listSettings")
def listing(request: HttpRequest, q: Words = "", organisation: Place = None) -> HttpResponse:
    """Every setting as it stands, for those who look after it; `q` looks into label, help and key."""
    found = matching(overview(_place(request, organisation)), q)
    return answer({"items": [_shown(one) for one in found], "next_cursor": None})


@router.put("/settings/{key}", response=SettingShown, summary="Set a setting", operation_id="putSetting")
def put(request: HttpRequest, key: str, body: NewValue, organisation: Place = None) -> HttpResponse:
    """Set one value for the instance or, over it, for an organisation; sending it twice changes nothing more."""
    place = _place(request, organisation)
    if key not in {one.option.key for one in overview(place)}:
        raise places.unknown(key)
    put_options(actor_of(request), {key: body.value}, place)
    return answer(next(_shown(one) for one in overview(place) if one.option.key == key))
