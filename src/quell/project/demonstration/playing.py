"""Doing what a plan says, through the same actions as everybody's clicks, under the plan's own clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import datetime, timedelta
from heapq import merge

from quell.kernel.access.actor import HOUSE, Actor, actor_for_person
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.run import run
from quell.kernel.jobs.app import quietly
from quell.kernel.people.models import Person
from quell.practices.incidents.actions.report import Report, report

from .handling import Case, Deed

#: Of what is older than this nobody wants news any more: no inbox lines, no mails.
NEWS = timedelta(hours=24)
Progress = Callable[[int, int], None]


def play(cases: Iterable[Case], now: datetime, progress: Progress) -> int:
    """Do every deed of every case, in order of time, so that numbers and history ascend as they would have.

    The caller's transaction holds it all: a company is there with its whole past, or not at all. Returns how many
    incidents were made.
    """
    told = list(cases)
    numbers: dict[int, str] = {}
    titles: dict[str, str] = {}
    actors: dict[str, Actor] = {}
    total = sum(len(case.deeds) for case in told)
    streams = ([(deed.at, index, place) for place, deed in enumerate(case.deeds)] for index, case in enumerate(told))
    for done, (at, index, place) in enumerate(merge(*streams)):
        deed = told[index].deeds[place]
        actor = actors.get(deed.who) or actors.setdefault(deed.who, _actor(deed.who))
        with nullcontext() if at > now - NEWS else quietly():
            if deed.verb == "report":
                opened = report(actor, parse(Report, deed.data), now=at)
                numbers[index] = titles[told[index].title] = opened.number
            else:
                run(f"incidents.{deed.verb}", actor, numbers[index], _data(deed, titles), now=at)
        if done % 50 == 0:
            progress(done, total)
    return len(numbers)


def _data(deed: Deed, titles: dict[str, str]) -> dict[str, object]:
    return {**deed.data, "to": titles[deed.other]} if deed.other else deed.data


def _actor(email: str) -> Actor:
    if not email:
        return HOUSE
    actor = actor_for_person(Person.objects.values_list("pk", flat=True).get(email=email))
    assert actor is not None
    return actor
