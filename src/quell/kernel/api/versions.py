"""The version a caller means to change: `If-Match: "7"`, or `version` in the body."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from quell.kernel.config.refusal import Invalid

_TAG = re.compile(r'^\s*(?:W/)?"?(\d{1,9})"?\s*$')


def expected(request: HttpRequest, data: dict[str, Any]) -> int | None:
    """The version expected, taken out of `data` when it stands there; None when the caller does not mind.

    Raises Invalid for what is no version, and when header and body disagree.
    """
    header = request.headers.get("If-Match")
    body = data.pop("version", None)
    if header is None or header.strip() == "*":
        return body
    match = _TAG.match(header)
    if match is None:
        raise Invalid.field("If-Match", _("Give the version in quotation marks, as the ETag header showed it."))
    version = int(match.group(1))
    if body is not None and body != version:
        raise Invalid.field("version", _("The version in the body differs from the one in If-Match."))
    return version
