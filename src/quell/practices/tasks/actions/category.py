"""Templates that belong to a category: added by themselves when a record is filed there, once each."""

from __future__ import annotations

from datetime import datetime

from quell.kernel.access.actor import HOUSE
from quell.kernel.config import sql
from quell.kernel.records.models import Record

from ..models import Template
from ..queries.templates import of_category
from .template import put_on

_USED = """
SELECT tl.template_id FROM tasks_templateline tl
WHERE tl.id IN (SELECT t.template_line_id FROM tasks_task t JOIN records_record r ON r.id = t.record_id
                WHERE r.parent_id = %(record)s
                UNION SELECT l.template_line_id FROM tasks_checklistline l WHERE l.record_id = %(record)s)
"""


def used_on(record_id: int) -> set[int]:
    """Ids of the templates whose lines a record has, or had."""
    return {row[0] for row in sql.rows(_USED, {"record": record_id})}


def filed(record: Record, path: str, language: str, now: datetime) -> list[str]:
    """Add the templates of a category to a locked, open record that has just been filed there; returns the numbers of
    the tasks made. They come from the house: whoever filed it need not work on it."""
    templates = of_category(record.organisation_id, path, language)
    if not templates:
        return []
    used = used_on(record.pk)
    numbers: list[str] = []
    for template in Template.objects.filter(pk__in=[one.pk for one in templates if one.pk not in used]).order_by(
        "name"
    ):
        numbers += put_on(HOUSE, record, template, now)
    return numbers
