"""The cast, and a category about printers that asks two things."""

from __future__ import annotations

import pytest

from quell.kernel.testing.cast import Cast, cast
from quell.practices.incidents.models import Category
from quell.practices.intake import facade

WHICH = {"question": "Which printer?", "required": True, "translations": {"da": {"question": "Hvilken printer?"}}}
PAPER = {
    "question": "What happens?", "kind": "choice", "choices": ["Nothing", "Paper jam"],
    "translations": {"da": {"question": "Hvad sker der?", "choices": ["Ingenting", "Papirstop"]}},
}  # fmt: skip
COLLEAGUES = {"question": "Does it print for colleagues?", "kind": "yes_no"}


@pytest.fixture
def people(db: None) -> Cast:
    """Everybody, in their places."""
    return cast()


@pytest.fixture
def printers(people: Cast) -> int:
    """The id of the category."""
    category = Category.objects.create(organisation=people.gungun, code="printers", path="printers", name="Printers")
    asked = {"words": ["print", "paper jam", "打印机"], "questions": [WHICH, PAPER, COLLEAGUES]}
    facade.ask(people.actor("ann"), category.pk, asked)
    return category.pk
