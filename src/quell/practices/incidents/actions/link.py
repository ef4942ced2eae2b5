"""Linking incidents: parent and child, duplicates, recurrences, and plain relations (domain.md 3.3, 4.2)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.access.actor import Actor
from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config.refusal import Conflict, Invalid, WrongState
from quell.kernel.records import links
from quell.kernel.records.models import Link, Record, Watcher

from ..permissions import can_work
from ..rules.family import refuses
from ..rules.lifecycle import CLOSED, OPEN
from .frame import incident_action, leave_hold, move_to, touch
from .kind import KIND


class Linked(Inputs):
    """The other record's number, and what it is to this one."""

    to: str = Field(min_length=1, max_length=20)
    kind: str = Field(min_length=1, max_length=40)


@incident_action("link", allowed=can_work, inputs=Linked, moves=False)
def link(context: Context) -> None:
    """Link to another record: child_of, parent_of, duplicate_of, related_to …"""
    kind, reverse, other = _other(context)
    this = context.record
    if kind.code in ("child_of", "duplicate_of") and reverse:
        raise Invalid.field("kind", _("Say this on the other record: link %(to)s to this one.") % {"to": other.number})
    source, target = (other, this) if reverse else (this, other)
    _made, fresh = Link.objects.get_or_create(
        source=source,
        target=target,
        kind=kind.code,
        defaults={"created_by_id": context.actor.person_id, "created_at": context.now},
    )
    if not fresh:
        raise Conflict(_("These two are linked so already."))
    if kind.code == "child_of":
        _become_child(context, other)
    elif kind.code == "duplicate_of":
        _become_duplicate(context, other)
    context.data |= {"to": other.number, "kind": context.inputs.kind}
    touch(context)


@incident_action("unlink", allowed=can_work, inputs=Linked, moves=False)
def unlink(context: Context) -> None:
    """Take a link away; a child is detached from its parent."""
    kind, reverse, other = _other(context)
    this = context.record
    source, target = (other, this) if reverse else (this, other)
    gone, _rows = Link.objects.filter(source=source, target=target, kind=kind.code).delete()
    if not gone:
        raise Invalid.field("to", _("There is no such link."))
    if kind.code == "child_of":
        if reverse:
            raise Invalid.field("kind", _("Detach the child from its own page."))
        this.parent_id = None
    context.data |= {"to": other.number, "kind": context.inputs.kind}


def _other(context: Context) -> tuple[links.LinkKind, bool, Record]:
    found = links.direction(context.inputs.kind)
    if found is None or not found[0].by_hand:
        raise Invalid.field("kind", _("Choose one of: %(choices)s.") % {"choices": ", ".join(links.names())})
    other = visible(context.actor, context.inputs.to)
    if other.pk == context.record.pk:
        raise Invalid.field("to", _("A record cannot be linked to itself."))
    return *found, other


def visible(actor: Actor, number: str, field: str = "to") -> Record:
    """Another record the actor may see; refuses with the field otherwise."""
    found = Record.objects.visible_to(actor).filter(number=number.strip().upper()).first()
    if found is None:
        raise Invalid.field(field, _("There is no %(number)s here, or it is not yours to see.") % {"number": number})
    return found


def _become_child(context: Context, parent: Record) -> None:
    record = context.record
    if parent.kind != record.kind:
        raise Invalid.field("to", _("A parent must be an incident too."))
    if record.parent_id is not None:
        raise Conflict(_("It has a parent already. Detach it first."))
    must_fit(record.pk, parent, "to")
    record.parent_id = parent.pk


def must_fit(record_id: int, parent: Record, field: str) -> None:
    """Refuse, naming the field, what would make a circle or a family of more than three generations."""
    ancestors: list[int] = []
    above = parent
    while above.parent_id is not None and len(ancestors) < 10:
        above = Record.objects.get(pk=above.parent_id)
        ancestors.append(above.pk)
    why = refuses(record_id, ancestors, parent.pk, _height(record_id))
    if why:
        sentences = {
            "self": _("A record cannot be its own parent."),
            "circle": _("That would make a circle of parents."),
            "depth": _("Families go three generations deep, not more."),
        }
        raise Invalid.field(field, sentences[why])


def _height(record_id: int) -> int:
    """Generations from a record down, itself included."""
    height, generation = 1, [record_id]
    while height < 4:
        generation = list(Record.objects.filter(parent_id__in=generation, kind=KIND.code).values_list("pk", flat=True))
        if not generation:
            break
        height += 1
    return height


def _become_duplicate(context: Context, original: Record) -> None:
    """A duplicate closes, and its requester follows the original from now on."""
    record, detail = context.record, context.detail
    if record.state not in OPEN:
        raise WrongState(_("Only an open incident can be closed as a duplicate."))
    if original.kind != record.kind:
        raise Invalid.field("to", _("The original must be an incident too."))
    if original.organisation_id != record.organisation_id:
        # The requester will follow the original; one company's people must not read another's.
        raise Invalid.field("to", _("The original belongs to another organisation. Relate the two instead."))
    if Link.objects.filter(source=original, target=record, kind="duplicate_of").exists():
        raise Invalid.field("to", _("The other one is a duplicate of this already."))
    leave_hold(context)
    move_to(context, CLOSED)
    detail.resolution_code = "duplicate"
    detail.resolution = _("Duplicate of %(number)s.") % {"number": original.number}
    record.resolved_at = record.closed_at = context.now
    detail.close_due_at = None
    context.public = True
    Watcher.objects.get_or_create(record=original, person_id=record.requester_id)
