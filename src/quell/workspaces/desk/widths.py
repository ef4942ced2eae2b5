"""How wide a person has drawn the columns of the queue. It depends on the screen, so this browser keeps it: a cookie
that queue.js writes, such as `title.420-team.96`. Once one column has been drawn, every column has a width."""

from __future__ import annotations

import re
from collections.abc import Sequence

COOKIE = "columns"
LEAST, MOST = 40, 900
#: Of columns that came later than the widths, in pixels.
USUAL = 120
_USUAL = {"priority": 84, "number": 110, "title": 360, "state": 120, "assignee": 68}
_PAIR = re.compile(r"^([a-z_]{1,40})\.([0-9]{1,4})$")


def read(kept: str, columns: Sequence[str]) -> dict[str, int]:
    """Pixels by column, for all of `columns` or, when nobody has drawn any, for none. What was made up is left out."""
    pairs = (_PAIR.match(pair) for pair in kept[:1000].split("-"))
    drawn = {pair[1]: min(max(int(pair[2]), LEAST), MOST) for pair in pairs if pair}
    if not drawn.keys() & set(columns):
        return {}
    return {code: drawn.get(code) or _USUAL.get(code, USUAL) for code in columns}
