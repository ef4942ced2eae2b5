"""Makes the demonstration known to the pages of administration; importing this does it."""

from __future__ import annotations

from quell.kernel.actions.demonstration import Demonstration, register

from .company import CODE
from .leaving import check, covers, obstacle, present, size

register(Demonstration(word=CODE, present=present, size=size, obstacle=obstacle, check=check, covers=covers))
