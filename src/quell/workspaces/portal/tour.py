"""What requesters are shown at their first sign-in: five notes on the portal's start page (ux.md 2.23)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quell.kernel.ui.tours import Mark

REQUESTER = (
    Mark(
        _("Ask in your own words"),
        _("What is known already stands here as you type: outages, services, and what you have reported before."),
        (".hero-search",),
    ),
    Mark(
        _("Report what is broken"),
        _("One sentence is enough. You need not know which team it belongs to."),
        (".door[href$='/report']",),
    ),
    Mark(
        _("Where your requests stand"),
        _("Each shows who has it and what happens next. Where it is your turn, it says so."),
        ("[aria-labelledby=open-requests]",),
    ),
    Mark(
        _("Is it only you?"),
        _("What works and what is disturbed just now. “Me too” on an outage keeps you told, without a report."),
        ("[aria-labelledby=lights]", ".portal-head nav a[href$='/health']", ".mobilebar a[href$='/health']"),
    ),
    Mark(
        _("Your own way"),
        _("Language, light or dark, and what you are told by mail. “Show me round” brings these notes back."),
        ("[popovertarget=me]",),
    ),
)
