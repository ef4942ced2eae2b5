"""What moves when one incident becomes a part of another, and back: tasks and lines, links, children, and what had
been merged into it before. Both records are locked by the caller."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from quell.kernel.records.links import MERGED
from quell.kernel.records.models import Link, Record
from quell.practices.tasks import facade as tasks

from ..models import Merge
from .kind import KIND
from .link import must_fit


def move(source: Record, target: Record) -> dict[str, Any]:
    """Move everything; returns plain values that `move_back` understands. Raises Invalid when the children would make
    the family too deep."""
    work = tasks.move_work(source.pk, target.pk)
    return {
        "tasks": [list(one) for one in work.tasks],
        "lines": [list(one) for one in work.lines],
        "children": _children(source, target),
        "links": _links(source, target),
        "merged": _merged(source, target),
    }


def _children(source: Record, target: Record) -> list[int]:
    children = list(Record.objects.select_for_update(of=("self",)).filter(parent=source, kind=KIND.code).order_by("pk"))
    for child in children:
        must_fit(child.pk, target, "into")
    Record.objects.filter(pk__in=[child.pk for child in children]).update(parent=target)
    return [child.pk for child in children]


def _links(source: Record, target: Record) -> list[list[Any]]:
    """Links to third records: [id, end]. What the target is linked to in the same way already stays where it is."""
    mine = Link.objects.filter(Q(source=source) | Q(target=source)).exclude(kind=MERGED).order_by("pk")
    known = {
        (link.source_id, link.target_id, link.kind) for link in Link.objects.filter(Q(source=target) | Q(target=target))
    }
    moved: list[list[Any]] = []
    for link in mine:
        if link.kind == "child_of" and link.source_id == source.pk:
            continue  # whose child it is stays its own affair
        end = "source" if link.source_id == source.pk else "target"
        ends = {"source": link.source_id, "target": link.target_id, end: target.pk}
        key = (ends["source"], ends["target"], link.kind)
        if ends["source"] == ends["target"] or key in known:
            continue
        known.add(key)
        setattr(link, f"{end}_id", target.pk)
        link.save(update_fields=[end])
        moved.append([link.pk, end])
    return moved


def _merged(source: Record, target: Record) -> list[int]:
    """What was merged into the source now goes on in the target."""
    Link.objects.filter(target=source, kind=MERGED).update(target=target)
    earlier = Merge.objects.filter(target=source, undone_at=None)
    return list(earlier.values_list("pk", flat=True))


def move_back(source: Record, moved: Mapping[str, Any]) -> None:
    """Undo `move`: what still exists stands again where it stood."""
    pairs = {name: tuple((one[0], one[1]) for one in moved[name]) for name in ("tasks", "lines")}
    tasks.move_back(tasks.Moved(pairs["tasks"], pairs["lines"]), source.pk)
    Record.objects.filter(pk__in=moved["children"]).update(parent=source)
    for link_id, end in moved["links"]:
        Link.objects.filter(pk=link_id).update(**{end: source})
    earlier = Merge.objects.filter(pk__in=moved["merged"], undone_at=None).values_list("source_id", flat=True)
    Link.objects.filter(source_id__in=list(earlier), kind=MERGED).update(target=source)
