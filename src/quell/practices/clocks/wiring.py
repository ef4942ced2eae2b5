"""Everything the clocks register with the house, in one screen."""

from __future__ import annotations

from quell.kernel.actions.open import prepare
from quell.kernel.actions.run import follow

from .actions.follow import follow as clocks_follow
from .actions.follow import opening

prepare(opening)
follow(clocks_follow)
