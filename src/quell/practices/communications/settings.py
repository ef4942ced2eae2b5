"""Settings of communications, each with its default and what it does."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quell.kernel.config.options import Option, register

PUBLIC_HEALTH = register(
    Option(
        "communications.public_health",
        False,
        _("Show service health before sign-in"),
        _("The sign-in page names the services and says which of them are disturbed. People locked out need it."),
    )
)
