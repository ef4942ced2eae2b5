"""Writing a list to a file for one person, as a job that says how far it is. What the file holds is decided when it
is written, by the rights its person has then."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, StringConstraints

from quell.kernel.access.actor import Actor, actor_for_person
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs
from quell.kernel.config.refusal import Conflict, Forbidden, Invalid, NotSignedIn, Refusal
from quell.kernel.files import sheets, store
from quell.kernel.jobs.app import enqueue
from quell.kernel.people.speaking import language_of
from quell.kernel.records.query_words import Dialect, dialect, kinds

from ..models import Export
from ..rules.views import USUAL_COLUMNS

MOST = 200_000
#: Nobody needs more at once; a longer queue of one's own would only hold others up.
MOST_RUNNING = 3


class NewExport(Inputs):
    """A list, as a file: its conditions as in the query language, its order, the columns."""

    kind: str = Field("incident", max_length=20)
    query: str = Field("", max_length=2000)
    q: str = Field("", max_length=400)
    sort: str = Field("", max_length=40)
    columns: Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(max_length=40)] = []
    format: Literal["csv", "xlsx"] = "xlsx"


def start(actor: Actor, data: Mapping[str, Any] | BaseModel) -> int:
    """Ask for a file; its id. Raises Invalid, Forbidden, Conflict."""
    wanted = parse(NewExport, data)
    if actor.person_id is None or not actor.is_agent:
        raise Forbidden(_("Your role does not include other people's records."))
    if actor.read_only:
        raise Forbidden(_("This token may only read."))
    if wanted.kind not in kinds():
        raise Invalid.field("kind", _("Choose one of: %(choices)s.") % {"choices": ", ".join(kinds())})
    spoken = dialect(wanted.kind)
    unknown = [one for one in wanted.columns if one not in spoken.columns]
    if unknown:
        raise Invalid.field("columns", _("Choose one of: %(choices)s.") % {"choices": ", ".join(spoken.columns)})
    parameters = {name: text for name in ("query", "q", "sort") if (text := getattr(wanted, name))}
    total = spoken.lists.count(actor, parameters)
    if Export.objects.filter(person_id=actor.person_id, state=Export.State.RUNNING).count() >= MOST_RUNNING:
        raise Conflict(_("Some of your exports are still being written. Wait for them first."))
    row = Export.objects.create(
        person_id=actor.person_id,
        kind=wanted.kind,
        parameters=parameters,
        columns=list(dict.fromkeys(wanted.columns)) or list(USUAL_COLUMNS),
        format=wanted.format,
        total=total,
        created_at=datetime.now(UTC),
    )
    enqueue("servicedesk.export", export_id=row.pk, lock=f"export-{row.pk}")
    return row.pk


def write(export_id: int) -> None:
    """What the job does: every row its person may see now, then the file. Again from the beginning when broken off."""
    row = Export.objects.filter(pk=export_id, state=Export.State.RUNNING).first()
    if row is None:
        return
    actor = actor_for_person(row.person_id)
    try:
        if actor is None:
            raise NotSignedIn(_("This person has left."))
        row.sha256 = _file(row, actor)
    except Refusal as no:
        row.state, row.fault = Export.State.FAILED, no.sentence[:300]
    else:
        row.state = Export.State.DONE
    row.finished_at = datetime.now(UTC)
    row.save(update_fields=["state", "fault", "sha256", "done", "finished_at"])


def _file(row: Export, actor: Actor) -> str:
    spoken = dialect(row.kind)
    zone = ZoneInfo(actor.timezone) if actor.timezone else timezone.get_default_timezone()
    language = language_of(actor.language, actor.organisation_id)
    with tempfile.TemporaryDirectory() as folder, translation.override(language):
        path = Path(folder) / f"list.{row.format}"
        sheets.WRITERS[row.format](path, row.columns, _rows(row, actor, spoken, zone))
        return store.keep_written(path).sha256


def _rows(row: Export, actor: Actor, spoken: Dialect, zone: Any) -> Iterator[Sequence[object]]:
    cursor: str | None = None
    row.done = 0
    while row.done < MOST:
        parameters = {**row.parameters, **({"cursor": cursor} if cursor else {})}
        rows, cursor = spoken.lists.page(actor, parameters)
        for one in rows:
            cells = [spoken.lists.cell(one, column) for column in row.columns]
            yield [cell.astimezone(zone) if isinstance(cell, datetime) else cell for cell in cells]
        row.done += len(rows)
        Export.objects.filter(pk=row.pk).update(done=row.done)
        if not cursor:
            return
