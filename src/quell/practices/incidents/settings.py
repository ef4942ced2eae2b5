"""Settings of incident management, each with its default and what it does."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quell.kernel.config.options import Option, register

from .rules.handover import TRANSFER_REASONS as SHIPPED_REASONS

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
BACK_DATED_DAYS = register(
    Option(
        "incidents.back_dated_days",
        2,
        _("A contact may be written down later by (days)"),
        _("Agents may say that a contact was made so many days ago; further back, a desk lead."),
        minimum=0,
        maximum=365,
    )
)
TRANSFER_LIMIT = register(
    Option(
        "incidents.transfer_limit",
        3,
        _("Hand-overs between teams before the lead decides"),
        _("After this many changes of team, the next one is for the lead to say. 0: never."),
        minimum=0,
        maximum=100,
    )
)
TRANSFER_REASONS = register(
    Option(
        "incidents.transfer_reasons",
        ", ".join(SHIPPED_REASONS),
        _("Reasons for handing over"),
        _("Codes separated by commas. Those shipped have words in every language; others are shown as written."),
    )
)
OWNER_RESOLVES = register(
    Option(
        "incidents.owner_resolves",
        False,
        _("Only the owner resolves and closes"),
        _("Whoever took the first contact sees it through: others ask the owner or a lead to resolve."),
    )
)
UNASSIGNED_MINUTES_P1 = register(
    Option(
        "incidents.unassigned_minutes_p1",
        10,
        _("Alarm for unassigned priority 1 (minutes)"),
        _("When nobody has taken an incident of priority 1 for so long, the leads are told; after twice that, all."),
        minimum=1,
        maximum=10_080,
    )
)
UNASSIGNED_MINUTES = register(
    Option(
        "incidents.unassigned_minutes",
        30,
        _("Alarm for unassigned incidents (minutes)"),
        _("When nobody has taken an incident for so long, the leads are told; after twice that, all who lead."),
        minimum=1,
        maximum=10_080,
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
RESOLVE_CHILDREN_FIRST = register(
    Option(
        "incidents.resolve_children_first",
        False,
        _("A parent waits for its children"),
        _("A parent incident can be resolved only together with its open children, or after them."),
    )
)
