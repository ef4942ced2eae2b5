"""Hand-made rows of the event log, for tests: name only what matters, the rest is an ordinary row."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

from quell.practices.incidents.rules.incident_log_rows import COLUMNS

ORDINARY = {
    "number": "INC0000045",
    "incident_state": "New",
    "active": "true",
    "reassignment_count": "0",
    "reopen_count": "0",
    "sys_mod_count": "0",
    "made_sla": "true",
    "caller_id": "Caller 2403",
    "opened_by": "Opened by  8",
    "opened_at": "29/2/2016 01:16",
    "sys_created_by": "Created by 6",
    "sys_created_at": "29/2/2016 01:23",
    "sys_updated_by": "Updated by 21",
    "sys_updated_at": "29/2/2016 01:23",
    "contact_type": "Phone",
    "location": "Location 143",
    "category": "Category 55",
    "subcategory": "Subcategory 170",
    "u_symptom": "Symptom 72",
    "cmdb_ci": "?",
    "impact": "2 - Medium",
    "urgency": "2 - Medium",
    "priority": "3 - Moderate",
    "assignment_group": "Group 56",
    "assigned_to": "?",
    "knowledge": "true",
    "u_priority_confirmation": "false",
    "notify": "Do Not Notify",
    "problem_id": "?",
    "rfc": "?",
    "vendor": "?",
    "caused_by": "?",
    "closed_code": "code 5",
    "resolved_by": "Resolved by 149",
    "resolved_at": "29/2/2016 11:29",
    "closed_at": "5/3/2016 12:00",
}


def row(**values: object) -> list[str]:
    """The cells of one row; keywords are columns."""
    unknown = set(values) - set(COLUMNS)
    assert not unknown, unknown
    return [str(values.get(name, ORDINARY[name])) for name in COLUMNS]


def life(number: str = "INC0000045") -> list[list[str]]:
    """An ordinary incident: new, handed over and begun, waiting, resolved, closed."""
    return [
        row(number=number),
        row(
            number=number,
            incident_state="Active",
            sys_mod_count=1,
            reassignment_count=1,
            assignment_group="Group 24",
            assigned_to="Resolver 31",
            sys_updated_at="29/2/2016 05:30",
        ),
        row(
            number=number,
            incident_state="Awaiting User Info",
            sys_mod_count=2,
            reassignment_count=1,
            assignment_group="Group 24",
            assigned_to="Resolver 31",
            sys_updated_at="29/2/2016 09:14",
        ),
        row(
            number=number,
            incident_state="Resolved",
            sys_mod_count=3,
            reassignment_count=1,
            assignment_group="Group 24",
            assigned_to="Resolver 31",
            sys_updated_at="29/2/2016 11:29",
        ),
        row(
            number=number,
            incident_state="Closed",
            active="false",
            sys_mod_count=4,
            reassignment_count=1,
            assignment_group="Group 24",
            assigned_to="Resolver 31",
            sys_updated_at="5/3/2016 12:00",
        ),
    ]


def as_text(rows: list[list[str]], header: tuple[str, ...] = COLUMNS) -> str:
    """The rows as the file has them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def write(path: Path, rows: list[list[str]]) -> Path:
    """A file of the rows; gzip when the name says so."""
    content = as_text(rows).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path
