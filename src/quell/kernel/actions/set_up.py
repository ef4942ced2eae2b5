"""The first set-up in five steps: how far each is, kept on the server so that it can be left and taken up again
(ux.md 2.23). A step is open, done or skipped; what is skipped stays on the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import PEOPLE_MANAGE, SETTINGS_MANAGE
from quell.kernel.config import sql
from quell.kernel.config.refusal import Forbidden

ORGANISATION, MAIL, TEAMS, SERVICES, TRY = STEPS = ("organisation", "mail", "teams", "services", "try")
OPEN, DONE, SKIPPED = "", "done", "skipped"
LABELS: dict[str, Promise] = {
    ORGANISATION: gettext_lazy("Organisation"),
    MAIL: gettext_lazy("Sign-in and mail"),
    TEAMS: gettext_lazy("Teams and hours"),
    SERVICES: gettext_lazy("Services"),
    TRY: gettext_lazy("Try it"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its place from 1, what it is called, its state, and what it keeps."""

    code: str
    number: int
    state: str
    facts: dict[str, Any]

    @property
    def label(self) -> str:
        """What it is called, in the language in use."""
        return str(LABELS[self.code])

    @property
    def url(self) -> str:
        """Where it is done."""
        return f"/admin/set-up/{self.code}"


@dataclass(frozen=True, slots=True)
class Progress:
    """All five steps."""

    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(step.state == DONE for step in self.steps)

    @property
    def complete(self) -> bool:
        """Is nothing left?"""
        return self.done == len(self.steps)

    @property
    def next(self) -> Step:
        """Where to go on: the first that nobody has answered, else the first that was skipped, else the last."""
        for state in (OPEN, SKIPPED):
            for step in self.steps:
                if step.state == state:
                    return step
        return self.steps[-1]

    def step(self, code: str) -> Step:
        """One of them."""
        return self.steps[STEPS.index(code)]


def guides(actor: Actor) -> bool:
    """May this person set the instance up: look after people and settings, everywhere?"""
    return actor.scope(PEOPLE_MANAGE).everywhere and actor.scope(SETTINGS_MANAGE).everywhere


def must_guide(actor: Actor) -> None:
    """Raises Forbidden for everybody else."""
    if not guides(actor):
        raise Forbidden(_("Only an administrator of the whole instance sets it up."))


def progress() -> Progress:
    """How far it is, in one statement."""
    known = {step: (state, facts) for step, state, facts in sql.rows("SELECT step, state, facts FROM config_setupstep")}
    nothing: tuple[str, dict[str, Any]] = (OPEN, {})
    return Progress(tuple(Step(code, at, *known.get(code, nothing)) for at, code in enumerate(STEPS, 1)))


_KEEP = """
INSERT INTO config_setupstep (step, state, facts, changed_by_id, changed_at)
VALUES (%(step)s, coalesce(%(state)s, ''), %(facts)s::jsonb, %(person)s, %(now)s)
ON CONFLICT (step) DO UPDATE SET state = coalesce(%(state)s, config_setupstep.state),
  facts = config_setupstep.facts || EXCLUDED.facts, changed_by_id = EXCLUDED.changed_by_id,
  changed_at = EXCLUDED.changed_at
"""


def keep(actor: Actor, step: str, state: str | None = None, **facts: Any) -> None:
    """Keep a step's state (None: as it is) and facts, over those known. Raises Forbidden."""
    must_guide(actor)
    values = {
        "step": step,
        "state": state,
        "facts": orjson.dumps(facts).decode(),
        "person": actor.person_id,
        "now": datetime.now(UTC),
    }
    sql.execute(_KEEP, values)
