"""What an administrator does about failed background jobs: try again, or discard with a reason.

Jobs carry ids of records of every organisation, so only who looks after jobs of the whole instance may.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import JOBS_MANAGE
from quell.kernel.config.refusal import Forbidden, Invalid
from quell.kernel.jobs import dead_letters
from quell.kernel.journal.write import write

SUBJECT = "job"
MOST = 1000
LONGEST_REASON = 500


def may_look_after_jobs(actor: Actor) -> bool:
    """Does the actor look after the jobs of the whole instance?"""
    return actor.scope(JOBS_MANAGE).everywhere


def retry_jobs(actor: Actor, ids: Sequence[int]) -> int:
    """Queue failed jobs again; returns how many were. Others are left as they are. Raises Forbidden, Invalid."""
    wanted = _checked(actor, ids)
    with transaction.atomic():
        taken = dead_letters.put_back(wanted)
        _note(actor, "retry", taken, "")
    return len(taken)


def discard_jobs(actor: Actor, ids: Sequence[int], reason: str) -> int:
    """Remove failed jobs for good, with the reason kept in the history; returns how many. Raises Forbidden,
    Invalid."""
    wanted = _checked(actor, ids)
    words = reason.replace("\x00", "").strip()
    if not words:
        raise Invalid.field("reason", _("Say why these are discarded."))
    if len(words) > LONGEST_REASON:
        raise Invalid.field("reason", _("At most %(count)d characters.") % {"count": LONGEST_REASON})
    with transaction.atomic():
        taken = dead_letters.throw_away(wanted)
        _note(actor, "discard", taken, words)
    return len(taken)


def _checked(actor: Actor, ids: Sequence[int]) -> list[int]:
    if not may_look_after_jobs(actor):
        raise Forbidden(_("Your role does not include background jobs."))
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise Invalid.field("jobs", _("Tick at least one job."))
    if len(wanted) > MOST:
        raise Invalid.field("jobs", _("At most %(count)d at once.") % {"count": MOST})
    return wanted


def _note(actor: Actor, verb: str, taken: Iterable[dead_letters.Taken], reason: str) -> None:
    for job in taken:
        said = {"task": job.task, "arguments": job.arguments, **({"reason": reason} if reason else {})}
        write(verb, actor, datetime.now(UTC), subject=SUBJECT, subject_id=job.id, data=said)
