"""Everything the service desk registers with the house, in one screen."""

from __future__ import annotations

from quell.kernel.actions import outbox
from quell.kernel.actions.run import follow
from quell.practices.tasks import facade as tasks

from . import settings  # noqa: F401 - importing registers the settings
from .actions.macro import TASK
from .actions.reminder import answered

follow(answered)
outbox.also(TASK, tasks.add)
