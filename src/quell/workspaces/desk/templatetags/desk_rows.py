"""Rows of long lists, drawn in Python: fifty of them stand on the two busiest pages, where a template loop costs
more than the page's queries. Badges and times come from the design system; `format_html` escapes the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quell.kernel.ui import marks

register = template.Library()

_PANE_ROW = (
    '<a class="queue-row" id="q-{number}" href="{url}" data-row{current}><span class="row">{priority}'
    '<span class="mono muted grow">{number}</span>{state}</span><span class="strong truncate">{title}</span>'
    '<span class="row small muted"><span class="truncate grow">{requester}</span>{at}{agent}</span></a>\n'
)
_TABLE_ROW = (
    '<tr data-row><td class="pick"><input class="check" type="checkbox" name="selected" value="{number}"'
    ' aria-label="{select} {number}"></td><td class="lead fit">{priority}</td><td class="lead fit">'
    '<span class="mono muted">{number}</span></td><td class="title"><a href="{url}" data-open-row>{title}</a></td>'
    '<td class="fit lead end">{state}</td><td class="nowrap">{requester}</td><td class="nowrap hide-phone">{team}</td>'
    '<td class="fit">{agent}</td><td class="fit muted hide-phone">{opened}</td><td class="fit muted">{at}</td></tr>\n'
)
_HERE = format_html(' aria-current="{}"', "true")


class _Marks:
    """Badges of one list. States, priorities and people repeat from row to row, so each is drawn once."""

    def __init__(self) -> None:
        self.when = marks.when_many()
        self._known: dict[Any, SafeString] = {}

    def priority(self, row: Mapping[str, Any]) -> SafeString:
        """P1 … P5."""
        key = row["priority"]
        return self._known.get(key) or self._known.setdefault(key, marks.priority(key))

    def state(self, row: Mapping[str, Any]) -> SafeString:
        """The state in its colour."""
        key = ("state", row["state"])
        return self._known.get(key) or self._known.setdefault(
            key, marks.state(row["state_label"], row["state_category"])
        )

    def agent(self, row: Mapping[str, Any]) -> SafeString:
        """Who works on it."""
        key = ("agent", row["assignee_name"])
        return self._known.get(key) or self._known.setdefault(key, marks.avatar(row["assignee_name"]))


def _joined(pieces: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in pieces))


@register.simple_tag
def pane_rows(rows: list[Mapping[str, Any]], number: str) -> SafeString:
    """The list beside a ticket; the row of `number` is the current one."""
    drawn = _Marks()
    return _joined(
        format_html(
            _PANE_ROW,
            number=row["number"],
            url=row["url"],
            current=_HERE if row["number"] == number else "",
            priority=drawn.priority(row),
            state=drawn.state(row),
            title=row["title"],
            requester=row["requester_name"],
            at=drawn.when(row["updated_at"]),
            agent=drawn.agent(row),
        )
        for row in rows
    )


@register.simple_tag
def table_rows(rows: list[Mapping[str, Any]]) -> SafeString:
    """The rows of the queue's table."""
    select, drawn = _("Select"), _Marks()
    return _joined(
        format_html(
            _TABLE_ROW,
            number=row["number"],
            url=row["url"],
            select=select,
            priority=drawn.priority(row),
            state=drawn.state(row),
            title=row["title"],
            requester=row["requester_name"],
            team=row["team_name"] or "",
            agent=drawn.agent(row),
            opened=drawn.when(row["opened_at"]),
            at=drawn.when(row["updated_at"]),
        )
        for row in rows
    )
