"""Everything the clocks register with the house, in one screen."""

from __future__ import annotations

from quell.kernel.actions.open import prepare
from quell.kernel.actions.run import follow
from quell.kernel.notify.wording import name_metrics
from quell.practices.agreements import facade as agreements
from quell.practices.calendars import facade as calendars

from . import settings  # noqa: F401 - importing registers the settings
from .actions import foreseeing, restate
from .actions.beginning import opening
from .actions.follow import follow as clocks_follow

prepare(opening)
follow(clocks_follow)
calendars.foresee(foreseeing.of_calendars)
calendars.when_applied(restate.calendars_applied)
agreements.foresee(foreseeing.of_version)
agreements.when_activated(restate.version_activated)
name_metrics(agreements.metric_called)
