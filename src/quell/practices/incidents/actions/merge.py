"""Merging: several reports of one thing become one incident; and taking that back (domain.md 3.3, ux.md 2.8).

Nothing that was said moves: a merged incident closes as a duplicate and keeps its history; the other shows its public
conversation in its place in time (`kernel/records/timeline.py`), never its notes. Everybody who followed the merged
one follows the other from then on. Open tasks, links and child incidents move, and stand again where they stood when
the merge is undone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.access.actor import Actor
from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.actions.run import publish, run
from quell.kernel.config.refusal import Forbidden, Invalid, WrongState
from quell.kernel.journal.write import write
from quell.kernel.records.links import MERGED
from quell.kernel.records.models import Link, Record, Watcher

from ..models import Merge
from ..permissions import can_work, works_on
from ..rules.lifecycle import CLOSED
from ..rules.merging import UNDO_HOURS, Part, refuses
from . import moving
from .frame import incident_action, leave_hold, move_to
from .kind import KIND
from .link import visible

#: What an undone merge gives back, of the record and of the incident.
SPINE = ("state", "state_category", "resolved_at", "closed_at")
DETAIL = ("hold_reason", "resume_at", "resolution_code", "resolution", "close_due_at")


class MergeInput(Inputs):
    """Either `into`: what this incident becomes a part of; or `numbers`: what becomes a part of this one."""

    into: str | None = Field(None, min_length=1, max_length=20)
    numbers: list[str] | None = Field(None, min_length=1, max_length=50)


def _together(_number: str, inputs: Any) -> Iterable[int]:
    named = [inputs.into] if inputs.into else (inputs.numbers or [])
    wanted = [one.strip().upper() for one in named]
    return Record.objects.filter(number__in=wanted, kind=KIND.code).values_list("pk", flat=True)


@incident_action("merge", allowed=can_work, inputs=MergeInput, moves=False, alongside=_together)
def merge(context: Context) -> None:
    """Make it a part of another report of the same thing, or others a part of it; undone within a day."""
    inputs = context.inputs
    if (inputs.into is None) == (inputs.numbers is None):
        raise Invalid.field("into", _("Say either what this becomes a part of, or what becomes a part of this."))
    if inputs.numbers is not None:
        into = context.record.number
        for number in dict.fromkeys(one.strip().upper() for one in inputs.numbers):
            # Seen through the actor's eyes first: what is not theirs reads as what is not there.
            visible(context.actor, number, "numbers")
            run("incidents.merge", context.actor, number, {"into": into}, now=context.now)
        return
    _become_part(context, checked(context.actor, context.record, inputs.into))


def checked(actor: Actor, source: Record, into: str) -> Record:
    """The incident that `source` may become a part of, for this actor; raises Invalid, Forbidden, WrongState."""
    target = visible(actor, into, "into")
    if target.kind != KIND.code:
        raise Invalid.field("into", _("Only an incident can take in another."))
    if not works_on(actor, target):
        raise Forbidden(_("You do not work on %(number)s.") % {"number": target.number})
    why = refuses(_part(source), _part(target))
    words = {"source": source.number, "target": target.number}
    if why == "closed":
        raise WrongState(_("%(source)s is finished: only what is open can be merged.") % words)
    if why == "target_closed":
        raise WrongState(_("%(target)s is closed: nothing can be merged into it.") % words)
    sentences = {
        "self": _("%(source)s cannot be merged into itself."),
        "organisation": _("%(target)s belongs to another organisation. Relate the two instead."),
        "child": _("%(target)s is a child of %(source)s. Merge the other way, or detach it first."),
    }
    if why:
        raise Invalid.field("into", sentences[why] % words)
    return target


def _part(record: Record) -> Part:
    return Part(record.number, record.state, record.organisation_id, record.parent_id, record.pk)


def followers(source: Record, target: Record) -> list[int]:
    """Ids of those who follow the target once the source is a part of it."""
    watching = Watcher.objects.filter(record=source).values_list("person_id", flat=True)
    return sorted({source.requester_id, *watching} - {target.requester_id})


def _become_part(context: Context, target: Record) -> None:
    source, detail = context.record, context.detail
    before = {name: _plain(getattr(source, name)) for name in SPINE}
    before |= {name: _plain(getattr(detail, name)) for name in DETAIL}
    wanted = followers(source, target)
    known = set(Watcher.objects.filter(record=target, person_id__in=wanted).values_list("person_id", flat=True))
    added = [person for person in wanted if person not in known]
    Watcher.objects.bulk_create(Watcher(record=target, person_id=person) for person in added)
    moved = moving.move(source, target)
    Link.objects.create(
        source=source, target=target, kind=MERGED, created_by_id=context.actor.person_id, created_at=context.now
    )
    Merge.objects.create(
        source=source, target=target, by_id=context.actor.person_id, at=context.now,
        before=before, followers=wanted, added=added, moved=moved,
    )  # fmt: skip
    leave_hold(context)
    move_to(context, CLOSED)
    detail.resolution_code = "duplicate"
    detail.resolution = _("Goes on as %(number)s.") % {"number": target.number}
    detail.close_due_at = None
    source.resolved_at = source.closed_at = context.now
    context.public = True
    context.data["into"] = target.number
    _tell(context, target, "merged", {"from": source.number})


def _merged(number: str, _inputs: Any) -> Iterable[int]:
    found = Merge.objects.filter(source__number=number, undone_at=None)
    return found.values_list("target_id", flat=True)


@incident_action("unmerge", allowed=can_work, moves=False, alongside=_merged)
def unmerge(context: Context) -> None:
    """Take it out of what it was merged into, as it was before; within a day."""
    source, detail = context.record, context.detail
    made = Merge.objects.select_for_update(of=("self",)).filter(source=source, undone_at=None).first()
    if made is None:
        raise WrongState(_("%(number)s is not merged into another.") % {"number": source.number})
    target = Record.objects.get(pk=made.target_id)
    if not works_on(context.actor, target):
        raise Forbidden(_("You do not work on %(number)s.") % {"number": target.number})
    if context.now > made.at + timedelta(hours=UNDO_HOURS):
        raise WrongState(_("A merge can be undone within %(hours)d hours.") % {"hours": UNDO_HOURS})
    later = Merge.objects.filter(source=target, undone_at=None).select_related("target").first()
    if later is not None:
        words = {"number": target.number, "into": later.target.number}
        raise WrongState(_("%(number)s has itself been merged into %(into)s. Undo that first.") % words)
    _stop_following(made)
    moving.move_back(source, made.moved)
    Link.objects.filter(source=source, target=target, kind=MERGED).delete()
    for name in SPINE:
        setattr(source, name, _typed(name, made.before[name]))
    for name in DETAIL:
        setattr(detail, name, _typed(name, made.before[name]))
    made.undone_at = context.now
    made.save(update_fields=["undone_at"])
    context.public = True
    context.data["from"] = target.number
    _tell(context, target, "unmerged", {"to": source.number})


def _stop_following(made: Merge) -> None:
    """Those added for this merge alone leave; whoever another merge wants too stays, now on its account."""
    others = list(
        Merge.objects.select_for_update(of=("self",))
        .filter(target_id=made.target_id, undone_at=None)
        .exclude(pk=made.pk)
        .order_by("pk")
    )
    leaving = []
    for person in made.added:
        heir = next((one for one in others if person in one.followers), None)
        if heir is None:
            leaving.append(person)
        else:
            heir.added = [*heir.added, person]
            heir.save(update_fields=["added"])
    Watcher.objects.filter(record_id=made.target_id, person_id__in=leaving).delete()


def _tell(context: Context, target: Record, verb: str, said: dict[str, Any]) -> None:
    """A line in the other's history, inside only: its readers need not know whose reports were taken in."""
    entry = write(
        verb,
        context.actor,
        context.now,
        record_id=target.pk,
        organisation_id=target.organisation_id,
        data=said,
        version=target.version,
    )
    publish(target, entry)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _typed(name: str, value: Any) -> Any:
    return parse_datetime(value) if name.endswith("_at") and value else value
