"""What the desk brings into the palette: records, people, and everything that can be done here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from django.http import HttpRequest
from django.utils.translation import gettext as _

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Refusal
from quell.kernel.records import find as finding
from quell.kernel.ui import palette
from quell.kernel.ui.palette import DO, HELP, OPEN, PEOPLE, Entry, Wish
from quell.practices.incidents import facade

from . import forms, panes, wording

#: Single letters that do the same as the command, as on the ticket's page.
KEYS = {"assign": "a", "take": "i", "resolve": "e"}
#: Verbs that ask nothing.
AT_ONCE = ("start", "resume", "close")
_HERE = re.compile(r"^/incidents/([A-Z]+-\d+)$")


def offered(request: HttpRequest, actor: Actor, wanted: Wish) -> Iterator[Entry]:
    """Everything of the desk that fits."""
    if not actor.is_agent:
        return
    if wanted.kind in ("", OPEN) and wanted.text:
        yield from _records(actor, wanted)
    if wanted.kind in ("", PEOPLE) and wanted.text:
        yield from _people(actor, wanted)
    if wanted.kind in ("", DO):
        yield from palette.best(wanted.text, _on_this_record(actor, wanted))
        yield from _always(wanted)
    if wanted.kind in ("", HELP):
        yield from palette.best(wanted.text, _help()) if wanted.text or wanted.kind else ()


def _records(actor: Actor, wanted: Wish) -> Iterator[Entry]:
    for hit in finding.find(actor, wanted.text, limit=wanted.limit):
        url = panes.link_to(hit.number)
        if url:
            yield Entry(OPEN, hit.title, url, detail=hit.number, priority=hit.priority)


def _people(actor: Actor, wanted: Wish) -> Iterator[Entry]:
    for one in directory.suggest(actor, wanted.text, limit=wanted.limit):
        detail = " · ".join(part for part in (one["organisation"], one["phone"]) if part)
        yield Entry(PEOPLE, one["name"], f"/incidents/?requester={quote(one['email'])}", "user", detail)


def _on_this_record(actor: Actor, wanted: Wish) -> Iterator[Entry]:
    """The verbs of the record whose page this is, those that may be done now."""
    here = _HERE.match(urlsplit(wanted.page).path)
    if here is None:
        return
    try:
        row = facade.ticket(actor, here[1])
    except Refusal:
        return
    if not row["internal"]:
        return
    known = {verb.verb: verb for verb in facade.verbs_on(actor, row)}
    base = f"/incidents/{row['number']}/do"
    if known["assign"].allowed and row["assignee_id"] != actor.person_id:
        yield Entry(DO, _("Assign to me"), f"{base}/take", "user-check", row["number"], KEYS["take"], post=True)
    for code, verb in known.items():
        asks = code in forms.VERBS
        if not verb.allowed or not (asks or code in AT_ONCE):
            continue
        label, sign = str(wording.VERBS.get(code, code)), wording.VERB_ICONS.get(code, "point")
        opens = "verb" if asks else ""
        yield Entry(DO, label, f"{base}/{code}", sign, row["number"], KEYS.get(code, ""), not asks, opens)


def _always(wanted: Wish) -> Iterator[Entry]:
    log = Entry(DO, _("Log a call"), "/incidents/new", "phone", key="c", also="new incident contact")
    yield from palette.best(wanted.text, [log])
    if wanted.text and not wanted.kind:
        label = _("New incident “%(text)s”") % {"text": wanted.text}
        yield Entry(DO, label, f"/incidents/new?title={quote(wanted.text)}", "plus")


def _help() -> list[Entry]:
    return [Entry(HELP, _("Keyboard shortcuts"), "", "keyboard", key="?", opens="shortcuts")]
