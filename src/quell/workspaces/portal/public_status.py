"""What the sign-in page says of the services: people who are locked out are the ones who need it (ux.md 2.1)."""

from __future__ import annotations

from typing import Any

from quell.kernel.ui.sign_in import beside
from quell.practices.communications import facade as communications

from .notices import light


@beside
def public_health() -> dict[str, Any]:
    """`lights` for the page, as far as organisations allow it."""
    return {"lights": [light(one) for one in communications.public_health()]}
