"""What happened at Gungun Trading lately: incidents as their people tell them, each with who did what and when.

Every step goes through the same door as a click in a page. Times are hours before the moment of loading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .company import DOMAIN
from .handling import Case, Deed

CLAIRE, METTE = "claire.moreau", "mette.soerensen"
AMIRA, JONAS, WANG = "amira.khalil", "jonas.schmidt", "wang.xiaoming"
CLAIRE_MAIL, METTE_MAIL = "claire.moreau@gungun.example", "mette.soerensen@gungun.example"


@dataclass(frozen=True, slots=True)
class Step:
    """`who` does `verb` (of the incident's actions) `hours` before now. `resume_in` (hours from now) becomes the
    follow-up time of a hold; `other` is the title of the incident a link leads to."""

    hours: float
    who: str
    verb: str
    data: dict[str, Any] = field(default_factory=dict)
    resume_in: float | None = None
    other: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """An incident: who reported it when, in which words, and what came of it. The title tells it from the others."""

    title: str
    who: str
    hours: float
    report: dict[str, Any]
    steps: tuple[Step, ...] = ()

    def told(self, now: datetime) -> Case:
        """As deeds before this moment."""
        case = Case(self.title)
        case.add(now - timedelta(hours=self.hours), _email(self.who), "report", title=self.title, **self.report)
        for step in self.steps:
            data = dict(step.data)
            if step.resume_in is not None:
                data["resume_at"] = now + timedelta(hours=step.resume_in)
            case.deeds.append(Deed(now - timedelta(hours=step.hours), _email(step.who), step.verb, data, step.other))
        return case


def _email(key: str) -> str:
    return f"{key}@{DOMAIN}"


def says(hours: float, who: str, body: str) -> Step:
    """A public reply."""
    return Step(hours, who, "comment", {"body": body, "visibility": "public"})


def notes(hours: float, who: str, body: str) -> Step:
    """An internal note."""
    return Step(hours, who, "comment", {"body": body, "visibility": "internal"})


def resolves(hours: float, who: str, code: str, words: str, cause: str = "") -> Step:
    """A resolution in the requester's words."""
    return Step(hours, who, "resolve", {"resolution_code": code, "resolution": words, "cause_code": cause})


def worked(hours: float, who: str, minutes: int, kind: str, note: str = "", source: str = "manual") -> Step:
    """Time written down when it was over."""
    return Step(hours, who, "log", {"seconds": minutes * 60, "work_type": kind, "note": note, "source": source})


VPN = "VPN drops every few minutes, Lyon office"

STORIES = (
    Story(
        VPN,
        CLAIRE,
        7.2,
        {
            "description": "Since this morning the VPN disconnects every 3–5 minutes. Twelve colleagues in Lyon have "
            "the same problem; working from home is fine.",
            "impact": 2,
            "urgency": 2,
            "service": "vpn",
            "category": "network/vpn",
            "affected_users": 12,
        },
        (
            Step(7.19, JONAS, "give", {"team": "network"}),
            notes(
                6.9, JONAS, "Only the Lyon gateway, only since the night. Looks like last night's firmware **9.1.4**."
            ),
            Step(6.4, WANG, "start"),
            says(
                6.3,
                WANG,
                "Hello Claire, thank you – we see the drops on the Lyon gateway and are working on it. "
                "Next update before noon.",
            ),
            notes(
                4.1,
                WANG,
                "Dead peer detection went from `30 s` to `5 s` with the update.\n\n- asked the vendor\n"
                "- **rollback window** prepared for 18:00",
            ),
            worked(4.0, WANG, 95, "analysis", "Gateway logs, capture at the Lyon end, call with the vendor."),
            says(
                2.0,
                CLAIRE,
                "It is a little better since 11:00, but calls still drop. Can we keep working from the hotspot?",
            ),
        ),
    ),
    Story(
        "VPN disconnects while I work from the Lyon branch",
        METTE,
        5.5,
        {
            "description": "I visit Lyon this week. The connection is gone every few minutes and the ERP logs me out.",
            "impact": 3,
            "urgency": 2,
            "service": "vpn",
            "category": "network/vpn",
        },
        (
            Step(5.49, JONAS, "give", {"team": "network"}),
            Step(5.1, WANG, "start"),
            Step(5.0, WANG, "link", {"kind": "child_of"}, other=VPN),
        ),
    ),
    Story(
        "ERP: “licence limit reached” when posting invoices",
        CLAIRE,
        3.4,
        {
            "description": "Nobody in finance can post since 09:30. The month closes tonight.",
            "impact": 1,
            "urgency": 1,
            "service": "erp",
            "category": "software/licence",
            "affected_users": 24,
        },
        (
            Step(3.39, AMIRA, "give", {"team": "applications"}),
            Step(3.2, JONAS, "start"),
            says(
                3.1,
                JONAS,
                "Hello Claire, I have this in hand. I am freeing sessions that nobody uses; try again in ten minutes.",
            ),
            notes(
                2.6, JONAS, "41 sessions of the test system count against our licence. Supplier's ticket **GX-88120**."
            ),
            worked(2.55, JONAS, 35, "analysis", "Counted sessions by system and person."),
            Step(
                2.5,
                JONAS,
                "escalate",
                {
                    "kind": "hierarchical",
                    "to": "amira.khalil@gungun.example",
                    "reason": "The supplier answers tomorrow; the month closes tonight.",
                },
            ),
            says(
                1.1,
                AMIRA,
                "We have a temporary licence until Friday. Please post the first invoices and tell us how it goes.",
            ),
        ),
    ),
    Story(
        "Label printer P-LY-07 prints blank pages",
        METTE,
        27,
        {
            "description": "Every second label is empty. New roll and new ribbon make no difference.",
            "impact": 3,
            "urgency": 2,
            "service": "printing",
            "category": "hardware/printer",
            "affected_users": 6,
        },
        (
            Step(26, JONAS, "start"),
            says(25.8, JONAS, "Hello Mette, please use P-LY-08 for now; your print queue is redirected."),
            notes(25, JONAS, "Print head worn (220 km). Ordered from the supplier, delivery in two days."),
            worked(24.95, JONAS, 25, "travel", "At the printer with Mette on the phone."),
            Step(24.9, JONAS, "hold", {"hold_reason": "part", "note": "Print head on order."}, resume_in=30),
        ),
    ),
    Story(
        "Outlook search returns nothing",
        METTE,
        22,
        {
            "description": "Searching for a supplier's name shows no mails, although I see them in the folder.",
            "impact": 4,
            "urgency": 3,
            "service": "mail",
            "category": "email/mailbox",
        },
        (
            Step(21, JONAS, "start"),
            says(
                20.9,
                JONAS,
                "Hello Mette, does it also happen in the browser? A picture of the search bar would help us.",
            ),
            Step(20.8, JONAS, "hold", {"hold_reason": "requester"}, resume_in=50),
        ),
    ),
    Story(
        "Suspicious e-mail asks for my password",
        METTE,
        1.6,
        {
            "description": "The sender calls himself “IT service”. I did not click. Several colleagues got it too.",
            "impact": 2,
            "urgency": 1,
            "service": "mail",
            "category": "security/phishing",
            "affected_users": 40,
        },
        (
            Step(1.5, JONAS, "assign", {"team": "service-desk", "assignee": "jonas.schmidt@gungun.example"}),
            says(
                1.4,
                JONAS,
                "Well spotted, thank you. Do not click anything; we are removing the message from all mailboxes.",
            ),
            notes(1.2, JONAS, "Sender blocked, 38 copies removed. Two people opened the link: passwords reset."),
        ),
    ),
    Story(
        "Wi-Fi is slow in the packing hall",
        METTE,
        0.8,
        {
            "description": "The hand scanners lose the connection between gates 4 and 7, most when a lorry is there.",
            "impact": 2,
            "urgency": 3,
            "service": "erp",
            "category": "network/wifi",
            "affected_users": 30,
        },
    ),
    Story(
        "Cannot open the tender folder",
        CLAIRE,
        0.4,
        {
            "description": "“Access denied” since I moved to the finance team. I need the old tenders by Thursday.",
            "impact": 4,
            "urgency": 3,
            "service": "file-share",
            "category": "access/permission",
        },
    ),
    Story(
        "Desk phone shows “No service”",
        AMIRA,
        2.2,
        {
            "description": "Room 2.14. The cable is plugged in, the neighbour's phone works.",
            "impact": 4,
            "urgency": 3,
            "requester": CLAIRE_MAIL,
            "channel": "phone",
            "service": "telephony",
            "category": "telephony/line",
            "team": "network",
        },
    ),
    Story(
        "会议室投影仪无法连接",
        WANG,
        30,
        {
            "description": "三号会议室的投影仪找不到笔记本电脑，换了电缆也一样。",
            "impact": 4,
            "urgency": 4,
            "channel": "walk_in",
            "service": "telephony",
            "category": "hardware/monitor",
            "team": "network",
        },
        (Step(28, WANG, "start"), notes(27.5, WANG, "适配器固件太旧，需要更新。")),
    ),
    Story(
        "Kan ikke åbne fakturaer i ERP efter opdateringen",
        METTE,
        18,
        {
            "description": "Vinduet bliver hvidt, når jeg vælger en faktura. Ordrer virker fint.",
            "impact": 3,
            "urgency": 3,
            "service": "erp",
            "category": "software/erp",
            "affected_users": 3,
        },
        (
            Step(17.9, AMIRA, "give", {"team": "applications"}),
            notes(16.8, AMIRA, "Only with the Danish form templates; the others are fine."),
        ),
    ),
    Story(
        "Calendar invitations arrive twice",
        JONAS,
        46,
        {
            "description": "Each invitation of the board's assistant comes in two copies.",
            "impact": 3,
            "urgency": 4,
            "requester": CLAIRE_MAIL,
            "channel": "phone",
            "service": "mail",
            "category": "email/calendar",
            "assignee": "jonas.schmidt@gungun.example",
        },
        (
            says(
                45,
                JONAS,
                "Hello Claire, an old forwarding rule sends everything again. I am removing it.",
            ),
            Step(
                44,
                JONAS,
                "hold",
                {"hold_reason": "scheduled", "note": "Rules can be changed tomorrow at 07:00."},
                resume_in=14,
            ),
        ),
    ),
    Story(
        "Monitor flickers at desk 4.12",
        METTE,
        70,
        {"description": "Only in the morning.", "impact": 4, "urgency": 4, "category": "hardware/monitor"},
        (Step(68, AMIRA, "assign", {"team": "service-desk", "assignee": "jonas.schmidt@gungun.example"}),),
    ),
    Story(
        "Scanned invoices do not reach my mailbox",
        CLAIRE,
        52,
        {
            "description": "The scanner on the second floor says “sent”, but nothing arrives.",
            "impact": 3,
            "urgency": 3,
            "service": "printing",
            "category": "email/delivery",
            "affected_users": 9,
        },
        (
            Step(51, JONAS, "start"),
            says(50, JONAS, "Hello Claire, the scanner's certificate had expired. Could you scan one page again?"),
            says(47, CLAIRE, "Works again, thank you!"),
            worked(46.6, JONAS, 45, "repair"),
            resolves(46.5, JONAS, "fixed", "The scanner has a new certificate; scans arrive again.", "configuration"),
        ),
    ),
    Story(
        "Password expired while travelling",
        CLAIRE,
        76,
        {
            "description": "I cannot sign in from the hotel and have a presentation at nine.",
            "impact": 4,
            "urgency": 1,
            "category": "access/password",
        },
        (
            worked(75.65, AMIRA, 8, "talking", source="phone"),
            resolves(75.6, AMIRA, "fixed", "New password set by phone after checking who is calling.", "human_error"),
            Step(74, CLAIRE, "close"),
            Step(73.9, CLAIRE, "rate", {"stars": 5, "comment": "Solved while the taxi was waiting. Thank you!"}),
        ),
    ),
    Story(
        "Hand scanner 17 does not charge",
        METTE,
        99,
        {"description": "The cradle stays dark.", "impact": 4, "urgency": 3, "category": "hardware/phone"},
        (
            worked(96.1, JONAS, 20, "repair"),
            resolves(96, JONAS, "replaced", "The cradle's power supply was replaced.", "hardware"),
            Step(90, METTE, "reopen", {"reason": "It charges, but the scanner says “battery unknown” now."}),
            notes(89, JONAS, "Battery from another supplier. Ask purchasing to send it back."),
        ),
    ),
    Story(
        "Cannot change the price lists any more",
        METTE,
        54,
        {
            "description": "Since I have the new job the folder is read-only. I need it before the spring prices.",
            "impact": 4,
            "urgency": 3,
            "service": "file-share",
            "category": "access/permission",
        },
        (
            Step(53.5, JONAS, "start"),
            says(53.4, JONAS, "Hello Mette, I have asked the owner of the folder; she decides about it."),
            Step(53.3, JONAS, "hold", {"hold_reason": "approval", "note": "Asked Birgit, sales."}, resume_in=20),
            Step(29.5, JONAS, "resume"),
            resolves(29.2, JONAS, "fixed", "The owner agreed: you may write in the folder now.", "configuration"),
        ),
    ),
    Story(
        "Programme for customs forms on my laptop",
        METTE,
        8.5,
        {
            "description": "The haulier sends forms that only this programme opens. It costs 40 euros a month.",
            "impact": 4,
            "urgency": 3,
            "category": "software/licence",
        },
        (
            Step(8.2, JONAS, "assign", {"team": "service-desk", "assignee": "jonas.schmidt@gungun.example"}),
            says(8.1, JONAS, "Hello Mette, I have asked your manager whether the department pays for it."),
            Step(8, JONAS, "hold", {"hold_reason": "approval", "note": "40 € a month: asked."}, resume_in=40),
        ),
    ),
    Story(
        "Credit notes print the old bank account",
        CLAIRE,
        101,
        {
            "description": "Customers pay to the account that we closed in the summer.",
            "impact": 3,
            "urgency": 3,
            "service": "erp",
            "category": "software/erp",
            "affected_users": 4,
        },
        (
            Step(100.5, JONAS, "start"),
            says(100.4, JONAS, "Hello Claire, the form is the vendor's; I have handed it over to them."),
            Step(100.3, JONAS, "hold", {"hold_reason": "supplier", "note": "Helix, case HX-4471."}, resume_in=24),
            Step(31, JONAS, "resume"),
            resolves(30.5, JONAS, "supplier_fixed", "The vendor corrected the form; new prints are right.", "software"),
        ),
    ),
    Story(
        "Stock report leaves out the Aarhus warehouse",
        METTE,
        21,
        {
            "description": "Since the last update of the ERP the report ends with Lyon.",
            "impact": 3,
            "urgency": 3,
            "service": "erp",
            "category": "software/erp",
            "affected_users": 7,
        },
        (
            Step(20.5, JONAS, "start"),
            says(20.3, JONAS, "Hello Mette, I see it as well. The vendor has the case since just now."),
            Step(20.2, JONAS, "hold", {"hold_reason": "supplier", "note": "Helix, case HX-4502."}, resume_in=30),
        ),
    ),
)
