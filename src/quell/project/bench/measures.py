"""What is measured, against which target, and beside which peer.

Targets: the figures this project sets itself for a machine of two cores. Peers: the best of Request Tracker, iTop,
django-helpdesk and Redmine, all at 100,000 tickets with 8 clients on such a machine
(docs/reference/benchmarks.md says how).
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass

from . import statements, words
from .stand import BenchFailed, Stand
from .statements import Facts

MILLION = 1_000_000
PREBUILT = 4000  # requests made beforehand; they come round again where that is possible


@dataclass(frozen=True, slots=True)
class Target:
    """At least so many a second, at most so many milliseconds for 95 of 100; None: not asked for."""

    per_second: float | None = None
    p95_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Peer:
    """Who of the peers does this fastest, and how often a second."""

    name: str
    per_second: float


@dataclass(frozen=True, slots=True)
class Drive:
    """One kind of request, sent by `clients` connections.

    `clients` empty means: as many as the run says. `needle` has to stand in an answer, or it is no answer.
    `small` and `large` are the targets below and from a million incidents.
    """

    name: str
    title: str
    requests: Callable[[Stand, Facts], list[str]]
    floor: Callable[[Facts], list[str]]
    needle: Callable[[Facts, str], bool]
    clients: tuple[int, ...] = ()
    small: Target = Target()
    large: Target = Target()
    peer: Peer | None = None
    once: bool = False
    writes: bool = False


def api(stand: Stand, method: str, path: str, body: str = "") -> str:
    """A request of a program."""
    more = f"Content-Type: application/json\r\nContent-Length: {len(body.encode())}\r\n" if body else ""
    return (
        f"{method} /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1:{stand.port}\r\nAuthorization: Bearer {stand.token}\r\n"
        f"Accept: application/json\r\n{more}\r\n{body}"
    )


def page(stand: Stand, path: str, more: str = "") -> str:
    """A request of an agent's browser."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{stand.port}\r\nCookie: {stand.cookie}\r\nAccept: text/html\r\n"
        f"{more}Accept-Encoding: gzip\r\nAccept-Language: en\r\n\r\n"
    )


def fragment(stand: Stand, path: str) -> str:
    """A request of a script in that browser, which shows the answer inside the page."""
    return page(stand, path, "HX-Request: true\r\nHX-Request-Type: partial\r\n")


def number(running: int) -> str:
    """An incident's number."""
    return f"INC-{running:06d}"


def some_numbers(count: int) -> list[str]:
    """Incidents by lot, the same ones in every run."""
    lot = random.Random(7)
    return [number(lot.randint(1, count)) for _ in range(PREBUILT)]


def _creates(stand: Stand, _facts: Facts) -> list[str]:
    writer = words.Writer(PREBUILT, seed=9)
    made = []
    for place in range(1, PREBUILT + 1):
        title, description = writer.text(place)
        made.append(api(stand, "POST", "/incidents", json.dumps({"title": title, "description": description})))
    return made


def _resolves(stand: Stand, _facts: Facts) -> list[str]:
    body = json.dumps({"resolution_code": "fixed", "resolution": "Set right and tried with the person who reported."})
    found = stand.ask("SELECT number FROM bench_resolve JOIN records_record USING (id) ORDER BY n LIMIT 4000")
    return [api(stand, "POST", f"/incidents/{row[0]}/resolve", body) for row in found]


def _items(least: int) -> Callable[[Facts, str], bool]:
    return lambda _facts, body: len(json.loads(body)["items"]) >= least


def _says(*needles: str) -> Callable[[Facts, str], bool]:
    return lambda _facts, body: all(needle in body for needle in needles)


DRIVES = (
    Drive(
        "read",
        "Read one incident (API)",
        lambda stand, facts: [api(stand, "GET", f"/incidents/{one}") for one in some_numbers(facts.count)],
        statements.read,
        _says('"priority_reasons"', '"requester"'),
        small=Target(per_second=1500),
        peer=Peer("Redmine", 87),
    ),
    Drive(
        "list",
        "List 50 by priority (API)",
        lambda stand, _facts: [api(stand, "GET", "/incidents?sort=priority&limit=50")],
        statements.listing,
        _items(50),
        small=Target(per_second=600),
        peer=Peer("iTop", 21),
    ),
    Drive(
        "queue-page",
        "Queue page (HTML)",
        lambda stand, _facts: [page(stand, "/incidents/")],
        statements.queue,
        _says("</html>", "INC-"),
        small=Target(per_second=100, p95_ms=120),
        large=Target(p95_ms=50),
        peer=Peer("iTop", 21),
    ),
    Drive(
        "ticket-page",
        "Ticket page (HTML)",
        lambda stand, facts: [page(stand, f"/incidents/{one}") for one in some_numbers(facts.count)],
        statements.ticket,
        _says("</html>", "INC-"),
        small=Target(per_second=100, p95_ms=120),
        large=Target(p95_ms=50),
        peer=Peer("Redmine", 87),
    ),
    Drive(
        "queue-fragment",
        "Queue, the part that changes (HTML)",
        lambda stand, _facts: [fragment(stand, "/incidents/?state=open&sort=priority")],
        statements.queue,
        _says("INC-"),
        small=Target(p95_ms=100),
        large=Target(p95_ms=100),
    ),
    Drive(
        "ticket-fragment",
        "Ticket, opened from the list (HTML)",
        lambda stand, facts: [fragment(stand, f"/incidents/{one}") for one in some_numbers(facts.count)],
        statements.ticket,
        _says("INC-"),
        small=Target(p95_ms=100),
        large=Target(p95_ms=100),
    ),
    Drive(
        "palette",
        "Palette, a word and a number (HTML)",
        lambda stand, facts: [
            fragment(stand, f"/palette?q={asked}")
            for pair in zip(words.common() * PREBUILT, some_numbers(facts.count), strict=False)
            for asked in pair
        ],
        lambda _facts: statements.search(words.common()),
        _says("href="),
        small=Target(p95_ms=100),
        large=Target(p95_ms=100),
    ),
    Drive(
        "queue-words",
        "Queue narrowed to a rare word (HTML)",
        lambda stand, _facts: [page(stand, f"/incidents/?q={word}") for word in words.rare()],
        lambda _facts: statements.search(words.rare()),
        _says("</html>", "INC-"),
        small=Target(p95_ms=120),
        large=Target(p95_ms=50),
    ),
    Drive(
        "search-common",
        "Search a common word, newest first (API)",
        lambda stand, _facts: [api(stand, "GET", f"/search?q={word}&limit=20") for word in words.common()],
        lambda _facts: statements.search(words.common()),
        _items(20),
        large=Target(p95_ms=150),
        peer=Peer("Request Tracker", 5),
    ),
    Drive(
        "search-rare",
        "Search a rare word, newest first (API)",
        lambda stand, _facts: [api(stand, "GET", f"/search?q={word}&limit=20") for word in words.rare()],
        lambda _facts: statements.search(words.rare()),
        _items(1),
        large=Target(p95_ms=50),
    ),
    Drive(
        "resolve",
        "Resolve (API)",
        _resolves,
        statements.resolve,
        _says('"resolved"'),
        once=True,
        writes=True,
    ),
    Drive(
        "create",
        "Create (API)",
        _creates,
        statements.create,
        _says('"number"'),
        clients=(1, 8),
        small=Target(per_second=300, p95_ms=80),
        peer=Peer("Redmine", 83),
        writes=True,
    ),
)
WHOLE = {
    "start": "Second start to first answer",
    "memory": "Memory, idle and loaded",
    "live": "Update to 200 open pages",
    "import": "Import of the shipped incident log",
    "promises": "Open an incident with clocks and without, by turns",
    "sweep": "A thousand of a million open clocks come due",
    "attainment": "A report of attainment over a million finished clocks",
    "clocks": "Working time and clocks",
}
NAMES = (*WHOLE, *(drive.name for drive in DRIVES))
START_SECONDS, IDLE_BYTES = 5.0, 350_000_000
IMPORT_SECONDS, IMPORT_BYTES = 60.0, 500_000_000
REPLAY_SECONDS, SWEEP_SECONDS, ADDED_STATEMENTS = 10.0, 1.0, 3
ADDED_PERCENT = 15.0
ATTAINMENT_SECONDS = 2.0


def facts_of(stand: Stand) -> Facts:
    """Look up what requests and scripts have to know."""
    ((organisation,),) = stand.ask("SELECT id FROM people_organisation WHERE code = 'bench'")
    ((first, people),) = stand.ask(
        "SELECT min(id), count(*) FROM people_person WHERE email LIKE 'person%@bench.invalid'"
    )
    ((agent,),) = stand.ask("SELECT id FROM people_person WHERE email = 'agent1@bench.invalid'")
    return Facts(stand.count, int(organisation or 0), int(first or 0), int(people or 0), int(agent or 0), 0)


def ready_to_resolve(stand: Stand) -> int:
    """Put incidents in progress that will be resolved, so that every run finds as many; how many there are."""
    wanted = max(min(PREBUILT, stand.count // 10), 1)
    stand.ask("DROP TABLE IF EXISTS bench_resolve")
    stand.ask(
        f"CREATE TABLE bench_resolve AS SELECT id, row_number() OVER () - 1 AS n FROM (SELECT id FROM records_record"  # noqa: S608
        f" WHERE kind = 'incident' AND state = 'closed' ORDER BY id DESC LIMIT {wanted}) AS chosen"
    )
    stand.ask("ALTER TABLE bench_resolve ADD PRIMARY KEY (n)")
    stand.ask(
        "UPDATE records_record SET state = 'in_progress', state_category = 'active', resolved_at = NULL,"
        " closed_at = NULL WHERE id IN (SELECT id FROM bench_resolve)"
    )
    stand.ask("VACUUM (ANALYZE) records_record")
    stand.ask("ANALYZE bench_resolve")
    return wanted


def back_from_resolve(stand: Stand) -> None:
    """Close them again, so that the share of open incidents stays what it was."""
    stand.ask(
        "UPDATE records_record SET state = 'closed', state_category = 'closed', resolved_at = opened_at,"
        " closed_at = opened_at WHERE id IN (SELECT id FROM bench_resolve)"
    )
    stand.ask("UPDATE incidents_incident SET close_due_at = NULL WHERE close_due_at IS NOT NULL")


def verify(stand: Stand, drive: Drive, facts: Facts, request: str) -> None:
    """One request by hand: a fast wrong answer is worth nothing. Raises BenchFailed."""
    status, body = stand.get(request)
    if not 200 <= status < 300 or not drive.needle(facts, body):
        raise BenchFailed(f"{drive.name}: {status}, and not what was asked for: {body[:300]!r}")
