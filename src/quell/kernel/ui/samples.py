"""Made-up content of the style guide: the queue, ticket and portal of the mock-ups."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of the example queue."""

    number: str
    priority: int
    title: str
    requester: str
    assignee: str
    state: str
    category: str
    updated_at: datetime
    team: str = "Network operations"
    url: str = "#"


@dataclass(frozen=True)
class Link:
    """One entry of the navigation."""

    label: str
    url: str
    icon: str
    count: int | None = None
    hot: bool = False
    current: bool = False
    key: str = ""


@dataclass(frozen=True)
class Section:
    """A titled group of entries."""

    title: str
    links: list[Link] = field(default_factory=list)


NAV = [
    Section("", [
        Link("Home", "#home", "home", key="g h"), Link("My work", "#mine", "inbox", 7),
        Link("Incidents", "#incidents", "alert-triangle", 42, current=True, key="g q"),
        Link("Services", "#services", "activity"),
    ]),
    Section("My views", [
        Link("Waiting for me", "#waiting", "star", 4, hot=True), Link("Lyon site", "#lyon", "star", 12),
    ]),
    Section("Administration", [
        Link("People", "#people", "users"), Link("Teams", "#teams", "users-group"),
        Link("Roles", "#roles", "shield"), Link("Categories", "#categories", "category"),
        Link("Priority matrix", "#matrix", "layout-grid"), Link("Failed jobs", "#jobs", "refresh", 0),
    ]),
]  # fmt: skip
PORTAL_NAV = [
    Link("Home", "#home", "home", current=True), Link("Report", "#report", "alert-triangle"),
    Link("My requests", "#mine", "inbox"), Link("Service health", "#health", "activity"),
]  # fmt: skip
CATEGORY = {
    "New": "new", "Assigned": "active", "In progress": "active", "On hold": "waiting",
    "Resolved": "resolved", "Closed": "closed",
}  # fmt: skip
ROWS = (
    ("INC-10482", 2, "VPN drops every few minutes, Lyon office", "Claire Moreau", "Amira Khalil", "In progress"),
    ("INC-10479", 1, "Payment terminals offline in 14 shops", "Operations centre", "Mia Iversen", "In progress"),
    ("INC-10477", 4, "New badge does not open the north door", "HR desk", "", "New"),
    ("INC-10475", 3, "Outlook search returns nothing", "Tom Okafor", "Jonas Schmidt", "Assigned"),
    ("INC-10471", 3, "Label printer P-LY-07 prints blank pages", "Warehouse LY", "Jonas Schmidt", "On hold"),
    ("INC-10468", 2, "SAP login: “licence limit reached”", "Anna Weber", "", "New"),
    ("INC-10466", 5, "Shared mailbox for the tender team", "Paul Lindqvist", "Amira Khalil", "Resolved"),
    ("INC-10463", 3, "Teams call audio one-way on Wi-Fi", "Samir Haddad", "", "New"),
    ("INC-10460", 3, "Ordinateur portable très lent après la mise à jour", "Élodie Gauthier", "王小明", "Assigned"),
    ("INC-10455", 4, "会议室投影仪无法连接", "李雷", "王小明", "Closed"),
)  # fmt: skip


def context(now: datetime) -> dict[str, Any]:
    """Everything the sample pages show, with times round `now`."""
    rows = []
    for at, facts in enumerate(ROWS):
        rows.append(Row(*facts, CATEGORY[facts[-1]], now - timedelta(hours=5 * at, minutes=17)))
    return {
        "nav": NAV,
        "portal_nav": PORTAL_NAV,
        "rows": rows,
        "inbox_count": 3,
        "steps": [{"label": "Received", "status": "done"}, {"label": "In progress", "status": "now"},
                  {"label": "Checking", "status": ""}, {"label": "Done", "status": ""}],
        "steps_waiting": [{"label": "Received", "status": "done"}, {"label": "Waiting for you", "status": "wait"},
                          {"label": "Checking", "status": ""}, {"label": "Done", "status": ""}],
        "trail": [{"label": "Administration", "url": "#admin"}, {"label": "Teams", "url": "#teams"},
                  {"label": "Network operations", "url": ""}],
        "file": {"name": "screenshot 2026-11-21.png", "size": 482_113, "url": "#file"},
        "note": "Drops start 22:40 right after CHG-3381 (firmware 9.1.4). DPD timers changed from "
                "`30 s` to `5 s`.\n\n- ask the vendor\n- **rollback window** prepared",
        "message": "Since this morning the VPN disconnects every 3–5 minutes. Twelve colleagues in Lyon have "
                   "the same problem; working from home is fine.",
        "reply": "Hello Claire, thank you – we see the drops on the Lyon gateway and are working on it. "
                 "Next update at 10:00.",
    }  # fmt: skip
