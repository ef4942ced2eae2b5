"""Checking what was sent against an action's inputs, with sentences a person understands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from quell.kernel.config.refusal import FieldError, Invalid

M = TypeVar("M", bound=BaseModel)


def parse(model: type[M], data: Mapping[str, Any] | BaseModel) -> M:
    """The inputs as the action wants them; raises Invalid naming each field at fault."""
    if isinstance(data, model):
        return data
    if isinstance(data, BaseModel):
        data = data.model_dump(exclude_unset=True)
    if faults := unstorable(data):
        raise Invalid(_("Some characters cannot be stored."), errors=faults)
    try:
        return model.model_validate(dict(data))
    except ValidationError as fault:
        raise refusal(fault) from None


def refusal(*faults: ValidationError, skip: int = 0) -> Invalid:
    """Validation errors as one refusal. `skip` leaves out the first steps of each field's path."""
    errors = [
        FieldError(_where(error["loc"][skip:]), _sentence(error))
        for fault in faults
        for error in fault.errors(include_url=False)
    ]
    return Invalid(errors[0].message if len(errors) == 1 else _("Some fields need another look."), errors=errors)


def _where(path: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in path) or "body"


def _sentence(error: Any) -> str:
    kind, context = error["type"], error.get("ctx", {})
    sentences = {
        "missing": _("This is needed."),
        "extra_forbidden": _("There is no such field here."),
        "string_too_short": _("This is needed."),
        "string_type": _("This must be text."),
        "int_type": _("This must be a whole number."),
        "int_parsing": _("This must be a whole number."),
        "int_from_float": _("This must be a whole number."),
        "bool_type": _("This must be true or false."),
        "bool_parsing": _("This must be true or false."),
        "timezone_aware": _("Give the time with its zone, such as 2026-03-02T08:00:00Z."),
        "datetime_from_date_parsing": _("Give a time such as 2026-03-02T08:00:00Z."),
        "datetime_parsing": _("Give a time such as 2026-03-02T08:00:00Z."),
        "datetime_type": _("Give a time such as 2026-03-02T08:00:00Z."),
    }
    if kind == "string_too_long":
        return _("At most %(count)d characters.") % {"count": context["max_length"]}
    if kind in ("literal_error", "enum"):
        return _("Choose one of: %(choices)s.") % {"choices": context.get("expected", "")}
    if kind in ("greater_than_equal", "less_than_equal"):
        return _("This number is outside the permitted range.")
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    return str(sentences.get(kind, error["msg"]))


def unstorable(value: Any, path: str = "") -> list[FieldError]:
    """Texts PostgreSQL cannot hold: NUL, and halves of surrogate pairs that JSON escapes can smuggle in."""
    if isinstance(value, str):
        bad = "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value)
        return [FieldError(path or "body", _("This text contains characters that cannot be stored."))] if bad else []
    if isinstance(value, Mapping):
        return [e for key, inner in value.items() for e in unstorable(inner, f"{path}.{key}" if path else str(key))]
    if isinstance(value, (list, tuple)):
        return [e for index, inner in enumerate(value) for e in unstorable(inner, f"{path}.{index}")]
    return []
