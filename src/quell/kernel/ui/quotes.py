"""The part of a message that only repeats what was said before: quoted lines at its end. Pure."""

from __future__ import annotations

import re

#: Fewer lines than this are read faster than unfolded.
SHORTEST = 3
_QUOTED = re.compile(r"^\s{0,3}>")
# "On 3 March, Claire wrote:", "Den 3. marts skrev Claire:", "Claire 写道：": a short line that ends in a colon.
_INTRODUCED = re.compile(r"^.{0,200}[:：]\s*$")


def split(text: str) -> tuple[str, str]:
    """(what is new, what is quoted at the end), the second "" when there is nothing worth folding. A message that is
    nothing but a quotation stays whole."""
    lines = text.replace("\r\n", "\n").rstrip().split("\n")
    first = len(lines)
    while first and (_QUOTED.match(lines[first - 1]) or not lines[first - 1].strip()):
        first -= 1
    if sum(bool(_QUOTED.match(line)) for line in lines[first:]) < SHORTEST:
        return text, ""
    said = first - 1
    if said >= 0 and _INTRODUCED.match(lines[said]) and (said == 0 or not lines[said - 1].strip()):
        first = said
    new = "\n".join(lines[:first]).rstrip()
    return (new, "\n".join(lines[first:]).strip()) if new else (text, "")
