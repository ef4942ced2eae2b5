"""The fields a query over incidents may name (docs/reference/query-language.md): those of the API, times without
their `_at`. What requesters must not read of an incident is not asked about here either."""

from __future__ import annotations

from quell.engines.query.fields import Field, Fields, Kind

from .codes import CHANNELS, HOLD_REASONS, RESOLUTION_CODES
from .lifecycle import INCIDENT

ME, MY_TEAMS, NONE, OPEN = "@me", "@myteams", "none", "open"
#: Words of `is:`, and what they mean is compiled in queries/asking.py.
QUALITIES = (
    "open",
    "assigned",
    "unassigned",
    "waiting",
    "unanswered",
    "mine",
    "involved",
    "watched",
    "major",
    "owned_elsewhere",
    "handed_to_me",
    "disputed",
)

_PEOPLE = tuple(Field(name, Kind.LOOKUP, (ME, NONE)) for name in ("assignee", "owner"))
_OTHERS = tuple(Field(name, Kind.LOOKUP, (ME,)) for name in ("requester", "opened_by"))
_MOMENTS = tuple(
    Field(name, Kind.MOMENT, aliases=(f"{name}_at",))
    for name in ("opened", "updated", "responded", "resolved", "closed", "resume", "due")
)

FIELDS = Fields(
    (
        Field("state", Kind.CHOICE, (OPEN, *INCIDENT.states)),
        Field("priority", Kind.NUMBER, low=1, high=5),
        Field("team", Kind.LOOKUP, (MY_TEAMS, NONE)),
        *_PEOPLE,
        *_OTHERS,
        Field("service", Kind.LOOKUP, (NONE,)),
        Field("category", Kind.LOOKUP, (NONE,)),
        Field("is", Kind.CHOICE, QUALITIES),
        *_MOMENTS,
        Field("organisation", Kind.LOOKUP),
        Field("channel", Kind.CHOICE, CHANNELS),
        Field("hold_reason", Kind.CHOICE, HOLD_REASONS),
        Field("resolution_code", Kind.CHOICE, RESOLUTION_CODES),
        Field("state_category", Kind.CHOICE, ("new", "active", "waiting", "resolved", "closed")),
        Field("impact", Kind.NUMBER, low=1, high=4),
        Field("urgency", Kind.NUMBER, low=1, high=4),
        Field("major", Kind.FLAG),
        Field("parent", Kind.LOOKUP, (NONE,)),
        Field("transfer_count", Kind.NUMBER),
        Field("reopen_count", Kind.NUMBER),
        Field("affected_users", Kind.NUMBER),
    ),
    ("priority", "opened_at", "updated_at", "due_at", "number"),
)

#: What a table of incidents can show, named as the API names it; the title is always there.
COLUMNS = (
    "priority", "number", "title", "state", "requester", "team", "assignee", "due_at", "opened_at", "updated_at",
    "owner", "service", "category", "organisation", "impact", "urgency", "channel", "responded_at", "resolved_at",
    "resume_at", "transfer_count", "reopen_count",
)  # fmt: skip
