"""What a role can allow. A capability is a plain string; roles (data) bundle them; grants give them a scope."""

from __future__ import annotations

RECORDS_VIEW = "records.view"
RECORDS_WORK = "records.work"
RECORDS_LEAD = "records.lead"
PEOPLE_VIEW = "people.view"
PEOPLE_MANAGE = "people.manage"
SETTINGS_MANAGE = "settings.manage"
JOBS_MANAGE = "jobs.manage"
AUDIT_VIEW = "audit.view"

ALL: tuple[str, ...] = (
    RECORDS_VIEW,
    RECORDS_WORK,
    RECORDS_LEAD,
    PEOPLE_VIEW,
    PEOPLE_MANAGE,
    SETTINGS_MANAGE,
    JOBS_MANAGE,
    AUDIT_VIEW,
)

#: Capabilities that a read-only token keeps.
READING: frozenset[str] = frozenset({RECORDS_VIEW, PEOPLE_VIEW, AUDIT_VIEW})

#: Roles every instance starts with (contract.md, People and places).
SHIPPED_ROLES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "administrator": ("Administrator", "Runs the instance: people, settings, jobs, and all work.", ALL),
    "desk-lead": (
        "Desk lead",
        "Leads the service desk: works on everything, arbitrates transfers.",
        (RECORDS_VIEW, RECORDS_WORK, RECORDS_LEAD, PEOPLE_VIEW, AUDIT_VIEW),
    ),
    "agent": ("Agent", "Works on records.", (RECORDS_VIEW, RECORDS_WORK, PEOPLE_VIEW)),
    "requester": ("Requester", "Reports and follows their own requests.", ()),
    "auditor": ("Auditor", "Reads everything in scope, changes nothing.", (RECORDS_VIEW, PEOPLE_VIEW, AUDIT_VIEW)),
}
