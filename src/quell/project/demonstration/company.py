"""Who and what Gungun Trading is: its teams, its services, the six people one can sign in as."""

from __future__ import annotations

from dataclasses import dataclass

CODE, NAME = "gungun", "Gungun Trading"
DOMAIN = "gungun.example"
LOG_CODE, LOG_NAME = "incident-log", "Incident log (UCI)"

#: Team code → name.
TEAMS = {"service-desk": "Service desk", "network": "Network", "applications": "Applications"}


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to sign in as. `role` is the shipped role's code; `places` lists where it holds: organisation and,
    where it is narrowed, team; an organisation "" stands for the whole instance."""

    key: str
    name: str
    role: str
    job_title: str
    teams: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = ((CODE, ""),)
    phone: str = ""
    timezone: str = ""
    vip: bool = False
    #: Key of whoever stands above them, and on how many euros they decide.
    manager: str = ""
    decides: int | None = None

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.key}@{DOMAIN}"


ACCOUNTS = (
    Account(
        "noor.rahimi",
        "Noor Rahimi",
        "administrator",
        "IT manager",
        places=(("", ""),),
        phone="+33 4 55 50 01 00",
        decides=20_000,
        timezone="Europe/Paris",
    ),
    Account(
        "amira.khalil",
        "Amira Khalil",
        "desk-lead",
        "Head of the service desk",
        teams=("service-desk", "applications"),
        leads=("service-desk",),
        places=((CODE, ""), (LOG_CODE, "")),
        phone="+33 4 55 50 01 10",
        manager="noor.rahimi",
        decides=2_000,
        timezone="Europe/Paris",
    ),
    Account(
        "jonas.schmidt",
        "Jonas Schmidt",
        "agent",
        "Service desk analyst",
        teams=("service-desk", "applications"),
        leads=("applications",),
        places=((CODE, ""), (LOG_CODE, "")),
        phone="+33 4 55 50 01 11",
        manager="amira.khalil",
        timezone="Europe/Berlin",
    ),
    Account(
        "wang.xiaoming",
        "王小明",
        "agent",
        "Network engineer",
        teams=("network",),
        leads=("network",),
        places=((CODE, "network"),),
        phone="+86 21 5550 0112",
        manager="amira.khalil",
        timezone="Asia/Shanghai",
    ),
    Account(
        "claire.moreau",
        "Claire Moreau",
        "requester",
        "Finance, Lyon",
        phone="+33 4 55 50 02 31",
        timezone="Europe/Paris",
        vip=True,
    ),
    Account(
        "mette.soerensen",
        "Mette Sørensen",
        "requester",
        "Warehouse planning, Aarhus",
        phone="+45 5550 0247",
        timezone="Europe/Copenhagen",
    ),
)


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the company. `criticality` 1 (the company stands still without it) to 4."""

    code: str
    name: str
    criticality: int
    owner: str
    description: str


SERVICES = (
    Service("mail", "Mail and calendar", 2, "amira.khalil", "Mailboxes, shared calendars and meeting rooms."),
    Service("erp", "ERP", 1, "noor.rahimi", "Orders, stock, invoices and the books. Nothing ships without it."),
    Service("vpn", "Remote access (VPN)", 2, "wang.xiaoming", "The way into the company from home and on the road."),
    Service(
        "printing", "Printing and labels", 3, "jonas.schmidt", "Office printers and the warehouse's label printers."
    ),
    Service("telephony", "Telephony and meetings", 3, "wang.xiaoming", "Desk phones, the switchboard, video meetings."),
    Service("file-share", "File share", 3, "jonas.schmidt", "Team folders and what is restored from them."),
)
