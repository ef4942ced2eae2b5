"""The words of an imported incident. The event log carries no text at all, so title, description and resolution
say what it does know, and nothing else. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from .incident_log_rows import Event

LONGEST_TITLE = 250


def category_of(event: Event) -> tuple[str, ...]:
    """The path of the category, from the root; empty when the log knows none."""
    return tuple(name for name in (event.category, event.subcategory) if name)


def title_of(event: Event) -> str:
    """`Symptom 72 · Category 55 / Subcategory 170`; the source's number when not even that is known."""
    known = [part for part in (event.symptom, " / ".join(category_of(event))) if part]
    return (" · ".join(known) or event.number)[:LONGEST_TITLE]


def description_of(event: Event) -> str:
    """What the last event says beyond the fields that Quell has, one fact a line."""
    lines = [f"{event.number} in the incident event log, which carries no text. What it says:", ""]
    lines += [f"- {name}: {value}" for name, value in _facts(event)]
    return "\n".join(lines)


def resolution_of(event: Event) -> str:
    """The closing code and the person who resolved, as the source has them; empty when it has neither."""
    known = [
        f"Closing code of the source: {event.closed_code}." if event.closed_code else "",
        f"Resolved by: {event.resolved_by}." if event.resolved_by else "",
    ]
    return " ".join(part for part in known if part)


def _facts(event: Event) -> Iterator[tuple[str, str]]:
    named = (
        ("Contact type", event.contact),
        ("Location", event.location),
        ("Symptom", event.symptom),
        ("Configuration item", event.ci),
        ("Opened by", event.opened_by),
        ("Created by", event.created_by),
        ("Problem", event.problem),
        ("Change request", event.change),
        ("Caused by change", event.caused_by),
        ("Vendor", event.vendor),
        ("Notification", event.notify),
    )
    yield from ((name, value) for name, value in named if value)
    yield "Knowledge used", "yes" if event.knowledge else "no"
    yield "Priority confirmed", "yes" if event.priority_confirmed else "no"
    yield "Target met", "yes" if event.made_sla else "no"
