"""Dates in English: "24 July 2026" and "24 July 2026, 14:05", as `ui.moments` writes them too; Django's own formats
are American ("July 24, 2026, 2:05 p.m.")."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
TIME_FORMAT = "H:i"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
