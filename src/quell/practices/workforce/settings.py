"""Settings of the workforce, each with its default and what it does."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quell.kernel.config.options import Option, register

CAPACITY = register(
    Option(
        "workforce.capacity",
        20,
        _("How much a person can hold"),
        _(
            "Rules of assignment give nobody more than this. Open work counts 4 for priority 1, 3 for 2, 2 for 3 and 1 "
            "for the rest; what waits for others counts half. A person's own capacity goes before it."
        ),
        minimum=1,
        maximum=500,
    )
)
STICKY_DAYS = register(
    Option(
        "workforce.sticky_days",
        30,
        _("The same person again within (days)"),
        _("The policy “same person again” looks this far back for who last handled the caller."),
        minimum=1,
        maximum=365,
    )
)
