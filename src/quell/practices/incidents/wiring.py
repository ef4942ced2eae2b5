"""Everything incident management registers with the house, in one screen."""

from __future__ import annotations

from collections.abc import Iterable

from quell.kernel.records import labels

from . import actions, settings  # noqa: F401 - importing registers the verbs and the settings
from .models import Category


def _categories(ids: Iterable[int]) -> dict[int, str]:
    return dict(Category.objects.filter(pk__in=ids).values_list("pk", "name"))


labels.register("category", _categories)
