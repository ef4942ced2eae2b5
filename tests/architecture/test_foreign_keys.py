"""What imports cannot show: foreign keys follow storeys, tiers and layers, and leave no trace across rooms.

Django lets a model point at another by a string, so a wrong arrow between tables never shows as an import.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models

from .tree import height, layers

Place = tuple[str, str]
"""Storey and room: `("practices", "incidents")`."""

SPINES = {("kernel", "records"): "records.Record", ("kernel", "items"): "items.Item"}
"""The two nouns everything is about: any room of the kernel may point at them (docs/why/decisions/0002-two-spines.md),
the journal below them too. The key carries "+", so that the spine grows no words of the room."""


def place(model: type[models.Model]) -> Place | None:
    """Where a model lives; None when it is not Quell's (Django's sessions, the job library's tables)."""
    package, *rest = model.__module__.split(".")
    return (rest[0], rest[1]) if package == "quell" else None


def wrong_arrow(source: Place, target: Place, related_name: str | None, *, at_spine: bool = False) -> str:
    """What is wrong with a foreign key from one place to another; an empty string when nothing is.

    `related_name` is as declared; `at_spine` says that the table pointed at is one of the two spines. Within a
    room anything goes; a practice's keys to other rooms carry "+", so that the lower room's tables do not grow
    words of the upper one.
    """
    if source == target or (at_spine and source[0] == "kernel" and related_name == "+"):
        return ""
    if source[0] != target[0]:
        if height("storeys", target[0]) >= height("storeys", source[0]):
            return f"{'.'.join(source)} points up at {'.'.join(target)}: turn the key round, or link the two records"
    elif source[0] in {"workspaces", "journeys"}:
        return f"{'.'.join(source)} points sideways at {'.'.join(target)}"
    else:
        contract = {"practices": "tiers", "kernel": "kernel"}[source[0]]
        if height(contract, target[1]) >= height(contract, source[1]):
            return f"{'.'.join(source)} points up or sideways at {'.'.join(target)}: link the two records instead"
    if source[0] == "practices" and related_name != "+":
        return (
            f'{".".join(source)} leaves {related_name or "a reverse accessor"} on {".".join(target)}: related_name="+"'
        )
    return ""


def arrows() -> list[tuple[str, Place, Place, str | None, bool]]:
    """Every foreign key among Quell's own tables: name, from where, to where, related name, whether at a spine."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        home = place(model)
        if home is None:
            continue
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            if isinstance(field, (models.ForeignKey, models.ManyToManyField)):
                target = place(field.related_model)
                if target is not None:
                    name = f"{model._meta.label}.{field.name}"
                    at_spine = SPINES.get(target) == field.related_model._meta.label
                    found.append((name, home, target, field.remote_field.related_name, at_spine))
    return found


def test_foreign_keys_follow_the_house() -> None:
    """No key points up or sideways, none from a practice leaves a reverse accessor in another room."""
    faults = [
        f"{name}: {fault}"
        for name, source, target, related_name, at_spine in arrows()
        if (fault := wrong_arrow(source, target, related_name, at_spine=at_spine))
    ]
    assert faults == [], "\n".join(faults)


def test_there_are_keys_to_judge() -> None:
    """The test above would pass on an empty house too."""
    assert len(arrows()) > 20


def test_no_generic_foreign_keys() -> None:
    """Everything points at a spine with a real key; a generic one is a promise the database cannot keep."""
    generic = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if place(model)
        for field in model._meta.private_fields
        if isinstance(field, GenericForeignKey)
    ]
    assert generic == []


@pytest.mark.parametrize(
    ("source", "target", "related_name", "word"),
    [
        (("kernel", "records"), ("practices", "incidents"), "+", "up"),
        (("practices", "incidents"), ("workspaces", "desk"), "+", "up"),
        (("practices", "services"), ("practices", "incidents"), "+", "up"),
        (("kernel", "people"), ("kernel", "records"), "+", "up"),
        (("kernel", "journal"), ("kernel", "jobs"), "+", "sideways"),
        (("workspaces", "desk"), ("workspaces", "portal"), "+", "sideways"),
        (("practices", "incidents"), ("kernel", "records"), None, "reverse accessor"),
        (("practices", "incidents"), ("practices", "services"), "incidents", "leaves incidents"),
    ],
)
def test_a_wrong_arrow_is_caught(source: Place, target: Place, related_name: str | None, word: str) -> None:
    """Up, sideways, and a trace left in another room."""
    assert word in wrong_arrow(source, target, related_name)


@pytest.mark.parametrize(
    ("source", "target", "related_name"),
    [
        (("practices", "incidents"), ("practices", "incidents"), "children"),
        (("practices", "incidents"), ("practices", "services"), "+"),
        (("practices", "incidents"), ("kernel", "records"), "+"),
        (("kernel", "records"), ("kernel", "people"), "anything"),
    ],
)
def test_a_right_arrow_passes(source: Place, target: Place, related_name: str | None) -> None:
    """Within the room, and down."""
    assert wrong_arrow(source, target, related_name) == ""


def test_the_kernel_may_point_at_a_spine() -> None:
    """The journal lies below records and still points at the record it tells of, without leaving it a word."""
    journal, records = ("kernel", "journal"), ("kernel", "records")
    assert wrong_arrow(journal, records, "+", at_spine=True) == ""
    assert wrong_arrow(journal, records, "entries", at_spine=True)
    assert wrong_arrow(journal, records, "+")


def test_a_room_without_a_place_is_told() -> None:
    """Tables in a room that the contracts do not place cannot be judged, and that is an error."""
    assert "incidents" not in layers("kernel")
    with pytest.raises(LookupError, match="no place"):
        height("kernel", "incidents")
