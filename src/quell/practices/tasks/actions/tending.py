"""What happens to tasks when something happens to the record they belong to, at the same instant.

A record that closes leaves no open task behind: each is skipped, with that as the reason. A record that changes hands
takes along the tasks that lay with its team; those given to another team stay there.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from quell.kernel.access.actor import HOUSE
from quell.kernel.actions.run import follow, publish, run
from quell.kernel.journal.models import Entry
from quell.kernel.journal.write import write
from quell.kernel.records.models import OPEN, Record, StateCategory

from .kind import KIND


@follow
def tend(record: Record, entry: Entry) -> None:
    """Called for every action on every record; looks at its tasks only when these two things have changed."""
    if record.kind == KIND.code:
        return
    if "state" in entry.changes and record.state_category == StateCategory.CLOSED:
        _skip_open(record)
    elif "team" in entry.changes:
        _take_along(record, entry)


def _open_tasks(record: Record) -> list[Record]:
    tasks = Record.objects.select_for_update(of=("self",))
    return list(tasks.filter(parent=record, kind=KIND.code, state_category__in=OPEN).order_by("pk"))


def _skip_open(record: Record) -> None:
    for task in _open_tasks(record):
        run("tasks.skip", HOUSE, task.number, {"reason": _("%(number)s was closed.") % {"number": record.number}})


def _take_along(record: Record, entry: Entry) -> None:
    before, after = entry.changes["team"]
    for task in _open_tasks(record):
        if task.team_id != before:
            continue
        task.team_id, task.version, task.updated_at = after, task.version + 1, entry.at
        task.save(update_fields=["team_id", "version", "updated_at"])
        moved = write(
            "assign",
            HOUSE,
            entry.at,
            record_id=task.pk,
            organisation_id=task.organisation_id,
            changes={"team": [before, after]},
            version=task.version,
        )
        publish(task, moved)
