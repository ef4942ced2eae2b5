"""How the desk of the demonstration handles one report: who takes it, what is said, how it ends.

Three people work through what comes in, in their own hours, one thing at a time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from . import office
from .colleagues import SITES, Colleague
from .company import ACCOUNTS
from .opinions import Opinions
from .scenes import Scene, phrase

#: Who takes the work of a team, and how much of it.
SHARES = {
    "service-desk": (("jonas.schmidt", 60), ("amira.khalil", 40)),
    "applications": (("jonas.schmidt", 55), ("amira.khalil", 45)),
    "network": (("wang.xiaoming", 100),),
}
_ACCOUNTS = {account.key: account for account in ACCOUNTS}
#: For how long the desk has had rules of assignment; before that everything was given out by hand.
RULES_SINCE = timedelta(days=30)
#: Share of work that is written down as time, and of those lines the share with a word about it.
WRITTEN_DOWN, WITH_WORDS = 0.72, 0.35
#: What a repair turns out to be, and how often.
WORK_TYPES = {"repair": 62, "analysis": 24, "travel": 9, "writing": 5}
#: Silence after a resolution until it counts as agreement: five working days, in days of the calendar.
SILENCE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Deed:
    """At a moment, somebody (by e-mail; "" is the house itself) does a verb. The first deed of a case is `report`.
    `other` is the title of the case a link leads to. Besides the verbs of incidents there are `give` (the rules of
    assignment have their try; `data` is what a person does where none holds), `log` (time worked) and `rate`."""

    at: datetime
    who: str
    verb: str
    data: dict[str, Any] = field(default_factory=dict)
    other: str = ""


@dataclass(slots=True)
class Case:
    """One incident: what is done about it, in order of time."""

    title: str
    deeds: list[Deed] = field(default_factory=list)

    def add(self, at: datetime, who: str, verb: str, **data: Any) -> None:
        """Write down the next deed."""
        self.deeds.append(Deed(at, who, verb, data))


class Desk:
    """The three people and when each is free again, the rules they have had since some day, and who has been asked
    for an opinion lately."""

    def __init__(self, rules_since: datetime) -> None:
        self.rules_since = rules_since
        self.opinions = Opinions()
        self._free: dict[str, datetime] = {}

    def take(
        self, who: str, at: datetime, minutes: float, *, urgent: bool = False, later: bool = False
    ) -> tuple[datetime, datetime]:
        """(begin, end) of so much work for somebody who hears of it at `at`. What is urgent goes first; what comes
        back `later`, after a wait, is fitted in and keeps nobody from what comes before it."""
        zone = _ACCOUNTS[who].timezone
        ready = at if urgent or later else max(at, self._free.get(who, at))
        begin = office.next_open(ready, zone)
        end = office.after(begin, minutes, zone)
        if not later:
            self._free[who] = max(self._free.get(who, end), end)
        return begin, end


class Telling:
    """One report and all that follows from it."""

    def __init__(self, random: Random, desk: Desk, scene: Scene, person: Colleague) -> None:
        self.random, self.desk, self.scene, self.person = random, desk, scene, person
        self.words = scene.words(person.language, random)
        self.agent, self.triage = self._pick(scene.team), self._pick("service-desk")
        self.urgency = min(4, max(1, scene.urgency + random.choices((-1, 0, 1), (8, 80, 12))[0]))
        self.impact = min(4, max(1, scene.impact + random.choices((-1, 0), (6, 94))[0]))
        self.urgent = self.impact + self.urgency <= 4
        self.case = Case(self.words.title)

    def told(self, at: datetime) -> Case:
        """The whole case of a report at this moment."""
        by_phone = self._reported(at)
        quick = self.scene.team == "service-desk" and self.scene.minutes <= 15
        if by_phone and quick and self.random.random() < 0.7:
            minutes = self.random.randint(4, 12)
            begin, end = self.desk.take(self.triage, at, minutes, urgent=True)
            self._logged(self.triage, begin, end, minutes, "talking", source="phone")
            self._resolved(end, self.triage)
            self.case.add(end + SILENCE, "", "close")
            self._rated(end, thanked=False)
            return self.case
        heard = at + timedelta(minutes=2)
        by_rule = self.scene.rule and at >= self.desk.rules_since and not by_phone
        if by_rule:
            heard = at + timedelta(seconds=20)
        elif not by_phone:
            seen = at + timedelta(minutes=self.random.randint(2, 25))
            heard, _end = self.desk.take(self.triage, seen, 2, urgent=self.urgent)
        if self.random.random() < 0.025:
            withdrawn = heard + timedelta(minutes=9)
            self.case.add(withdrawn, _email(self.triage), "cancel", reason=self._says("withdrawn"))
            return self.case
        self._ended(self._worked_on(self._given_by_rule(heard) if by_rule else self._handed_out(heard)))
        return self.case

    def _pick(self, team: str) -> str:
        keys, shares = zip(*SHARES[team], strict=True)
        return str(self.random.choices(keys, shares)[0])

    def _says(self, kind: str) -> str:
        return phrase(kind, self.person.language, self.random, self.person.call)

    def _reported(self, at: datetime) -> bool:
        """The report itself; True when it came by telephone."""
        scene = self.scene
        report: dict[str, Any] = {
            "title": self.words.title,
            "description": self.words.description,
            "impact": self.impact,
            "urgency": self.urgency,
            "category": scene.category,
            "affected_users": self.random.randint(*scene.affected),
        }
        if scene.service:
            report["service"] = scene.service
        channel = scene.channel or self.random.choices(("portal", "email", "phone"), (52, 20, 28))[0]
        # Nobody answers the telephone at night: then it is written.
        if channel == "phone" and office.next_open(at, _ACCOUNTS[self.triage].timezone) == at:
            self.case.add(at, _email(self.triage), "report", **report, requester=self.person.email, channel="phone")
            return True
        self.case.add(at, self.person.email, "report", **report, channel="email" if channel == "email" else "portal")
        return False

    def _handed_out(self, heard: datetime) -> datetime:
        """To whom it goes; one in five of what is not the desk's own goes through the desk's hands first."""
        triage, agent, team = _email(self.triage), _email(self.agent), self.scene.team
        if team == "service-desk" or self.random.random() >= 0.2:
            self.case.add(heard, triage, "assign", team=team, assignee=agent)
            return heard
        self.case.add(heard, triage, "assign", team="service-desk", assignee=triage)
        begin, end = self.desk.take(self.triage, heard, self.random.randint(8, 25), urgent=self.urgent)
        self.case.add(begin, triage, "start")
        self.case.add(end, triage, "transfer", team=team, assignee=agent, reason=phrase("handover", "en", self.random))
        return end

    def _given_by_rule(self, heard: datetime) -> datetime:
        """What a rule covers is with the right people before anybody has read it."""
        chosen = {"team": self.scene.team, "assignee": _email(self.agent)}
        self.case.add(heard, _email(self.triage), "give", **chosen)
        return heard

    def _worked_on(self, heard: datetime) -> datetime:
        """From the first look to the moment of the resolution, with what has to be waited for between."""
        agent, random = _email(self.agent), self.random
        minutes = max(4.0, random.lognormvariate(math.log(self.scene.minutes), 0.6))
        begin, half = self.desk.take(self.agent, heard + timedelta(minutes=1), minutes / 2, urgent=self.urgent)
        self.case.add(begin, agent, "start")
        answer = f"{self._says('take')} {self.words.answer}"
        self.case.add(begin + timedelta(seconds=50), agent, "comment", body=answer, visibility="public")
        if self.words.note and random.random() < 0.5:
            noted = begin + timedelta(seconds=80)
            self.case.add(noted, agent, "comment", body=self.words.note, visibility="internal")
        waited = False
        if self.scene.wait and random.random() < 0.6:
            half, waited = self._waited_for(half), True
        elif random.random() < 0.18:
            half, waited = self._asked(half), True
        again, end = self.desk.take(
            self.agent, half + timedelta(minutes=1), minutes / 2, urgent=self.urgent, later=waited
        )
        kind = random.choices(list(WORK_TYPES), list(WORK_TYPES.values()))[0]
        self._logged(self.agent, *((again, end, minutes / 2) if waited else (begin, end, minutes)), kind)
        return end

    def _logged(
        self, who: str, begin: datetime, end: datetime, minutes: float, kind: str, *, source: str = "manual"
    ) -> None:
        """Time is written down when the work is done: more often than not, and rounded as people round."""
        if self.random.random() >= WRITTEN_DOWN:
            return
        seconds = max(1, round(minutes / 5)) * 300 if minutes >= 10 else round(minutes) * 60
        told = source == "manual" and self.random.random() < WITH_WORDS
        words = phrase("worked", "en", self.random) if told else ""
        started = min(begin, end - timedelta(seconds=seconds))
        self.case.add(
            end, _email(who), "log", started_at=started, seconds=seconds, work_type=kind, note=words, source=source
        )

    def _rated(self, at: datetime, *, thanked: bool, again: bool = False) -> None:
        """What the requester says about the help, if they say anything."""
        took = at - self.case.deeds[0].at
        said = self.desk.opinions.of(self.random, self.person, at, took=took, thanked=thanked, again=again)
        if said is not None:
            self.case.add(said.at, self.person.email, "rate", stars=said.stars, comment=said.comment)

    def _waited_for(self, since: datetime) -> datetime:
        """On hold for a supplier, a part or a decision; work goes on the day it comes."""
        if self.scene.wait == "approval":
            return self._decided(since)
        days = self.random.randint(1, 4)
        resume_at = since + timedelta(days=days)
        self.case.add(since, _email(self.agent), "hold", hold_reason=self.scene.wait, resume_at=resume_at)
        back, _end = self.desk.take(self.agent, resume_at - timedelta(hours=2), 3, later=True)
        self.case.add(back, _email(self.agent), "resume")
        return back

    def _decided(self, since: datetime) -> datetime:
        """Whoever answers for the thing is asked; they decide in their own office's hours, most within the day."""
        follow_up = since + timedelta(days=3)
        self.case.add(since, _email(self.agent), "hold", hold_reason="approval", resume_at=follow_up)
        thinking = timedelta(hours=min(40.0, self.random.expovariate(1 / 7)))
        decided = min(office.next_open(since + thinking, SITES[self.person.site][0]), follow_up - timedelta(minutes=5))
        self.case.add(decided, _email(self.agent), "resume")
        return decided

    def _asked(self, since: datetime) -> datetime:
        """A question to the requester; the answer takes it off hold by itself."""
        agent, follow_up = _email(self.agent), since + timedelta(days=5)
        self.case.add(since, agent, "comment", body=self._says("ask"), visibility="public")
        asked = since + timedelta(seconds=20)
        self.case.add(asked, agent, "hold", hold_reason="requester", resume_at=follow_up)
        thinking = timedelta(hours=min(30.0, self.random.expovariate(1 / 6)))
        answered = office.next_open(asked + thinking, SITES[self.person.site][0])
        self.case.add(answered, self.person.email, "comment", body=self._says("back"), visibility="public")
        return answered

    def _resolved(self, at: datetime, agent: str) -> None:
        code = self.random.choices((self.scene.code, "user_instructed", "not_reproducible"), (88, 7, 5))[0]
        said = {"resolution_code": code, "resolution": self.words.done, "cause_code": self.scene.cause}
        self.case.add(at, _email(agent), "resolve", **said)

    def _ended(self, at: datetime) -> None:
        """Resolved; perhaps it comes back once; confirmed or left to silence; perhaps rated."""
        zone = SITES[self.person.site][0]
        self._resolved(at, self.agent)
        again = self.random.random() < 0.05
        if again:
            back = office.next_open(at + timedelta(hours=self.random.uniform(2, 30)), zone)
            self.case.add(back, self.person.email, "reopen", reason=self._says("again"))
            _begin, at = self.desk.take(self.agent, back, self.scene.minutes, urgent=True, later=True)
            self._resolved(at, self.agent)
        if self.random.random() >= 0.42:
            self.case.add(at + SILENCE, "", "close")
            self._rated(at, thanked=False, again=again)
            return
        thanked = office.next_open(at + timedelta(hours=self.random.expovariate(1 / 5)), zone)
        if self.random.random() < 0.35:
            self.case.add(thanked, self.person.email, "comment", body=self._says("thanks"), visibility="public")
        self.case.add(thanked + timedelta(seconds=40), self.person.email, "close")
        self._rated(thanked, thanked=True, again=again)


def _email(key: str) -> str:
    return _ACCOUNTS[key].email
