"""Turning what a requester sends into actions, whole or not at all: a report or a message, each with its files."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.actions.once import fingerprint, once
from quell.kernel.files.sniff import safe_name
from quell.kernel.files.store import keep
from quell.practices.incidents import facade as incidents
from quell.practices.intake import facade as intake

from .forms import MessageForm, ReportForm


def send_report(actor: Actor, form: ReportForm, person_id: int) -> str:
    """Open the incident with its files; returns its number. Raises a Refusal and then nothing is made."""
    given, uploads = form.cleaned_data, form.uploads()
    impact, urgency = incidents.impact_and_urgency(given["affected"], given["severity"])
    data = {
        "title": given["title"],
        "description": given["detail"].strip(),
        "more": _facts(given["place"], given["phone"]),
        "impact": impact,
        "urgency": urgency,
    }
    if given.get("service"):
        data["service"] = given["service"]
    answers = form.answers()

    def work() -> str:
        number = intake.report(actor, {**data, "answers": answers}, channel="portal")
        _hang(actor, number, uploads)
        return number

    return once(person_id, given["token"], fingerprint(*data.values(), answers, *_marks(uploads)), work)


def send_message(actor: Actor, number: str, form: MessageForm, person_id: int) -> None:
    """A public message with its files; raises a Refusal and then nothing is written."""
    body, uploads = form.cleaned_data["body"].strip(), form.cleaned_data["files"]

    def work() -> str:
        attached = _hang(actor, number, uploads)
        if body:
            incidents.act(actor, "comment", number, {"body": body, "visibility": "public", "attachments": attached})
        return number

    once(person_id, form.cleaned_data["token"], fingerprint(number, body, *_marks(uploads)), work)


def _hang(actor: Actor, number: str, uploads: Iterable[UploadedFile]) -> list[int]:
    return [incidents.attach(actor, number, keep(one).sha256, safe_name(one.name or "")) for one in uploads]


def _marks(uploads: Iterable[UploadedFile]) -> list[str]:
    return [f"{one.name} {one.size}" for one in uploads]


def _facts(place: str, phone: str) -> str:
    """What else was filled in, a line each."""
    facts = []
    if place.strip():
        facts.append(_("Where: %(place)s") % {"place": place.strip()})
    if phone.strip():
        facts.append(_("Phone: %(phone)s") % {"phone": phone.strip()})
    return "\n".join(facts)
