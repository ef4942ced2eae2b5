"""Doing what a plan says, through the same actions as everybody's clicks, under the plan's own clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from heapq import merge
from typing import Any

from quell.kernel.access.actor import HOUSE, Actor, actor_for_person
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.run import run
from quell.kernel.config import sql
from quell.kernel.people.models import Person
from quell.practices.clocks import facade as clocks
from quell.practices.communications import facade as communications
from quell.practices.incidents import facade as incidents
from quell.practices.incidents.actions.report import Report, report
from quell.practices.incidents.jobs import sweep_alarms
from quell.practices.workforce import facade as workforce
from quell.practices.worklog import facade as worklog

from .handling import Case, Deed

Progress = Callable[[int, int], None]
#: What a rule has chosen is done by the house, as a rule.
_RULE = replace(HOUSE, channel="rule", request_id="demonstration")
#: After so many deeds the database takes a look at how its tables have grown: everything happens in one transaction,
#: which nothing else sees into, and without that look it would go on reading whole tables as if they were empty.
_LOOKS = frozenset({100, 400, 1200, 3000})


def play(cases: Iterable[Case], now: datetime, progress: Progress) -> int:
    """Do every deed of every case, in order of time, so that numbers and history ascend as they would have.

    The caller's transaction holds it all: a company is there with its whole past, or not at all. Nothing is enqueued if
    the caller says so (`quietly`). Returns how many incidents were made.
    """
    told = list(cases)
    stage = _Stage(told)
    total = sum(len(case.deeds) for case in told)
    streams = ([(deed.at, index, place) for place, deed in enumerate(case.deeds)] for index, case in enumerate(told))
    for done, (at, index, place) in enumerate(merge(*streams)):
        stage.come_due(at)
        stage.act(index, told[index].deeds[place])
        if done % 50 == 0:
            progress(done, total)
        if done in _LOOKS:
            sql.execute("ANALYZE")
    stage.come_due(now)
    sql.execute("ANALYZE")
    return len(stage.numbers)


class _Stage:
    """What is known while the plan is played: numbers of incidents, who took over from whom, what has come due."""

    def __init__(self, told: Sequence[Case]) -> None:
        self.numbers: dict[int, str] = {}
        self._titles = [case.title for case in told]
        self._by_title: dict[str, str] = {}
        self._actors: dict[str, Actor] = {}
        #: Case → (who was planned, whom the rules chose instead).
        self._instead: dict[int, tuple[str, str]] = {}
        #: Everything that was due by this moment has come due, unless the record touched since has brought more.
        self._seen = min((case.deeds[0].at for case in told), default=datetime.now(UTC)) - timedelta(days=1)
        self._touched = ""

    def act(self, index: int, deed: Deed) -> None:
        """Do one deed of one case."""
        planned, chosen = self._instead.get(index, ("", ""))
        who = chosen if planned and deed.who == planned else deed.who
        match deed.verb:
            case "report":
                self._report(index, deed)
            case "give":
                self._give(index, deed)
            case "log":
                worklog.record(
                    self._actor(who), _log(deed.data, self.numbers[index]), now=deed.at, source=_source(deed)
                )
            case "rate":
                communications.rate(self._actor(who), self.numbers[index], deed.data, now=deed.at)
            case verb:
                run(f"incidents.{verb}", self._actor(who), self.numbers[index], self._data(deed), now=deed.at)
        self._touched = self.numbers[index]

    def come_due(self, until: datetime) -> None:
        """Let the alarms ring and the promises run out that were due by then, each at its own moment."""
        while moments := sql.row(_NEXT, {"seen": self._seen, "until": until, "record": self._touched}):
            alarm, look = moments
            if alarm and (not look or alarm <= look):
                if not sweep_alarms(alarm):
                    break
            elif look:
                clocks.sweep(look, since=look)
            else:
                break
        self._seen = until

    def _report(self, index: int, deed: Deed) -> None:
        opened = report(self._actor(deed.who), parse(Report, deed.data), now=deed.at)
        self.numbers[index] = self._by_title[self._titles[index]] = opened.number

    def _give(self, index: int, deed: Deed) -> None:
        """The rules choose, as they stand; whoever they choose does what was planned for somebody else. Where none
        holds, a person does what `data` says."""
        row = incidents.ticket(HOUSE, self.numbers[index])
        decision = workforce.give_out(row, deed.at)
        if decision is None or decision.rule is None:
            run("incidents.assign", self._actor(deed.who), self.numbers[index], deed.data, now=deed.at)
            return
        person, planned = decision.person_email, deed.data.get("assignee", "")
        incidents.place(
            self.numbers[index],
            team=decision.team_code,
            assignee=person,
            why=decision.said(),
            by=_RULE,
            now=deed.at,
        )
        if person and planned and person != planned:
            self._instead[index] = (planned, person)

    def _data(self, deed: Deed) -> dict[str, object]:
        return {**deed.data, "to": self._by_title[deed.other]} if deed.other else deed.data

    def _actor(self, email: str) -> Actor:
        if not email:
            return HOUSE
        known = self._actors.get(email)
        if known is None:
            known = actor_for_person(Person.objects.values_list("pk", flat=True).get(email=email))
            assert known is not None
            self._actors[email] = known
        return known


def _log(data: dict[str, Any], number: str) -> dict[str, Any]:
    return {**{key: value for key, value in data.items() if key != "source"}, "record": number}


def _source(deed: Deed) -> str:
    return str(deed.data.get("source", "manual"))


#: When the next alarm and the next look at a clock are due. Every row that changes leaves its former self in the index
#: until this transaction ends, so the past is not read again: only what lies between what was seen and now, and
#: whatever the last deed brought forward for its own record, even into the past.
_NEXT = """
SELECT
  least(
    (SELECT min(d.alarm_due_at) FROM incidents_incident d JOIN records_record r ON r.id = d.record_id
     WHERE d.alarm_due_at > %(seen)s AND d.alarm_due_at <= %(until)s AND _UNTAKEN),
    (SELECT min(d.alarm_due_at) FROM incidents_incident d JOIN records_record r ON r.id = d.record_id
     WHERE r.number = %(record)s AND d.alarm_due_at <= %(until)s AND _UNTAKEN)),
  least(
    (SELECT min(c.next_look_at) FROM clocks_clock c WHERE c.next_look_at > %(seen)s AND c.next_look_at <= %(until)s),
    (SELECT min(c.next_look_at) FROM clocks_clock c JOIN records_record r ON r.id = c.record_id
     WHERE r.number = %(record)s AND c.next_look_at <= %(until)s))
""".replace("_UNTAKEN", "r.assignee_id IS NULL AND r.state IN ('new', 'assigned', 'in_progress')")
