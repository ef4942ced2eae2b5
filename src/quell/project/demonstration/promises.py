"""What the demonstration company has promised, and what it was promised: agreements in force since before its first
incident, and one for the published log beside it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from quell.kernel.access.actor import Actor
from quell.practices.agreements import facade as agreements
from quell.practices.clocks import facade as clocks

from .company import CODE, LOG_CODE, LOG_NAME

MINUTE, HOUR = 60, 3600
OFFICE, ALWAYS = "office-hours", "always"
#: The published log begins in 2016.
LOG_SINCE = date(2016, 1, 1)
#: What resolution stands still for unless an agreement says more.
USUAL = ("requester", "scheduled")
Row = dict[str, Any]

#: Priority → response, resolution (seconds), calendar.
STANDARD = {
    1: (15 * MINUTE, 4 * HOUR, ALWAYS),
    2: (30 * MINUTE, 8 * HOUR, OFFICE),
    3: (2 * HOUR, 16 * HOUR, OFFICE),
    4: (4 * HOUR, 40 * HOUR, OFFICE),
    5: (8 * HOUR, 80 * HOUR, OFFICE),
}
GOLD = {1: (10 * MINUTE, 2 * HOUR, ALWAYS), 2: (20 * MINUTE, 4 * HOUR, OFFICE), 3: (HOUR, 8 * HOUR, OFFICE)}
LOG = {
    1: (30 * MINUTE, 8 * HOUR, ALWAYS),
    2: (HOUR, 24 * HOUR, ALWAYS),
    3: (4 * HOUR, 120 * HOUR, ALWAYS),
    4: (8 * HOUR, 240 * HOUR, ALWAYS),
    5: (24 * HOUR, 480 * HOUR, ALWAYS),
}


def promises_of(chief: Actor, today: date, days: int) -> None:
    """Make and sign them, in the caller's transaction; they hold since a month before the first of so many days."""
    since = today - timedelta(days=days + 30)
    for head, content in (*_behind(since, today), *_promised(since)):
        agreements.create(chief, {"organisation": CODE, "owner": chief.email, **head})
        agreements.write(chief, head["code"], {"valid_from": since, **content})
        agreements.propose(chief, head["code"])
        agreements.sign(chief, head["code"], {"side": "both"})


def left_out(lead: Actor, chief: Actor, now: datetime) -> None:
    """The lead proposes to leave two broken promises out of the figures; the chief has agreed to one of them, and the
    other waits."""
    asked = clocks.asked_of(
        lead, {"period": f"{now - timedelta(days=60):%Y-%m-%d}..{now:%Y-%m-%d}", "kind": "sla"}, now
    )
    found = clocks.lines_behind(lead, asked, clocks.Sought("", "breached"), now, limit=40)
    reasons = (
        "Nobody at the site could be reached; the building was closed.",
        "The requester asked us to wait until the month was closed.",
    )
    broken = {one.number: one for one in found if one.organisation != LOG_NAME}
    for one, because in zip(broken.values(), reasons, strict=False):
        clocks.judge(lead, one.number, one.id, {"excluded_because": because}, now=now)
    for one in list(broken.values())[:1]:
        decision = {"accept": True, "word": "The site confirms it."}
        clocks.decide_exclusion(chief, one.number, one.id, decision, now=now)


def _behind(since: date, today: date) -> Iterable[tuple[Row, Row]]:
    """What teams and suppliers have promised: each agreement and what its version says."""
    yield (
        {"code": "network-team", "name": "Network team", "kind": "ola", "team": "network"},
        {
            "summary": "What the network team gives the service desk.",
            "targets": [
                _target("handling", 2 * HOUR, ALWAYS, [1]),
                _target("handling", 6 * HOUR, OFFICE, [2]),
                _target("handling", 12 * HOUR, OFFICE, [3, 4, 5]),
                _target("acceptance", 30 * MINUTE, OFFICE),
            ],
            # Its review is near, so that there is one to look at.
            "review_on": today + timedelta(days=14),
        },
    )
    yield (
        {"code": "applications-team", "name": "Applications team", "kind": "ola", "team": "applications"},
        {
            "summary": "What the applications team gives the service desk.",
            "targets": [
                _target("handling", 90 * MINUTE, ALWAYS, [1]),
                _target("handling", 3 * HOUR, OFFICE, [2]),
                _target("handling", 7 * HOUR, OFFICE, [3, 4, 5]),
            ],
            "review_on": since + timedelta(days=365),
        },
    )
    yield (
        {"code": "lines-lyon", "name": "Lines and internet", "kind": "uc", "supplier": "Rhône Télécom"},
        {
            "summary": "Contract RT-2024-118: lines between the offices, and the way into the internet.",
            "services": ["vpn", "telephony"],
            "targets": [
                _target("supplier", 4 * HOUR, ALWAYS, [1, 2]),
                _target("supplier", 16 * HOUR, OFFICE, [3, 4, 5]),
            ],
            "penalties": "Each broken promise lowers the invoice of the month.",
            "tiers": [{"below": "98", "credit": "5"}, {"below": "90", "credit": "15"}],
            "valid_until": since + timedelta(days=730),
            "review_on": since + timedelta(days=640),
        },
    )

    yield (
        {"code": "erp-vendor", "name": "ERP, support by the vendor", "kind": "uc", "supplier": "Helix Software"},
        {
            "summary": "Support contract HX-88: what only the vendor can correct.",
            "services": ["erp"],
            "targets": [
                _target("supplier", 8 * HOUR, ALWAYS, [1, 2]),
                _target("supplier", 16 * HOUR, OFFICE, [3, 4, 5]),
            ],
            "penalties": "Below 90 % in a quarter the vendor owes a tenth of the fee.",
            "tiers": [{"below": "90", "credit": "10"}],
            "valid_until": since + timedelta(days=365),
            "review_on": since + timedelta(days=300),
        },
    )


def _promised(since: date) -> Iterable[tuple[Row, Row]]:
    """What rests on those."""
    yield (
        {"code": "standard", "name": "Standard service levels", "kind": "sla", "customer": CODE},
        {
            "summary": "How soon the desk answers and helps. P1 counts round the clock, all else in office hours.",
            "exclusions": "Announced maintenance; what waits for the person who asked; force majeure.",
            "reporting": "Once a month to the management, with every broken P1 and P2 and its cause.",
            "penalties": "None between departments. What is broken is looked at in the monthly review.",
            "targets": [
                *_table(STANDARD, waits=(*USUAL, "approval")),
                _target("update", HOUR, ALWAYS, [1]),
                _target("update", 4 * HOUR, OFFICE, [2]),
                _target("assignment", 30 * MINUTE, OFFICE, [2, 3, 4, 5]),
                # Whoever is asked for a decision lets nobody wait for longer; the time of the desk stands still.
                _target("approval", 8 * HOUR, OFFICE),
            ],
            "routes": [["network-team"], ["applications-team"], ["network-team", "lines-lyon"]],
            "review_on": since + timedelta(days=365),
        },
    )
    yield (
        {"code": "erp-gold", "name": "ERP, gold", "kind": "sla", "customer": CODE},
        {
            "summary": "Orders, stock and invoices: nothing ships without them.",
            "services": ["erp"],
            "targets": _table(GOLD, goal="98"),
            "routes": [["applications-team"]],
            "review_on": since + timedelta(days=365),
        },
    )
    yield (
        {"code": "incident-log", "name": "Log, by priority", "kind": "sla", "organisation": LOG_CODE},
        {
            "summary": "Round the clock, to measure the published log by.",
            "targets": _table(LOG),
            "valid_from": LOG_SINCE,
        },
    )


def _table(rows: dict[int, tuple[int, int, str]], *, goal: str = "95", waits: Iterable[str] = USUAL) -> list[Row]:
    """Response and resolution of each priority; `waits` are what resolution stands still for."""
    pauses: dict[str, Row] = {"response": {}, "resolution": {"pauses_on": sorted(waits)}}
    return [
        {**_target(metric, seconds, calendar, [priority]), "goal_percent": goal, **pauses[metric]}
        for priority, (response, resolution, calendar) in rows.items()
        for metric, seconds in (("response", response), ("resolution", resolution))
    ]


def _target(metric: str, seconds: int, calendar: str, priorities: Iterable[int] = ()) -> Row:
    return {"metric": metric, "amount": seconds, "calendar": calendar, "priorities": list(priorities)}
