"""Times as people and programs give them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import AwareDatetime, BeforeValidator


def _only_text(value: Any) -> Any:
    """Times arrive as RFC 3339 text; a bare number could mean seconds or milliseconds, so it is refused."""
    if value is None or isinstance(value, (str, datetime)):
        return value
    raise ValueError(_("Give a time such as 2026-03-02T08:00:00Z."))


Moment = Annotated[AwareDatetime, BeforeValidator(_only_text)]
