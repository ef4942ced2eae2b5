"""Settings of incident management, each with its default and what it does."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quell.kernel.config.options import Option, register

REOPEN_WINDOW_DAYS = register(
    Option(
        "incidents.reopen_window_days",
        14,
        _("Reopening is possible for (days)"),
        _("After an incident is resolved, it can be reopened for this many days."),
        minimum=0,
        maximum=365,
    )
)
CLOSE_AFTER_WORKING_DAYS = register(
    Option(
        "incidents.close_after_working_days",
        5,
        _("Close after silence (working days)"),
        _("A resolved incident that nobody objects to is closed after this many working days."),
        minimum=1,
        maximum=90,
    )
)
FOLLOW_UP_DAYS = register(
    Option(
        "incidents.follow_up_days",
        3,
        _("Follow up what is on hold after (days)"),
        _("When no time is given, an incident on hold comes back to its assignee after this many days."),
        minimum=1,
        maximum=90,
    )
)
RESOLVE_NEEDS_CATEGORY = register(
    Option(
        "incidents.resolve_needs_category",
        False,
        _("Resolving needs a category"),
        _("An incident can be resolved only when it has a category."),
    )
)
RESOLVE_NEEDS_SERVICE = register(
    Option(
        "incidents.resolve_needs_service",
        False,
        _("Resolving needs a service"),
        _("An incident can be resolved only when its service is known."),
    )
)
RESOLVE_NEEDS_ITEM = register(
    Option(
        "incidents.resolve_needs_item",
        False,
        _("Resolving needs an item for impact 1 and 2"),
        _("An incident of great impact can be resolved only when the item at fault is named."),
    )
)
