"""Settings: what is in force and where it comes from, and changing it, with rights checked and history written.

A setting may be set for the whole instance and, over that, for single organisations; what an organisation has not
set itself follows the instance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.config import sql
from quell.kernel.config.models import OptionValue
from quell.kernel.config.options import Option, all_options
from quell.kernel.config.refusal import FieldError, Invalid
from quell.kernel.journal.write import write

from .directory import places

SUBJECT = "option"
Source = Literal["organisation", "instance", "default"]


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as it stands for an organisation (or the instance): `value` is in force, `own` says that it was set
    right here, `above` is what would hold otherwise, `source` says where the value in force was set."""

    option: Option[Any]
    value: Any
    own: bool
    above: Any
    changed_by: str
    changed_at: datetime | None
    source: Source = "default"

    @property
    def room(self) -> str:
        """The room it belongs to: the first part of its key."""
        return self.option.key.partition(".")[0]


_VALUES = """
SELECT v.key, v.organisation_id IS NOT NULL, v.value, coalesce(p.name, ''), v.changed_at
FROM config_optionvalue v LEFT JOIN people_person p ON p.id = v.changed_by_id
WHERE v.organisation_id IS NULL OR v.organisation_id = %s
"""


def overview(organisation_id: int | None) -> list[Setting]:
    """Every setting as it stands for an organisation (None: the instance), by key."""
    kept = {(key, bool(own)): rest for key, own, *rest in sql.rows(_VALUES, [organisation_id])}
    found = []
    for option in all_options():
        instance = kept.get((option.key, False))
        here = kept.get((option.key, True)) if organisation_id is not None else instance
        above = instance[0] if organisation_id is not None and instance is not None else option.default
        value, who, when = here or (above, "", None)
        above_it: Source = "default" if instance is None else "instance"
        source: Source = "organisation" if here is not None and organisation_id is not None else above_it
        found.append(Setting(option, value, here is not None, above, who, when, source))
    return found


@dataclass(frozen=True, slots=True)
class LastChange:
    """The latest line of history about one setting, a reset too: who, when, from what to what."""

    by: str
    at: datetime
    before: Any
    after: Any


_LAST = """
SELECT DISTINCT ON (c.key) c.key, coalesce(p.name, ''), e.at, c.value->0, c.value->1
FROM journal_entry e CROSS JOIN LATERAL jsonb_each(e.changes) c LEFT JOIN people_person p ON p.id = e.actor_id
WHERE e.subject = 'option' AND e.subject_id = %s ORDER BY c.key, e.id DESC
"""


def last_changes(organisation_id: int | None) -> dict[str, LastChange]:
    """By key, how each setting of an organisation (None: the instance) was changed last; from the journal."""
    return {key: LastChange(*rest) for key, *rest in sql.rows(_LAST, [organisation_id or 0])}


_DIFFERING = """
SELECT v.key, o.code, o.name FROM config_optionvalue v JOIN people_organisation o ON o.id = v.organisation_id
ORDER BY v.key, o.name, o.id
"""


def differing() -> dict[str, list[tuple[str, str]]]:
    """By key, the organisations (code, name) that have a value of their own over the instance's."""
    found: dict[str, list[tuple[str, str]]] = {}
    for key, code, name in sql.rows(_DIFFERING, []):
        found.setdefault(key, []).append((code, name))
    return found


def matching(settings: list[Setting], text: str) -> list[Setting]:
    """Those in whose label, help or key every word typed occurs, regardless of case."""
    words = text.casefold().split()
    return [
        one
        for one in settings
        if all(word in f"{one.option.label} {one.option.help} {one.option.key}".casefold() for word in words)
    ]


def put_options(actor: Actor, values: Mapping[str, Any], organisation_id: int | None) -> int:
    """Set settings of an organisation (None: the instance); None as a value goes back to what holds above. Returns
    how many changed. All of them or none: raises Forbidden, or Invalid naming each setting at fault."""
    places.must_manage(actor, SETTINGS_MANAGE, organisation_id)
    known = {option.key: option for option in all_options()}
    faults = [FieldError(key, _("There is no such setting.")) for key in values if key not in known]
    changes: dict[str, list[Any]] = {}
    with transaction.atomic():
        now = {setting.option.key: setting for setting in overview(organisation_id)}
        for key, value in values.items():
            if key not in known:
                continue
            setting = now[key]
            if value is None and setting.own:
                OptionValue.objects.filter(key=key, organisation_id=organisation_id).delete()
                changes[key] = [setting.value, setting.above]
            elif value is not None and (value != setting.value or type(value) is not type(setting.value)):
                faults += _put(known[key], value, organisation_id, actor)
                changes[key] = [setting.value, value]
        if faults:
            raise Invalid(faults[0].message, errors=faults)
        if changes:
            write(
                "edit", actor, datetime.now(UTC), subject=SUBJECT, subject_id=organisation_id or 0,
                organisation_id=organisation_id, changes=changes,
            )  # fmt: skip
    return len(changes)


def _put(option: Option[Any], value: Any, organisation_id: int | None, actor: Actor) -> list[FieldError]:
    """Store one value; what is wrong with it, in words."""
    try:
        option.put(value, organisation_id=organisation_id, changed_by_id=actor.person_id)
    except Invalid as no:
        if (option.check is not None or option.choices) and type(value) is type(option.default):
            sentence = no.sentence
        elif option.minimum is not None and type(value) is int:
            sentence = _("A whole number from %(low)s to %(high)s.") % {"low": option.minimum, "high": option.maximum}
        else:
            sentence = _("This kind of value does not fit this setting.")
        return [FieldError(option.key, sentence)]
    return []
