"""What the sign-in page says of the services: people who are locked out are the ones who need it (ux.md 2.1)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from quell.kernel.ui.sign_in import beside
from quell.practices.communications import facade as communications

from .notices import light

#: Where no organisation lets the page name its services, it says as much as everybody may know.
SUMMARIES = {
    "works": gettext_lazy("We know of nothing that is disturbed."),
    "maintenance": gettext_lazy("Maintenance is under way."),
    "degraded": gettext_lazy("Something is disturbed. We know of it and work on it."),
    "down": gettext_lazy("Something does not work. We know of it and work on it."),
}


@beside
def public_health() -> dict[str, Any]:
    """`lights` for the page, as far as organisations allow it; else `status`, how all of it is in one sentence."""
    found = [light(one) for one in communications.public_health()]
    if found:
        return {"lights": found}
    summary = communications.public_summary()
    if not summary:
        return {"lights": []}
    return {"lights": [], "status": {"health": summary, "words": SUMMARIES[summary]}}
