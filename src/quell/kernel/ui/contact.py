"""How people reach the desk when the page does not help: shown at sign-in, on the portal and beside refusals."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from quell.kernel.config.options import Option, register

DESK_PHONE = register(
    Option(
        "desk.phone",
        "",
        str(_("Phone number of the service desk")),
        str(_("Shown at sign-in and on the portal. Leave it empty when there is none.")),
    )
)
DESK_HOURS = register(
    Option(
        "desk.hours",
        "",
        str(_("Hours of the service desk")),
        str(_("Shown beside the phone number, as people say it: Mon–Fri 07–19.")),
    )
)


@dataclass(frozen=True, slots=True)
class Contact:
    """The desk's phone number and hours; both may be empty."""

    phone: str
    hours: str

    @property
    def dial(self) -> str:
        """The number as a `tel:` address wants it: digits, and a plus at the front."""
        digits = "".join(c for c in self.phone if c.isascii() and c.isdigit())
        return f"+{digits}" if self.phone.strip().startswith("+") else digits


def contact(organisation_id: int | None = None) -> Contact:
    """What is set for the organisation, else for the instance."""
    phone = DESK_PHONE.get(organisation_id).strip()
    return Contact(phone, DESK_HOURS.get(organisation_id).strip() if phone else "")
