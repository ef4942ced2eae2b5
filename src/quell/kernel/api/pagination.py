"""Pages of lists ordered by a unique key: `limit`, `cursor`, `next_cursor` (contract.md, HTTP)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import orjson
from django.http import HttpResponse
from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.config.refusal import Invalid

from .answers import answer

Limit = Annotated[int, Field(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[str | None, Field(max_length=600, description="`next_cursor` of the page before.")]
Words = Annotated[str, Field(max_length=200, description="Words in the name, or part of the key.")]
Active = Annotated[bool | None, Field(description="Only those in use, or only those that are not.")]


def write_cursor(name: str, key: str) -> str:
    """An opaque cursor: after this key of this list."""
    return base64.urlsafe_b64encode(orjson.dumps([name, key])).decode().rstrip("=")


def read_cursor(name: str, text: str | None) -> str | None:
    """The key a cursor carries; raises Invalid for anything but a cursor of this very list."""
    if not text:
        return None
    try:
        listed, key = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        sound = listed == name and isinstance(key, str) and "\x00" not in key
    except (ValueError, TypeError, binascii.Error):
        sound = False
    if not sound:
        raise Invalid.field("cursor", _("This cursor does not belong to this list. Begin again without it."))
    return str(key)


def page(
    name: str, rows: Sequence[dict[str, Any]], limit: int, key: str, show: Callable[[dict[str, Any]], dict[str, Any]]
) -> HttpResponse:
    """At most `limit` of the rows, and the cursor of the next page when there were more."""
    following = write_cursor(name, str(rows[limit - 1][key])) if len(rows) > limit else None
    return answer({"items": [show(row) for row in rows[:limit]], "next_cursor": following})
