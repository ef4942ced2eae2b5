"""Registered options: every setting has a type, a default, a help text and one place of registration.

There is no second default at the place of use: `OPTION.get()` is all a caller writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .models import OptionValue
from .refusal import Invalid

T = TypeVar("T", bool, int, str)
_registry: dict[str, Option] = {}  # type: ignore[type-arg]


@dataclass(frozen=True)
class Option(Generic[T]):
    """One setting. `minimum` and `maximum` bound whole numbers, both inclusive; `check` looks at a value of the right
    kind and returns what is wrong with it as a sentence, or nothing. `choices` are (value, words) for a text that has
    to be one of them."""

    key: str
    default: T
    label: str | Promise
    help: str | Promise
    minimum: int | None = None
    maximum: int | None = None
    check: Callable[[T], str] | None = None
    choices: Sequence[tuple[str, str | Promise]] = ()

    def get(self, organisation_id: int | None = None) -> T:
        """The value in force: the organisation's own, else the instance's, else the default."""
        places = Q(organisation_id=None) | Q(organisation_id=organisation_id)
        rows: dict[int | None, T] = dict(
            OptionValue.objects.filter(places, key=self.key).values_list("organisation_id", "value")
        )
        return rows[organisation_id] if organisation_id in rows else rows.get(None, self.default)

    def put(self, value: T, *, organisation_id: int | None = None, changed_by_id: int | None = None) -> None:
        """Store a value after checking type and bounds; raises Invalid."""
        if type(value) is not type(self.default):
            raise Invalid.field(self.key, self._kind_wanted())
        if isinstance(value, int) and not isinstance(value, bool):
            low, high = self.minimum, self.maximum
            if (low is not None and value < low) or (high is not None and value > high):
                bounds = {"low": low, "high": high}
                raise Invalid.field(self.key, _("This must be a number from %(low)s to %(high)s.") % bounds)
        if self.choices and value not in (codes := [code for code, _words in self.choices]):
            raise Invalid.field(self.key, _("Choose one of: %(choices)s.") % {"choices": ", ".join(codes)})
        if self.check is not None and (fault := self.check(value)):
            raise Invalid.field(self.key, fault)
        OptionValue.objects.update_or_create(
            key=self.key,
            organisation_id=organisation_id,
            defaults={"value": value, "changed_by_id": changed_by_id},
        )

    def _kind_wanted(self) -> str:
        if isinstance(self.default, bool):
            return _("This must be true or false.")
        return _("This must be a whole number.") if isinstance(self.default, int) else _("This must be text.")


def register(option: Option[T]) -> Option[T]:
    """Add an option to the house's list; a key may be registered once."""
    if option.key in _registry:
        raise ValueError(f"option {option.key} is registered twice")
    _registry[option.key] = option
    return option


def all_options() -> list[Option]:  # type: ignore[type-arg]
    """Every registered option, by key."""
    return [_registry[key] for key in sorted(_registry)]
