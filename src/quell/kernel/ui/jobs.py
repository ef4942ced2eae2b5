"""Mails of the sign-in pages. Sent by a job, so that asking takes as long for a stranger as for a colleague."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from quell.kernel.jobs.app import PATIENT, app
from quell.kernel.people.reset import entitled, keys
from quell.kernel.people.speaking import speaking_to


@app.task(name="ui.send_password_link", retry=PATIENT, queue="mail")
def send_password_link(email: str) -> None:
    """Mail a link for a new password, if the address is somebody's. Twice is harmless: each link works until one is
    used. Raises on a mail server's failure, so that the job is tried again."""
    person = entitled(email)
    if person is None:
        return
    who, token = keys(person)
    with speaking_to(person):
        address = settings.PUBLIC_URL.rstrip("/") + reverse("ui:new_password", args=[who, token])
        minutes = settings.PASSWORD_RESET_TIMEOUT // 60
        asked = _("Somebody asked for a new password for your account. Set it here, within %(minutes)d minutes:")
        paragraphs = [
            _("Hello %(name)s,") % {"name": person.name},
            asked % {"minutes": minutes},
            address,
            _("If it was not you, leave this mail alone: your password stays as it is."),
        ]
        EmailMessage(
            subject=_("Set a new password"),
            body="\n\n".join(paragraphs),
            to=[person.email],
            headers={"Auto-Submitted": "auto-generated"},
        ).send()


@app.task(name="ui.send_invitation", retry=PATIENT, queue="mail")
def send_invitation(email: str) -> None:
    """Mail somebody new a link to choose their first password. Twice is harmless. Raises on a mail server's failure, so
    that the job is tried again."""
    person = entitled(email)
    if person is None:
        return
    who, token = keys(person)
    with speaking_to(person):
        home = settings.PUBLIC_URL.rstrip("/")
        minutes = settings.PASSWORD_RESET_TIMEOUT // 60
        chosen = _("You have an account now. Choose your password here, within %(minutes)d minutes:")
        later = _("Later, “Forgot password” at %(address)s sends you another link.")
        paragraphs = [
            _("Hello %(name)s,") % {"name": person.name},
            chosen % {"minutes": minutes},
            home + reverse("ui:new_password", args=[who, token]),
            later % {"address": home + reverse("ui:forgot")},
        ]
        EmailMessage(
            subject=_("Your account"),
            body="\n\n".join(paragraphs),
            to=[person.email],
            headers={"Auto-Submitted": "auto-generated"},
        ).send()
