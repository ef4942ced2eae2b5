"""The version a caller means to change: `If-Match: "7"`, or `version` in the body."""

from __future__ import annotations

import re
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, create_model

from quell.kernel.actions.registry import Inputs
from quell.kernel.config.refusal import Invalid

Version = Annotated[
    int | None, Field(None, strict=True, ge=1, le=999_999_999, description="The version you mean to change.")
]
_TAG = re.compile(r'^\s*(?:W/)?"?(\d{1,9})"?\s*$')


def with_version(model: type[Inputs], name: str) -> type[Inputs]:
    """The inputs of an action, with the version the caller expects among them."""
    return create_model(name, __base__=model, __doc__=model.__doc__, version=(Version, None))


def expected(request: HttpRequest, body: BaseModel) -> tuple[dict[str, Any], int | None]:
    """The fields that were sent, and the version expected with them (None when the caller does not mind).

    Raises Invalid for what is no version, and when header and body disagree.
    """
    data = body.model_dump(exclude_unset=True)
    stated = data.pop("version", None)
    header = request.META.get("HTTP_IF_MATCH")
    if header is None or header.strip() == "*":
        return data, stated
    match = _TAG.match(header)
    if match is None:
        raise Invalid.field("If-Match", _("Give the version in quotation marks, as the ETag header showed it."))
    version = int(match.group(1))
    if stated is not None and stated != version:
        raise Invalid.field("version", _("The version in the body differs from the one in If-Match."))
    return data, version
