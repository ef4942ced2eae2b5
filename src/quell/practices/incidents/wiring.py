"""Everything incident management registers with the house, in one screen."""

from __future__ import annotations

from quell.kernel.actions import undoing
from quell.kernel.records import labels, query_words
from quell.practices.clocks import facade as clocks

from . import actions, settings  # noqa: F401 - importing registers the verbs and the settings
from .actions.inverse import inverse
from .actions.kind import KIND
from .queries import lists
from .queries.facts import Below, facts
from .queries.shipped import category_name
from .rules.query_fields import COLUMNS, FIELDS

labels.register("category", "incidents_category", key="path", said=category_name)
query_words.register("incident", query_words.Dialect(FIELDS, COLUMNS, lists))
undoing.register("incident", inverse)
clocks.register_facts(KIND.code, facts)
clocks.register_meaning("category", Below)
