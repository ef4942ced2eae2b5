"""Settings of the clocks, each with its default and what it does."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quell.kernel.config.options import Option, register

ONE_WORD_EXCLUDES = register(
    Option(
        "clocks.one_word_excludes",
        False,
        _("One person's word leaves a broken promise out of the figures"),
        _(
            "Otherwise one person proposes it with a reason and another one decides. Where nobody else may decide, one "
            "word is enough in any case, and the history and the list say so."
        ),
    )
)
