"""What the colleagues of the demonstration say about the help they got: some of them, in their own words.

Nobody is asked more often than every fourteen days (domain.md 4.20), most who are asked say nothing, and whoever had to
come back twice is not as kind as whoever was helped in an hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from . import office
from .colleagues import SITES, Colleague
from .scenes import phrase

#: Between two opinions of one person.
PAUSE = timedelta(days=14)
#: Share of those asked who answer: who said thank you anyway, and who was silent.
ANSWERS_THANKED, ANSWERS_SILENT = 0.62, 0.26
#: Stars 5 to 1 and how often: when all went well, when it took long, when it came back.
WELL, LONG, AGAIN = (60, 27, 9, 3, 1), (34, 30, 20, 11, 5), (12, 24, 30, 22, 12)
TOOK_LONG = timedelta(days=2)
#: Share of ratings with words: praise is short, whoever was let down explains.
WORDS = {5: 0.4, 4: 0.35, 3: 0.7, 2: 0.85, 1: 0.9}


@dataclass(frozen=True, slots=True)
class Opinion:
    """Stars 1 to 5 at a moment, with words or without."""

    at: datetime
    stars: int
    comment: str


class Opinions:
    """Who was heard when."""

    def __init__(self) -> None:
        self._heard: dict[str, list[datetime]] = {}

    def of(
        self, random: Random, person: Colleague, done: datetime, *, took: timedelta, thanked: bool, again: bool
    ) -> Opinion | None:
        """What this person says about help that was done then, after so long; None when they say nothing."""
        if random.random() >= (ANSWERS_THANKED if thanked else ANSWERS_SILENT):
            return None
        later = timedelta(minutes=2) if thanked else timedelta(hours=random.uniform(0.5, 40))
        at = office.next_open(done + later, SITES[person.site][0])
        heard = self._heard.setdefault(person.email, [])
        if any(abs(at - before) < PAUSE for before in heard):
            return None
        heard.append(at)
        stars = random.choices((5, 4, 3, 2, 1), AGAIN if again else LONG if took > TOOK_LONG else WELL)[0]
        worded = random.random() < WORDS[stars]
        return Opinion(at, stars, phrase(f"stars{stars}", person.language, random) if worded else "")
