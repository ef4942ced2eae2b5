"""What the composer under a conversation shows: drafts, files, recipients, what waits to go out, who else writes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import RECORDS_LEAD
from quell.practices.incidents import facade

from . import sending
from .composing import shown

Row = dict[str, Any]
FINISHED = ("closed", "cancelled")


def context(
    actor: Actor, row: Row, around: Row, known: dict[str, facade.Verb], base: str, carried: str, newest: int
) -> Row:
    """The composer of one incident; `newest` is the last line of history that stands on the page."""
    drafts, files = around["drafts"], [shown(file) for file in around["enclosures"]]
    public, internal = drafts.get("public", {}), drafts.get("internal", {})
    begun = bool(public) or any(file["mode"] == "public" for file in files)
    return {
        "composer": {
            "action": f"{base}/say{carried}",
            "base": base,
            "draft_url": f"{base}/draft",
            "recipients": _recipients(row, around),
            "everybody": [row["requester_name"], *(one["name"] for one in around["watchers"])],
            "first_name": row["requester_name"].split()[0] if row["requester_name"] else "",
            "may_reply": known["comment"].allowed and row["state"] not in FINISHED,
            "may_note": known["comment"].allowed and row["internal"],
            "mode": "internal" if row["state"] in FINISHED or (internal and not begun) else "public",
            "body": public.get("body", ""),
            "body_at": public.get("at", ""),
            "note": internal.get("body", ""),
            "note_at": internal.get("at", ""),
            "errors": "",
            "limit": settings.MAX_ATTACHMENT_BYTES,
            "hold": known["hold"].allowed,
            "resolve": known["resolve"].allowed,
            "files": files,
            "seen": newest,
            "mornings": sending.mornings(),
        },
        "outgoing": [_waiting(actor, row, one) for one in around["outgoing"]],
        "writing": _writing(around["writing"]),
    }


def _recipients(row: Row, around: Row) -> str:
    others = len(around["watchers"])
    if not others:
        return _("To %(name)s") % {"name": row["requester_name"]}
    words = ngettext("To %(name)s and %(count)d other", "To %(name)s and %(count)d others", others)
    return words % {"name": row["requester_name"], "count": others}


def _waiting(actor: Actor, row: Row, message: Row) -> Row:
    """A message on its way, with what this reader may do about it."""
    mine = message["author_id"] == actor.person_id
    leads = actor.scope(RECORDS_LEAD).covers(row["organisation_id"], row["team_id"])
    due_at = datetime.fromtimestamp(message["due"] / 1000, UTC)
    verbs = [step["verb"] for step in message["steps"] if step["verb"] != "comment"]
    return {
        **message,
        "due_at": due_at,
        "mine": mine,
        "may_undo": mine or leads,
        "then": _then(verbs),
        "again_in": max(2, round((due_at - datetime.now(UTC)).total_seconds()) + 3) if not message["scheduled"] else 0,
    }


def _then(verbs: list[str]) -> str:
    words = {"resolve": _("then it is resolved"), "hold": _("then it waits for the requester")}
    return ", ".join(words.get(verb, verb) for verb in verbs)


def _writing(others: list[Row]) -> str:
    """Who else has begun to write here, in words; "" when nobody has."""
    if not others:
        return ""
    names = ", ".join(dict.fromkeys(one["name"] for one in others))
    several = len({one["name"] for one in others})
    words = ngettext("%(names)s is writing a draft", "%(names)s are writing drafts", several)
    return words % {"names": names}
