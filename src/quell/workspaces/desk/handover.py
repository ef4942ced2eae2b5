"""The hand-over that waits for an answer, as the ticket shows it: who hands what to whom and why, and what the reader
may do about it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.practices.incidents import facade

from . import wording


def shown(actor: Actor, row: dict[str, Any], base: str, carried: str) -> dict[str, Any] | None:
    """What stands above the conversation while an answer is awaited, or the lead is to say where it belongs; None
    when neither is so."""
    if row["routing_dispute"]:
        leads = actor.can("records.lead", row["organisation_id"], row["team_id"])
        decides = _("Handed over too often: you say where it goes.")
        waits = _("Handed over too often: the lead says where it goes.")
        return {
            "kind": "warn",
            "sign": "arrows-exchange",
            "text": decides if leads else waits,
            "decide": f"{base}/do/transfer{carried}" if leads else "",
        }
    found = facade.handover(actor, row)
    return _waiting(found, base, carried, row["owner_name"] or "") if found is not None else None


def _waiting(found: dict[str, Any], base: str, carried: str, owner: str) -> dict[str, Any]:
    words = {
        "who": found["by_name"] or "Quell",
        "to": found["to_person_name"] or found["to_team_name"],
    }
    reason = " · ".join(filter(None, [transfer_reason(found["reason_code"]), found["reason"]]))
    if not found["mine"]:
        sentence = _("Handed to %(to)s by %(who)s; waiting for an answer.")
        return {"kind": "", "sign": "transfer", "text": sentence % words, "reason": reason}
    words["to"] = "" if found["to_person_id"] else found["to_team_name"] or ""
    sentence = _("%(who)s hands this to %(to)s.") if words["to"] else _("%(who)s hands this to you.")
    return {
        "kind": "",
        "sign": "transfer",
        "text": sentence % words,
        "reason": reason,
        "accept": f"{base}/do/accept{carried}",
        "give_back": f"{base}/do/return{carried}",
        "owner": owner,
    }


def transfer_reason(code: str) -> str:
    """The words of a reason's code; a code of the installation's own is shown as written."""
    return str(wording.TRANSFER_REASONS.get(code, code.replace("_", " ").capitalize())) if code else ""
