"""Everything the agreements register with the house, in one screen."""

from __future__ import annotations

from . import settings  # noqa: F401 - importing registers the settings
