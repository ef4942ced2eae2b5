"""Settings of the service desk, each with its default and what it does."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quell.kernel.config.options import Option, register

MEMBERS_KEEP_VIEWS = register(
    Option(
        "servicedesk.members_keep_views",
        False,
        _("Members may change their team's views"),
        _("Besides the leads of a team, all its members may make, change and put away the views of the team."),
    )
)
