"""Reading what a program sent: JSON within limits, or a form with a file. Nothing is guessed."""

from __future__ import annotations

from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from quell.kernel.actions.inputs import unstorable
from quell.kernel.config.refusal import Invalid, Refusal, TooLarge

#: JSON nested deeper than this is an attack or a mistake.
DEEPEST = 32


class NotJson(Refusal):
    """400: the body is not JSON."""

    status = 400
    code = "not_json"


class WrongType(Refusal):
    """415: the body is of another type than this address takes."""

    status = 415
    code = "unsupported_media_type"


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The body as a JSON object; {} when there is none. Raises TooLarge, WrongType, NotJson, Invalid."""
    limit: int = settings.MAX_JSON_BYTES
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    raw = request.body
    if not raw:
        return {}
    if len(raw) > limit:
        raise _too_large(limit)
    kind = request.content_type or ""
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise WrongType(_("Send JSON, with the header Content-Type: application/json."))
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise NotJson(_("The body is not JSON in UTF-8.")) from None
    if (raw.count(b"{") + raw.count(b"[")) > DEEPEST and _too_deep(data):
        raise NotJson(_("The body is nested too deeply."))
    if not isinstance(data, dict):
        raise Invalid.field("body", _("Send a JSON object."))
    if b"\\u0000" in raw and (faults := unstorable(data)):
        raise Invalid(_("Some characters cannot be stored."), errors=faults)
    return data


def must_be_form(request: HttpRequest) -> None:
    """Refuse anything but a multipart form."""
    if request.content_type != "multipart/form-data":
        raise WrongType(_("Send a form of type multipart/form-data with a field named file."))


def _too_large(limit: int) -> TooLarge:
    return TooLarge(_("The body is larger than %(limit)d kB.") % {"limit": limit // 1024})


def _too_deep(data: Any) -> bool:
    level = [data]
    for _depth in range(DEEPEST):
        deeper: list[Any] = []
        for value in level:
            inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
            deeper.extend(one for one in inner if isinstance(one, (dict, list)))
        if not deeper:
            return False
        level = deeper
    return True
