"""The import of the UCI incident event log: from a file to incidents with their whole history.

The file is read twice, so that it is known to be whole before anything is written (`log_file`, and
`rules/incident_log_reading`). Incidents are then written by `COPY`, a thousand in a transaction: whoever
kills the import leaves whole incidents, and running it again goes on where it stopped. What the source
calls an incident is kept as its external reference, which is also how a second run knows that it is there
already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from quell.kernel.config.refusal import Conflict, Invalid, NotFound
from quell.kernel.journal.models import Entry
from quell.kernel.people.models import Organisation
from quell.kernel.people.tree import create_organisation
from quell.kernel.records.models import ExternalReference, Record
from quell.kernel.records.numbers import form
from quell.kernel.search import index
from quell.practices.clocks import facade as clocks
from quell.practices.incidents.actions.kind import KIND
from quell.practices.incidents.models import Incident
from quell.practices.incidents.rules.incident_log_facts import description_of, resolution_of
from quell.practices.incidents.rules.incident_log_reading import last_rows, whole_incidents
from quell.practices.incidents.rules.incident_log_rows import NotTheLog, Refused, Table
from quell.practices.incidents.rules.incident_log_story import Story
from quell.practices.incidents.rules.lifecycle import INCIDENT

from . import words
from .copying import copy, next_ids
from .figures import Figures, figures
from .history import RESOLUTION_CODE, entries, labels
from .log_file import rows
from .reference_data import DEFAULT_ORGANISATION, UNKNOWN_CALLER, Directory

SYSTEM = "uci-incident-log"
#: The published log as it ships with Quell (`data/NOTICE.txt` names its authors and licence).
SHIPPED = Path(__file__).resolve().parent.parent / "data" / "incident_event_log.csv.gz"
BATCH = 1000
MOST_REFUSALS_LISTED = 1000
PRIORITY_SOURCE = "import"
_LOCK = 0x51756C6C  # one import at a time: the number is arbitrary, but always this one

Progress = Callable[[int, int], None]  # rows done, of how many


@dataclass
class Report:
    """What an import did; `figures` are counted in the database, for the incidents that the file names."""

    rows_read: int = 0
    created: int = 0
    unchanged: int = 0
    entries_created: int = 0
    clocks_created: int = 0
    people_created: int = 0
    teams_created: int = 0
    categories_created: int = 0
    refused: list[Refused] = field(default_factory=list)
    refused_count: int = 0
    oddities: Counter[str] = field(default_factory=Counter)
    figures: Figures | None = None

    def refuse(self, row: Refused) -> None:
        """Count a refused row; the first thousand are listed."""
        self.refused_count += 1
        if len(self.refused) < MOST_REFUSALS_LISTED:
            self.refused.append(row)

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON document."""
        found = self.figures
        assert found is not None
        return {
            "rows_read": self.rows_read,
            "incidents": found.incidents,
            "created": self.created,
            "unchanged": self.unchanged,
            "entries": found.entries,
            "entries_created": self.entries_created,
            "clocks_created": self.clocks_created,
            "people_created": self.people_created,
            "teams_created": self.teams_created,
            "categories_created": self.categories_created,
            "final_priority": found.final_priority,
            "reassigned_at_least_once": found.reassigned_at_least_once,
            "reassigned_three_or_more": found.reassigned_three_or_more,
            "reopened": found.reopened,
            "most_frequent_path": {"path": found.path, "count": found.path_count},
            "refused_count": self.refused_count,
            "refused": [
                {"line": row.line, "number": row.number, "code": row.code, "reason": words.refusal(row)}
                for row in self.refused
            ],
            "oddities": dict(sorted(self.oddities.items())),
        }


def import_incident_log(path: Path, organisation: str | None, progress: Progress) -> Report:
    """Read the log into an organisation (by code; none: one made for it). Raises a Refusal with one
    sentence, and then nothing was written.
    """
    table, count, last = _survey(path)
    with _alone():
        home = _organisation(organisation)
        report = Report(rows_read=count)
        known = Directory(home, datetime.now(UTC))
        present = _present()
        told = whole_incidents(_body(path), table, last, report.oddities)
        progress(0, count)
        done = 0
        batch: list[Story] = []
        for one in told:
            if isinstance(one, Refused):
                report.refuse(one)
                done += 1
                continue
            done += one.events
            if one.number in present:
                _count_present(report, one, home, *present[one.number])
            else:
                batch.append(one)
            if len(batch) == BATCH:
                _write(batch, home, known, report)
                batch = []
            if done % BATCH < one.events:
                progress(done, count)
        if batch:
            _write(batch, home, known, report)
        progress(count, count)
        if report.created:
            _refresh_statistics()
        report.figures = figures(SYSTEM, last)
    report.people_created = known.people_made
    report.teams_created = known.teams_made
    report.categories_created = known.categories_made
    return report


def _survey(path: Path) -> tuple[Table, int, dict[str, int]]:
    """Read the file to its end once: is it the log, is it whole, and where does each incident end?"""
    every = rows(path)
    first = next(every, None)
    if first is None:
        raise Invalid(_("%(file)s is empty.") % {"file": path.name})
    try:
        table = Table(first[1])
    except NotTheLog as fault:
        raise Invalid(words.not_the_log(fault, path.name)) from None
    count, last = last_rows(every, table)
    return table, count, last


def _body(path: Path) -> Iterator[tuple[int, list[str]]]:
    every = rows(path)
    next(every, None)
    return every


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock of the import for as long as it runs; the database lets go of it when the process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise Conflict(_("An import of an incident event log is running already; wait until it is done."))
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _organisation(code: str | None) -> Organisation:
    wanted = code or DEFAULT_ORGANISATION
    found = Organisation.objects.filter(code=wanted).first()
    if found is not None:
        return found
    if code is not None and code != DEFAULT_ORGANISATION:
        raise NotFound(_("There is no organisation with the code “%(code)s”.") % {"code": code})
    return create_organisation(DEFAULT_ORGANISATION, "Incident log (UCI)")


def _present() -> dict[str, tuple[int, int]]:
    """What is here already: the source's number → organisation and how many events it was made from."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT x.reference, r.organisation_id, coalesce((e.data->>'events')::int, 0)
               FROM records_externalreference x
               JOIN records_record r ON r.id = x.record_id
               LEFT JOIN journal_entry e ON e.record_id = r.id AND e.version = 1
               WHERE x.system = %s""",
            [SYSTEM],
        )
        return {reference: (organisation, events) for reference, organisation, events in cursor.fetchall()}


def _count_present(report: Report, story: Story, home: Organisation, organisation: int, events: int) -> None:
    report.unchanged += 1
    if organisation != home.pk:
        report.oddities["here_in_another_organisation"] += 1
    if events != story.events:
        report.oddities["here_with_other_events"] += 1


def _write(batch: list[Story], home: Organisation, known: Directory, report: Report) -> None:
    """Whole incidents, all of them or none: people and places first, then spine, detail, reference, history
    and search document.
    """
    with transaction.atomic():
        _learn(batch, known)
        ids = next_ids(Record, len(batch))
        numbers = _next_numbers(len(batch))
        told = list(zip(batch, ids, numbers, strict=True))
        copy(Record, (_spine(story, key, number, home, known) for story, key, number in told))
        copy(Incident, (_detail(story, key, known) for story, key, _number in told))
        copy(
            ExternalReference,
            ({"record_id": key, "system": SYSTEM, "reference": story.number} for story, key, _number in told),
        )
        written = copy(Entry, (entry for story, key, _number in told for entry in entries(story, key, home.pk, known)))
        index.put_many(
            (key, f"{number} {story.title}\n{description_of(story.last)}\n{story.number}")
            for story, key, number in told
        )
        # What the agreements of the place promise is counted as it would have been then.
        _records, made = clocks.give_history(ids)
    report.clocks_created += made
    report.created += len(batch)
    report.entries_created += written


def _learn(batch: list[Story], known: Directory) -> None:
    named = [labels(story) for story in batch]
    people = set[str]().union(*(one.people for one in named))
    if any(story.requester is None for story in batch):
        people.add(UNKNOWN_CALLER)
    known.learn_people(sorted(people))
    known.learn_teams(sorted(set[str]().union(*(one.teams for one in named))))
    known.learn_categories(sorted(set[tuple[str, ...]]().union(*(one.categories for one in named))))


def _next_numbers(count: int) -> list[str]:
    """Numbers from the one sequence that live incidents take theirs from."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [KIND.sequence, count])
        return [form(KIND.prefix, row[0]) for row in cursor.fetchall()]


def _spine(story: Story, key: int, number: str, home: Organisation, known: Directory) -> dict[str, Any]:
    last = story.last
    opener = known.people.get(last.opened_by or "")
    return {
        "id": key,
        "kind": KIND.code,
        "number": number,
        "organisation_id": home.pk,
        "title": story.title,
        "description": description_of(last),
        "state": story.state,
        "state_category": INCIDENT.category(story.state),
        "priority": last.priority,
        "requester_id": known.people[story.requester or UNKNOWN_CALLER],
        "opened_by_id": opener,
        "owner_id": opener,  # whoever took the contact answers for it to the end (domain.md 4.1)
        "assignee_id": known.people.get(last.resolver or ""),
        "team_id": known.teams.get(last.group or ""),
        "channel": story.channel,
        "opened_at": last.opened_at,
        "responded_at": story.responded_at,
        "resolved_at": story.resolved_at,
        "closed_at": story.closed_at,
        "updated_at": last.updated_at,
        "version": len(story.steps),
    }


def _detail(story: Story, key: int, known: Directory) -> dict[str, Any]:
    last = story.last
    over = story.state in ("resolved", "closed")
    return {
        "record_id": key,
        "impact": last.impact,
        "urgency": last.urgency,
        "priority_source": PRIORITY_SOURCE,
        "category_id": known.categories.get(story.category),
        "hold_reason": story.hold_reason,
        "resolution_code": RESOLUTION_CODE if over else "",
        "resolution": resolution_of(last) if over else "",
        "transfer_count": last.transfers,
        "reopen_count": last.reopenings,
    }


def _refresh_statistics() -> None:
    """So that the first page after a large import is planned with true numbers."""
    with connection.cursor() as cursor:
        for model in (Record, Incident, ExternalReference, Entry):
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
        cursor.execute("ANALYZE search_document")
