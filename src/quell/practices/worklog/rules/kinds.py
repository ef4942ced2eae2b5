"""Kinds of work that time is spent on. Codes are stored and never renamed."""

from __future__ import annotations

WORK_TYPES = ("analysis", "repair", "talking", "waiting", "travel", "writing", "other")
#: Where an entry came from.
SOURCES = ("timer", "manual", "phone")
#: A day: whoever worked longer writes two entries.
LONGEST = 24 * 3600
