"""The roles that come with Quell (migration 0002), as their readers call them."""

from __future__ import annotations

from quell.kernel.config.shipped import pgettext_noop, spoken

NAMES = {
    "administrator": pgettext_noop("role", "Administrator"),
    "desk-lead": pgettext_noop("role", "Desk lead"),
    "agent": pgettext_noop("role", "Agent"),
    "requester": pgettext_noop("role", "Requester"),
    "auditor": pgettext_noop("role", "Auditor"),
}
DESCRIPTIONS = {
    "administrator": pgettext_noop("role", "Runs the instance: people, settings, jobs, and all work."),
    "desk-lead": pgettext_noop("role", "Leads the service desk: works on everything, arbitrates transfers."),
    "agent": pgettext_noop("role", "Works on records."),
    "requester": pgettext_noop("role", "Reports and follows their own requests."),
    "auditor": pgettext_noop("role", "Reads everything in scope, changes nothing."),
}


def role_name(code: str, name: str) -> str:
    """A role's name in the language of the reader, unless it was given another."""
    return spoken("role", NAMES, code, name)


def role_description(code: str, description: str) -> str:
    """What a role is for, likewise."""
    return spoken("role", DESCRIPTIONS, code, description)
