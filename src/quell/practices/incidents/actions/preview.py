"""What merging would do, without doing it: who follows, what moves, which numbers lead elsewhere, what is refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import NotFound, Refusal
from quell.kernel.journal.models import Entry
from quell.kernel.people.models import Person
from quell.kernel.records.links import MERGED
from quell.kernel.records.models import Attachment, Link, Record, Watcher
from quell.practices.tasks import facade as tasks

from ..permissions import can_work
from .kind import KIND
from .merge import checked, followers


@dataclass(frozen=True, slots=True)
class Source:
    """One incident that would become a part of the other; `refusal` says why it cannot."""

    number: str
    title: str
    state: str
    requester: str
    messages: int
    refusal: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of a merge. `followers` are (name, e-mail) of those who would follow from now on."""

    into: str
    title: str
    sources: tuple[Source, ...]
    followers: tuple[tuple[str, str], ...]
    messages: int
    files: int
    tasks: tuple[str, ...]
    links: int
    children: tuple[str, ...]

    @property
    def possible(self) -> bool:
        """Is nothing refused?"""
        return bool(self.sources) and all(not source.refusal for source in self.sources)


def preview(actor: Actor, into: str, numbers: Iterable[str]) -> Preview:
    """What merging `numbers` into `into` would do for this actor; raises NotFound when one of them is not theirs."""
    wanted = [one.strip().upper() for one in (into, *dict.fromkeys(numbers))]
    visible = Record.objects.visible_to(actor).filter(number__in=wanted, kind=KIND.code)
    known = {record.number: record for record in visible.select_related("requester")}
    for number in wanted:
        if number not in known:
            raise NotFound(_("There is no %(number)s here, or it is not yours to see.") % {"number": number})
    target = known[wanted[0]]
    records = [known[number] for number in dict.fromkeys(wanted[1:]) if number != target.number]
    ids = [record.pk for record in records]
    said = dict.fromkeys(ids, 0)
    spoken = Entry.objects.filter(record__in=ids, public=True, verb__in=("open", "reply"))
    for pk in spoken.values_list("record_id", flat=True):
        said[pk] += 1
    sources = tuple(
        Source(r.number, r.title, r.state, r.requester.name, said[r.pk], _refusal(actor, r, target)) for r in records
    )
    new = {person for record in records for person in followers(record, target)}
    new -= set(Watcher.objects.filter(record=target).values_list("person_id", flat=True))
    links = Link.objects.filter(Q(source__in=ids) | Q(target__in=ids)).exclude(kind__in=(MERGED, "child_of"))
    children = Record.objects.filter(parent__in=ids, kind=KIND.code).order_by("pk")
    return Preview(
        into=target.number,
        title=target.title,
        sources=sources,
        followers=tuple(Person.objects.filter(pk__in=new).order_by("name", "pk").values_list("name", "email")),
        messages=sum(said.values()),
        files=Attachment.objects.filter(record__in=ids, public=True).count(),
        tasks=tuple(title for _number, title in tasks.movable(ids)),
        links=links.count(),
        children=tuple(children.values_list("number", flat=True)),
    )


def _refusal(actor: Actor, source: Record, target: Record) -> str:
    if not (may := can_work(actor, source)):
        return may.reason
    try:
        checked(actor, source, target.number)
    except Refusal as no:
        return no.sentence
    return ""
