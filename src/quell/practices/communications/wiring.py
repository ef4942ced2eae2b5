"""Everything communications register with the house, in one screen."""

from __future__ import annotations

from quell.kernel.notify.digests import in_the_daily_mail

from . import settings  # noqa: F401 - importing registers the settings
from .jobs import news_for_the_daily_mail

in_the_daily_mail(news_for_the_daily_mail)
