"""Names that come with Quell, such as those of roles and categories: kept as data in English, and shown in the language
of the reader for as long as nobody has given them another name. A name that an administrator wrote stays as written.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import pgettext


def pgettext_noop(context: str, message: str) -> str:
    """The message itself, put before translators; `spoken` says it in a language, in the same context."""
    return message


def spoken(context: str, shipped: Mapping[str, str], key: str, name: str) -> str:
    """What a thing is called for the reader. `shipped` has the name each key came with; `name` is the one it has."""
    return pgettext(context, name) if name and shipped.get(key) == name else name
