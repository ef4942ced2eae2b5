"""Everything incident management registers with the house, in one screen."""

from __future__ import annotations

from quell.kernel.actions import undoing
from quell.kernel.records import labels, query_words

from . import actions, settings  # noqa: F401 - importing registers the verbs and the settings
from .actions.inverse import inverse
from .queries import lists
from .queries.shipped import category_name
from .rules.query_fields import COLUMNS, FIELDS

labels.register("category", "incidents_category", key="path", said=category_name)
query_words.register("incident", query_words.Dialect(FIELDS, COLUMNS, lists))
undoing.register("incident", inverse)
