"""The parameters of the list of incidents, described for the OpenAPI document. What they accept is checked by
`queries/filters.py`, for pages and API alike."""

from __future__ import annotations

from typing import Any

from .. import facade

_WORDS = {
    "state": "States, separated by commas; `open` stands for all that are not resolved or closed.",
    "state_category": "new, active, waiting, resolved, closed.",
    "priority": "Priorities 1 to 5, separated by commas.",
    "organisation": "Codes of organisations.",
    "team": "Codes of teams; `none` for incidents without one, `@myteams` for the caller's.",
    "assignee": "E-mail addresses; `@me` for the caller, `none` for incidents without one.",
    "requester": "E-mail addresses; `@me` for the caller.",
    "owner": "E-mail addresses; `@me` for the caller.",
    "service": "Codes of services.",
    "category": "Paths of categories; what lies below them counts.",
    "channel": "How they came in.",
    "hold_reason": "What they wait for.",
    "parent": "The number of the parent.",
    "major": "Major incidents only, or none of them.",
    "mine": "Only what the caller requested, opened or watches.",
    "q": "Words to search for, or a number.",
    "query": "Conditions in the query language: `priority<=2 team:network -category:printer opened>-7d`.",
    "opened_after": "Opened after this time.",
    "opened_before": "Opened before this time.",
    "updated_after": "Changed after this time.",
    "due_before": "Promised for a moment before this time, overdue ones too.",
    "sort": "opened_at, updated_at, due_at, priority or number; with a minus sign downwards. Default -opened_at.",
    "limit": "How many at most.",
    "cursor": "Where to go on: `next_cursor` of the page before.",
}
_TIME = {"type": "string", "format": "date-time"}
_FLAG = {"type": "string", "enum": ["true", "false"]}
_SCHEMAS: dict[str, dict[str, Any]] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    "opened_after": _TIME,
    "opened_before": _TIME,
    "updated_after": _TIME,
    "due_before": _TIME,
    "major": _FLAG,
    "mine": _FLAG,
}

LIST = [
    {
        "in": "query",
        "name": name,
        "required": False,
        "description": _WORDS[name],
        "schema": _SCHEMAS.get(name, {"type": "string"}),
    }
    for name in facade.PARAMETERS
]
