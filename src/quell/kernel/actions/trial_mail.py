"""A mail to try the mail server with: asked for on a page, sent by the worker as every mail is, and told in a sentence.

It is tried once and never again by itself: somebody is looking at the page, and wants to know now.
"""

from __future__ import annotations

import secrets
import smtplib
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql
from quell.kernel.config.refusal import Conflict, Invalid
from quell.kernel.jobs.app import enqueue

from . import set_up

TASK = "actions.try_mail"
#: Longer than any server that works takes, short enough to wait for.
PATIENCE_SECONDS = 10
#: After so long without a worker, the page stops asking and says so.
WAIT_SECONDS = 20
LONGEST_ANSWER = 300
WAITING, SENT, FAILED, LOST = "waiting", "sent", "failed", "lost"


@dataclass(frozen=True, slots=True)
class Trial:
    """The latest trial. `seconds` is what the mail server took; `fault` a code of `_fault`, `answer` what the server
    said to it."""

    state: str
    to: str
    at: datetime
    seconds: float = 0.0
    fault: str = ""
    answer: str = ""

    @property
    def sentence(self) -> str:
        """What came of it, and what to do."""
        if self.state == FAILED:
            return _words(self.fault, self.to)
        if self.state == LOST:
            return _("No background worker has taken the mail. Is “quell up” or “quell work” running?")
        if self.state == SENT:
            seconds = f"{max(self.seconds, 0.1):.1f}"
            return _("The mail server took it after %(seconds)s s. Look into the inbox of %(to)s.") % {
                "seconds": seconds,
                "to": self.to,
            }
        return _("On its way to %(to)s…") % {"to": self.to}


def sink() -> bool:
    """Is there no mail server, so that mails only appear in the program's own output?"""
    return not settings.EMAIL_HOST


def latest(kept: set_up.Step, now: datetime | None = None) -> Trial | None:
    """The trial that the step of the set-up keeps."""
    told: dict[str, Any] | None = kept.facts.get("trial")
    if not told:
        return None
    at = datetime.fromisoformat(told["at"])
    state = told["state"]
    if state == WAITING and ((now or datetime.now(UTC)) - at).total_seconds() > WAIT_SECONDS:
        state = LOST
    return Trial(state, told["to"], at, told.get("seconds", 0.0), told.get("fault", ""), told.get("answer", ""))


def ask(actor: Actor, to: str, *, field: str = "to") -> None:
    """Queue a mail to this address. Raises Forbidden, Invalid on `field` (no address), Conflict (no mail server)."""
    set_up.must_guide(actor)
    to = to.strip()
    try:
        validate_email(to)
    except ValidationError:
        raise Invalid.field(field, _("This is not an e-mail address.")) from None
    if sink():
        raise Conflict(_("There is no mail server yet. Name one, start Quell again, then try it."))
    name = secrets.token_hex(8)
    with transaction.atomic():
        now = datetime.now(UTC).isoformat()
        set_up.keep(actor, set_up.MAIL, trial={"name": name, "to": to, "at": now, "state": WAITING})
        enqueue(TASK, queue="mail", name=name, to=to, language=translation.get_language() or "")


_TELL = """
UPDATE config_setupstep SET facts = jsonb_set(facts, '{trial}', facts->'trial' || %(told)s::jsonb)
WHERE step = %(step)s AND facts->'trial'->>'name' = %(name)s
"""


def attempt(name: str, to: str, language: str) -> None:
    """Send it now and keep what came of it, unless a newer trial was asked for meanwhile."""
    began = datetime.now(UTC)
    told: dict[str, Any] = {"state": SENT}
    with translation.override(language or settings.LANGUAGE_CODE):
        message = EmailMessage(
            subject=_("Quell can send mail"),
            body=_("Somebody who sets Quell up asked for this mail. It arrived, so mail works."),
            to=[to],
            headers={"Auto-Submitted": "auto-generated"},
            connection=get_connection(timeout=PATIENCE_SECONDS),
        )
        try:
            message.send()
        except (OSError, smtplib.SMTPException, ValueError) as fault:
            code, answer = _fault(fault)
            told = {"state": FAILED, "fault": code, "answer": answer}
    told["seconds"] = round((datetime.now(UTC) - began).total_seconds(), 2)
    sql.execute(_TELL, {"step": set_up.MAIL, "name": name, "told": orjson.dumps(told).decode()})


def _fault(fault: Exception) -> tuple[str, str]:
    """A code for what went wrong, and the server's own words where there are any."""
    kinds: tuple[tuple[str, type[Exception] | tuple[type[Exception], ...]], ...] = (
        ("password", smtplib.SMTPAuthenticationError),
        ("sender", smtplib.SMTPSenderRefused),
        ("recipient", smtplib.SMTPRecipientsRefused),
        ("encryption", (smtplib.SMTPNotSupportedError, ssl.SSLError)),
        ("name", (socket.gaierror, UnicodeError)),
        ("refused", ConnectionRefusedError),
        ("silent", TimeoutError),
    )
    code = next((code for code, kind in kinds if isinstance(fault, kind)), "other")
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        said = "; ".join(_text(answer) for _code, answer in fault.recipients.values())
    elif isinstance(fault, smtplib.SMTPResponseException):
        said = f"{fault.smtp_code} {_text(fault.smtp_error)}"
    else:
        said = "" if code in ("name", "refused", "silent") else str(fault)
    return code, "".join(sign if sign.isprintable() else " " for sign in said)[:LONGEST_ANSWER].strip()


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _words(fault: str, to: str) -> str:
    where = {"host": settings.EMAIL_HOST, "port": settings.EMAIL_PORT, "seconds": PATIENCE_SECONDS, "to": to}
    words = {
        "password": _(
            "The mail server refused the name or the password. Check QUELL_SMTP_USER and QUELL_SMTP_PASSWORD."
        ),
        "sender": _("The mail server takes no mail from %(sender)s. Check QUELL_MAIL_FROM.")
        % {"sender": settings.DEFAULT_FROM_EMAIL},
        "recipient": _("The mail server refused the address %(to)s.") % where,
        "encryption": _("The mail server and Quell could not agree on encryption. Check QUELL_SMTP_TLS and the port."),
        "name": _("Nobody knows the name %(host)s. Check QUELL_SMTP_HOST.") % where,
        "refused": _("Nothing answers at %(host)s, port %(port)s. Check QUELL_SMTP_HOST and QUELL_SMTP_PORT.") % where,
        "silent": _(
            "%(host)s, port %(port)s, did not answer within %(seconds)s seconds. A firewall may stand in between."
        )
        % where,
    }
    return words.get(fault) or _("The mail server ended it before the mail was taken.")
