"""The words that belong to an entry of the journal."""

from __future__ import annotations

from django.db import connection

from .models import Entry


def text_of(entry: Entry) -> str:
    """The public text an entry carries: a reply, a resolution or a reason; "" when there is none."""
    if reply := entry.data.get("reply"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT body FROM records_reply WHERE id = %s", [reply])
            row = cursor.fetchone()
        return row[0] if row else ""
    if resolution := entry.changes.get("resolution"):
        return str(resolution[1])
    return str(entry.data.get("reason", ""))
