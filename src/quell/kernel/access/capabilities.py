"""What a role can allow. A capability is a plain string; roles (data) bundle them; grants give them a scope."""

from __future__ import annotations

RECORDS_VIEW = "records.view"
RECORDS_WORK = "records.work"
RECORDS_LEAD = "records.lead"
PEOPLE_VIEW = "people.view"
PEOPLE_MANAGE = "people.manage"
SETTINGS_MANAGE = "settings.manage"
AGREEMENTS_MANAGE = "agreements.manage"
JOBS_MANAGE = "jobs.manage"
AUDIT_VIEW = "audit.view"

ALL: tuple[str, ...] = (
    RECORDS_VIEW,
    RECORDS_WORK,
    RECORDS_LEAD,
    PEOPLE_VIEW,
    PEOPLE_MANAGE,
    SETTINGS_MANAGE,
    AGREEMENTS_MANAGE,
    JOBS_MANAGE,
    AUDIT_VIEW,
)

#: Capabilities that a read-only token keeps.
READING: frozenset[str] = frozenset({RECORDS_VIEW, PEOPLE_VIEW, AUDIT_VIEW})
