"""The incident as the API shows it, straight from a row: plain values, no objects (contract.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quell.kernel.api.answers import address

from .. import facade
from ..rules.priority import WHY

#: Fields that stand in the row as they stand in the representation.
_SAME = (
    "number", "version", "title", "description", "organisation", "state", "state_category", "impact", "urgency",
    "priority", "requester", "opened_by", "owner", "assignee", "team", "service", "channel", "category", "parent",
    "merged_into", "opened_at", "responded_at", "resolved_at", "closed_at", "updated_at", "due_at", "resume_at",
    "affected_users", "transfer_count", "reopen_count", "escalation_level", "routing_dispute", "major",
    "priority_source",
)  # fmt: skip
_same = itemgetter(*_SAME)
#: Texts that are empty in the row and null for the reader.
_OR_NULL = ("hold_reason", "resolution_code", "resolution", "cause_code", "priority_note")


def incidents(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A page of them; what is the same for all is asked once."""
    language = get_language()
    return [incident(row, language) for row in rows]


def incident(row: Mapping[str, Any], language: str | None = None) -> dict[str, Any]:
    """One incident, from a row of `facade.ticket` or of a page. `language` is that of the reader, if known already."""
    shown: dict[str, Any] = dict(zip(_SAME, _same(row), strict=True))
    shown["url"] = incident_url(row["number"])
    shown["priority_reasons"] = _reasons(
        row["impact"],
        row["urgency"],
        row["affected_users"],
        row["service_id"] is not None,
        row["vip"],
        language or get_language(),
    )
    for name in _OR_NULL:
        shown[name] = row[name] or None
    shown["items"] = row["items"] or []
    return shown


def incident_url(number: str) -> str:
    """Where an incident is found."""
    return _root() + number


@lru_cache(maxsize=1)
def _root() -> str:
    return address("incidents") + "/"


@lru_cache(maxsize=2048)
def _reasons(
    impact: int, urgency: int, users: int, service: bool, vip: bool, _language: str | None
) -> list[dict[str, Any]]:
    """The parts of the score; the same for all incidents that share these five facts."""
    row = {"impact": impact, "urgency": urgency, "affected_users": users, "service_id": service or None, "vip": vip}
    return [
        {"factor": part.factor, "value": part.value, "points": part.points, "why": _(WHY[part.factor])}
        for part in facade.priority_reasons(row)
    ]


def entry(row: Mapping[str, Any]) -> dict[str, Any]:
    """One line of history."""
    told = {name: row[name] for name in row if name != "called"}
    return {**told, "attachments": [file(one) for one in row["attachments"]]}


def file(row: Mapping[str, Any]) -> dict[str, Any]:
    """A file hanging on an incident, without its bytes."""
    shown = {name: row[name] for name in ("id", "name", "size", "content_type", "sha256")}
    shown["url"] = address("attachments", row["id"])
    if "public" in row:
        shown["visibility"] = "public" if row["public"] else "internal"
        shown["created_at"] = row["created_at"]
    return shown


HANDOVER = (
    "id", "at", "by", "from_team", "from_person", "to_team", "to_person", "reason_code", "reason", "state",
    "settled_at", "settled_by", "return_reason", "quick",
)  # fmt: skip


def handover(row: Mapping[str, Any]) -> dict[str, Any]:
    """Work handed over, and the answer."""
    return {name: row[name] for name in HANDOVER}


def link(row: Mapping[str, Any]) -> dict[str, Any]:
    """A link, as seen from the incident asked for."""
    shown = {name: row[name] for name in ("kind", "to", "title", "state", "priority", "created_at")}
    shown["url"] = address(f"{row['of_kind']}s", row["to"])
    return shown
