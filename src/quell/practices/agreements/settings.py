"""Settings of the agreements, each with its default and what it does."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quell.kernel.config.options import Option, register

REVIEW_LEAD_DAYS = register(
    Option(
        "agreements.review_lead_days",
        30,
        _("Prepare the review of an agreement (days before)"),
        _("So many days before its review date an agreement is under review, and its owner is told."),
        minimum=0,
        maximum=365,
    )
)
