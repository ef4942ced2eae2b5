"""The front door of the service desk: what pages, API and other rooms may ask and do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import NotFound

from .actions import batch as batches
from .actions import canned_reply, macro, reminder
from .actions import export as exporting
from .actions import view as view_upkeep
from .actions.sentences import name_with as name_with
from .models import CannedReply, Macro
from .queries import batches as batch_rows
from .queries import exports as export_rows
from .queries import prepared
from .queries import reminders as reminder_rows
from .queries import views as view_rows
from .rules import macro_steps, variables
from .rules import views as view_rules

# --- views ---
ViewRow: TypeAlias = view_rows.ViewRow
DENSITIES, LAYOUTS, USUAL_COLUMNS = view_rules.DENSITIES, view_rules.LAYOUTS, view_rules.USUAL_COLUMNS
views, view, arrangement, arranged = view_rows.views, view_rows.one, view_rows.arrangement, view_rows.arranged
create_view, edit_view, arrange = view_upkeep.create_view, view_upkeep.edit_view, view_upkeep.arrange
trash_view, restore_view = view_upkeep.trash_view, view_upkeep.restore_view

# --- batches ---
BatchRow: TypeAlias = batch_rows.BatchRow
start_batch, undo_batch, batch = batches.start, batches.undo, batch_rows.one
MOST_AT_ONCE = batches.AT_ONCE

# --- exports ---
ExportRow: TypeAlias = export_rows.ExportRow
start_export, exports, export, export_content = exporting.start, export_rows.mine, export_rows.one, export_rows.content

# --- canned replies, macros, reminders ---
Canned: TypeAlias = prepared.Canned
MacroRow: TypeAlias = prepared.MacroRow
Spoken: TypeAlias = canned_reply.Spoken
Filled: TypeAlias = variables.Filled
MacroPreview: TypeAlias = macro.Preview
MacroRan: TypeAlias = macro.Ran
Follow: TypeAlias = reminder_rows.Follow
Back: TypeAlias = reminder_rows.Back
DUE_COUNT = reminder_rows.DUE_COUNT
VARIABLES, LANGUAGES = variables.NAMES, canned_reply.LANGUAGES
MOST_STEPS = macro_steps.MOST_STEPS
gaps = variables.gaps
unknown_variable = canned_reply.keeping.unknown_variable
create_canned, edit_canned = canned_reply.create, canned_reply.edit
trash_canned, restore_canned = canned_reply.trash, canned_reply.restore
speak, sample = canned_reply.speak, canned_reply.sample
create_macro, edit_macro = macro.create, macro.edit
trash_macro, restore_macro = macro.trash, macro.restore
preview_macro, run_macro = macro.preview, macro.run
remind, finish_reminder = reminder.remind, reminder.finish
bring_back_reminder, put_off_reminder = reminder.bring_back, reminder.put_off


def canned_replies(actor: Actor, q: str = "", *, trashed: bool = False, limit: int = prepared.MOST) -> list[Canned]:
    """Canned replies the actor may use: by folder and name, or the most used first when searching."""
    rows = prepared.asked(CannedReply, actor, q=q, trashed=trashed, limit=limit)
    return prepared.shown(actor, rows)  # type: ignore[return-value]


def canned_page(actor: Actor, q: str, after: int, limit: int, *, trashed: bool = False) -> list[Canned]:
    """The same for programs: by id, one more than `limit` when there are more."""
    rows = prepared.page(CannedReply, actor, q=q, trashed=trashed, after=after, limit=limit)
    return prepared.shown(actor, rows)  # type: ignore[return-value]


def kept_canned(actor: Actor, q: str, after: tuple[str, str, int] | None, limit: int) -> list[Canned]:
    """The same for the page on which they are kept: by folder and name, one more than `limit` when there are more."""
    rows = prepared.kept(CannedReply, actor, q=q, after=after, limit=limit)
    return prepared.shown(actor, rows)  # type: ignore[return-value]


def canned(actor: Actor, reply_id: int) -> Canned:
    """One canned reply, also from the trash; raises NotFound."""
    return prepared.shown(actor, [_found(prepared.one(CannedReply, actor, reply_id))])[0]  # type: ignore[return-value]


def macros(actor: Actor, q: str = "", *, trashed: bool = False, limit: int = prepared.MOST) -> list[MacroRow]:
    """Macros the actor may use: by folder and name, or the most used first when searching."""
    rows = prepared.asked(Macro, actor, q=q, trashed=trashed, limit=limit)
    return prepared.shown(actor, rows)  # type: ignore[return-value]


def macro_page(actor: Actor, q: str, after: int, limit: int, *, trashed: bool = False) -> list[MacroRow]:
    """The same for programs: by id, one more than `limit` when there are more."""
    rows = prepared.page(Macro, actor, q=q, trashed=trashed, after=after, limit=limit)
    return prepared.shown(actor, rows)  # type: ignore[return-value]


def kept_macros(actor: Actor, q: str, after: tuple[str, str, int] | None, limit: int) -> list[MacroRow]:
    """The same for the page on which they are kept: by folder and name, one more than `limit` when there are more."""
    rows = prepared.kept(Macro, actor, q=q, after=after, limit=limit)
    return prepared.shown(actor, rows)  # type: ignore[return-value]


def macro_by_id(actor: Actor, macro_id: int) -> MacroRow:
    """One macro, also from the trash; raises NotFound."""
    return prepared.shown(actor, [_found(prepared.one(Macro, actor, macro_id))])[0]  # type: ignore[return-value]


def run_macro_on_many(actor: Actor, macro_id: int, numbers: Iterable[str]) -> list[MacroRan]:
    """A macro on many records, each by itself: what is refused says why. Raises a Refusal for the macro itself."""
    return macro.run_on_many(actor, macro_id, numbers)


def macro_verbs(kind: str = "incident") -> dict[str, str]:
    """The verbs a macro may do, with what each does."""
    return {verb: summary for verb, (_inputs, summary) in sorted(macro.verbs(kind).items())}


def check_macro(actor: Actor, data: Mapping[str, Any] | BaseModel) -> list[str]:
    """What a macro being written would do, a sentence a step, with made-up values. Raises Invalid."""
    return macro.sentences(actor, data)


def follow_ups(actor: Actor) -> list[Follow]:
    """What the actor still has to follow up, the longest due first."""
    return reminder_rows.follow_ups(actor, datetime.now(UTC))


def reminder_by_id(actor: Actor, reminder_id: int) -> Follow:
    """One of the actor's own reminders, also when it is done; raises NotFound."""
    found: Follow = _found(reminder_rows.one(actor, reminder_id, datetime.now(UTC)))
    return found


def reminders_on(actor: Actor, record_id: int) -> list[Follow]:
    """The actor's own open reminders about one record."""
    return reminder_rows.on_record(actor, record_id, datetime.now(UTC))


def asleep(actor: Actor) -> frozenset[int]:
    """Ids of records the actor has snoozed: they are left out of their home and queue."""
    return reminder_rows.asleep(actor, datetime.now(UTC))


def come_back(actor: Actor, record_ids: Collection[int]) -> dict[int, Back]:
    """Why records have come back to the actor (a snooze that ended, a reminder that is due), by record id."""
    return reminder_rows.back(actor, record_ids, datetime.now(UTC))


def _found(row: Any) -> Any:
    if row is None:
        raise NotFound(_("There is nothing of this number here, or it is not yours to see."))
    return row
