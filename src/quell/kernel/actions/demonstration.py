"""The demonstration company as pages of administration know it: whether it is here, how much it is, and letting it go.

What the demonstration is, only the project knows; it registers it here when the house is put together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import PEOPLE_MANAGE
from quell.kernel.config import sql
from quell.kernel.config.refusal import Conflict, Forbidden, NotFound
from quell.kernel.jobs.app import enqueue

TASK = "demonstration.leave"


@dataclass(frozen=True, slots=True)
class Size:
    """What would go: people, and records of any kind."""

    people: int
    records: int


@dataclass(frozen=True, slots=True)
class Demonstration:
    """`word` confirms the removal when it is typed; `obstacle` says quickly why this actor cannot remove it ("" when
    they can); `check` looks at everything and raises the refusal that the removal would meet; `covers` says whether an
    organisation (id) is part of it."""

    word: str
    present: Callable[[], bool]
    size: Callable[[], Size]
    obstacle: Callable[[Actor], str]
    check: Callable[[Actor], None]
    covers: Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class Leaving:
    """How far a removal is: "" (none was asked for), "waiting", "running" or "failed", with the sentence why."""

    state: str
    sentence: str


_known: list[Demonstration] = []


def register(demonstration: Demonstration) -> None:
    """Make the demonstration known."""
    _known[:] = [demonstration]


def demonstration() -> Demonstration | None:
    """The demonstration, while it is here."""
    return _known[0] if _known and _known[0].present() else None


_LATEST = """
SELECT j.status::text, coalesce(f.sentence, '') FROM procrastinate_jobs j LEFT JOIN jobs_failure f ON f.job_id = j.id
WHERE j.task_name = %s ORDER BY j.id DESC LIMIT 1
"""


def leaving() -> Leaving:
    """The latest removal that was asked for."""
    status, sentence = sql.row(_LATEST, [TASK]) or ("", "")
    return Leaving({"todo": "waiting", "doing": "running", "failed": "failed"}.get(status, ""), sentence)


def let_go(actor: Actor, typed: str) -> None:
    """Take the demonstration out, in the background. Raises Forbidden, Conflict (what stands in the way, or it is
    under way already), or NotFound when there is none."""
    if not actor.scope(PEOPLE_MANAGE).everywhere:
        raise Forbidden(_("Only an administrator of the whole instance takes the demonstration out."))
    known = demonstration()
    if known is None:
        raise NotFound(_("There is no demonstration here."))
    if typed.strip().lower() != known.word:
        raise Conflict(_("Type “%(word)s” to confirm.") % {"word": known.word})
    if leaving().state in ("waiting", "running"):
        raise Conflict(_("The demonstration is being taken out already."))
    known.check(actor)
    enqueue(TASK, person_id=actor.person_id)
