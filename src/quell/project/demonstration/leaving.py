"""Taking the demonstration out again: the company, the log beside it, their people and all their work.

Everything that belongs to the demonstration's organisations goes, and whatever hangs on what goes, found through the
foreign keys themselves, so that a table somebody adds tomorrow is emptied too. Two things are left on purpose:

- Work of other organisations stops the removal if it leans on the demonstration (a team, a service, a requester):
  somebody decides about it first.
- People of the demonstration who stand in somebody else's history (Noor, who made your company) stay as names in it:
  without roles, unable to sign in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.actions.demonstration import Size
from quell.kernel.config.models import OptionValue
from quell.kernel.config.refusal import Conflict, Forbidden
from quell.kernel.files.models import Blob
from quell.kernel.people.models import Organisation, Person, RoleGrant
from quell.kernel.records.models import Record

from .accounts import FILE
from .company import CODE, LOG_CODE

_PEOPLE, _ORGANISATIONS = Person._meta.db_table, Organisation._meta.db_table
Model = type[models.Model]


@dataclass(frozen=True, slots=True)
class Left:
    """What a removal took out, and the people who stay as names in other history."""

    incidents: int
    people: int
    rows: int
    names_kept: tuple[str, ...]


def present() -> bool:
    """Is the demonstration here?"""
    return Organisation.objects.filter(code__in=[CODE, LOG_CODE]).exists()


def leave(actor: Actor, state: Path) -> Left:
    """Take the demonstration out, in one transaction. Raises Forbidden (only who manages everything may), and
    Conflict when somebody else's work leans on it or nobody could sign in afterwards."""
    if not actor.is_house and not actor.scope("people.manage").everywhere:
        raise Forbidden(_("Only an administrator of the whole instance takes the demonstration out."))
    with transaction.atomic(), connection.cursor() as cursor:
        going = _Going(cursor)
        if not actor.is_house:
            _somebody_stays(going, actor)
        going.spread()
        _nothing_leans_on_it(going)
        kept = going.names_kept()
        left = Left(going.count(Record._meta.db_table), going.count(_PEOPLE) - len(kept), going.total(), kept)
        cursor.execute("SET LOCAL quell.demonstration_leaves = 'on'")
        going.delete()
        cursor.execute("SET LOCAL quell.demonstration_leaves = 'off'")
        orphans = _unused_files()
    for blob in orphans:
        default_storage.delete(blob.storage_name)
    (state / FILE).unlink(missing_ok=True)
    return left


def size() -> Size:
    """How much of it is here."""
    roots = list(Organisation.objects.filter(code__in=[CODE, LOG_CODE]).values_list("pk", flat=True))
    inside = Organisation.objects.filter(path__overlap=roots)
    return Size(
        Person.objects.filter(organisation__in=inside).count(), Record.objects.filter(organisation__in=inside).count()
    )


def covers(organisation_id: int) -> bool:
    """Is this organisation one of the demonstration's, or below one?"""
    roots = list(Organisation.objects.filter(code__in=[CODE, LOG_CODE]).values_list("pk", flat=True))
    return Organisation.objects.filter(pk=organisation_id, path__overlap=roots).exists()


def obstacle(actor: Actor) -> str:
    """What keeps this actor from removing it, as far as can be said at once; "" when nothing does."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _somebody_stays(_Going(cursor), actor)
            transaction.set_rollback(True)
    except Conflict as no:
        return no.sentence
    return ""


def check(actor: Actor) -> None:
    """Raise the refusal that `leave` would raise; everything stays."""
    with transaction.atomic(), connection.cursor() as cursor:
        going = _Going(cursor)
        _somebody_stays(going, actor)
        going.spread()
        _nothing_leans_on_it(going)
        transaction.set_rollback(True)


def _somebody_stays(going: _Going, actor: Actor) -> None:
    others = RoleGrant.objects.filter(
        organisation=None, role__capabilities__contains=["people.manage"], person__is_active=True
    ).exclude(person__organisation_id__in=going.organisations)
    if not others.exists():
        raise Conflict(_("First give somebody of your own the role of administrator; nobody could sign in afterwards."))
    if actor.organisation_id in going.organisations:
        raise Conflict(_("You are signed in as somebody of the demonstration. Sign in as yourself first."))


def _nothing_leans_on_it(going: _Going) -> None:
    """No record of another organisation may go with it."""
    going.cursor.execute(
        "SELECT r.number FROM records_record r JOIN leaving l ON l.place = 'records_record' AND l.id = r.id::text "
        "WHERE r.organisation_id <> ALL(%s) ORDER BY r.id LIMIT 5",
        [sorted(going.organisations)],
    )
    found = [number for (number,) in going.cursor.fetchall()]
    if found:
        raise Conflict(
            _("These belong to somebody else and lean on the demonstration: %(numbers)s. Move them first.")
            % {"numbers": ", ".join(found)}
        )


def _unused_files() -> list[Blob]:
    """Stored files that nothing names any more; their rows go now, the bytes after the commit."""
    named = [
        relation.related_model._default_manager.values(relation.field.attname)
        for relation in Blob._meta.related_objects
        if isinstance(relation.related_model, type)
    ]
    unused = Blob.objects.all()
    for rows in named:
        unused = unused.exclude(pk__in=rows)
    blobs = list(unused)
    Blob.objects.filter(pk__in=[blob.pk for blob in blobs]).delete()
    return blobs


class _Going:
    """The rows that go, by table, in a table of the transaction's own."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor
        cursor.execute("CREATE TEMP TABLE leaving (place text, id text, PRIMARY KEY (place, id)) ON COMMIT DROP")
        roots = list(Organisation.objects.filter(code__in=[CODE, LOG_CODE]).values_list("pk", flat=True))
        self.organisations = set(Organisation.objects.filter(path__overlap=roots).values_list("pk", flat=True))
        #: Nobody but the demonstration was ever here: then nobody's history needs its names.
        self.alone = not Organisation.objects.exclude(pk__in=self.organisations).exists()
        self._add(_ORGANISATIONS, "SELECT id::text FROM people_organisation WHERE id = ANY(%s)", self._ids())
        self._add(_PEOPLE, "SELECT id::text FROM people_person WHERE organisation_id = ANY(%s)", self._ids())

    def _ids(self) -> list[Any]:
        return [sorted(self.organisations)]

    def _add(self, place: str, query: str, parameters: list[Any]) -> int:
        self.cursor.execute(
            f"INSERT INTO leaving SELECT '{place}', found.id FROM ({query}) AS found(id) ON CONFLICT DO NOTHING",  # noqa: S608
            parameters,
        )
        return int(self.cursor.rowcount)

    def spread(self) -> None:
        """Whatever hangs on what goes, goes: until nothing is added any more."""
        keys = [(model, field) for model, field in _keys() if _takes_along(field, alone=self.alone)]
        while sum(self._hanging(model, field) for model, field in keys):
            pass

    def _hanging(self, model: Model, field: models.ForeignKey[Any, Any]) -> int:
        table, target = model._meta.db_table, field.related_model._meta.db_table
        key = model._meta.pk.column if model._meta.pk else "id"
        return self._add(
            table,
            f'SELECT "{key}"::text FROM "{table}" WHERE "{field.column}"::text IN '  # noqa: S608
            "(SELECT id FROM leaving WHERE place = %s)",
            [target],
        )

    def count(self, place: str) -> int:
        """How many rows of a table go."""
        self.cursor.execute("SELECT count(*) FROM leaving WHERE place = %s", [place])
        return int(self.cursor.fetchone()[0])

    def total(self) -> int:
        """How many rows go."""
        self.cursor.execute("SELECT count(*) FROM leaving")
        return int(self.cursor.fetchone()[0])

    def names_kept(self) -> tuple[str, ...]:
        """People whom rows that stay still name: they stay too, as names, and belong to whoever named them."""
        for model, field in _keys():
            if field.related_model is not Person or _takes_along(field, alone=self.alone) or _lets_go(field):
                continue
            table = model._meta.db_table
            key = model._meta.pk.column if model._meta.pk else "id"
            self.cursor.execute(
                f'DELETE FROM leaving WHERE place = %s AND id IN (SELECT "{field.column}"::text FROM "{table}" row '  # noqa: S608
                f'WHERE NOT EXISTS (SELECT FROM leaving l WHERE l.place = %s AND l.id = row."{key}"::text))',
                [_PEOPLE, table],
            )
        self.cursor.execute(
            "SELECT p.id, p.name FROM people_person p WHERE p.organisation_id = ANY(%s) AND NOT EXISTS "
            "(SELECT FROM leaving l WHERE l.place = 'people_person' AND l.id = p.id::text) ORDER BY p.id",
            self._ids(),
        )
        rows = self.cursor.fetchall()
        names = tuple(name for _key, name in rows)
        if names:
            home = Organisation.objects.exclude(pk__in=self.organisations).order_by("pk")[:1].get()
            staying = Person.objects.filter(pk__in=[key for key, _name in rows])
            staying.update(organisation=home, is_active=False, password=make_password(None), phone="", vip=False)
        return names

    def delete(self) -> None:
        """Let them go. Foreign keys are looked at when the transaction ends, so the order does not matter."""
        for model, field in _keys():
            if _lets_go(field):
                self.cursor.execute(
                    f'UPDATE "{model._meta.db_table}" SET "{field.column}" = NULL WHERE "{field.column}"::text IN '  # noqa: S608
                    "(SELECT id FROM leaving WHERE place = %s)",
                    [field.related_model._meta.db_table],
                )
        OptionValue.objects.filter(organisation_id__in=self.organisations).delete()
        self.cursor.execute("SELECT DISTINCT place FROM leaving")
        keys = {model._meta.db_table: model._meta.pk.column for model in apps.get_models() if model._meta.pk}
        for (place,) in self.cursor.fetchall():
            self.cursor.execute(
                f'DELETE FROM "{place}" WHERE "{keys[place]}"::text IN (SELECT id FROM leaving WHERE place = %s)',  # noqa: S608
                [place],
            )


def _keys() -> Iterator[tuple[Model, models.ForeignKey[Any, Any]]]:
    """Every foreign key of the house into a table of the house."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and model._meta.managed:
                yield model, field


def _lets_go(field: models.ForeignKey[Any, Any]) -> bool:
    return field.remote_field.on_delete is models.SET_NULL


def _takes_along(field: models.ForeignKey[Any, Any], *, alone: bool) -> bool:
    """Does the row go when what it points at goes? What people merely wrote or did elsewhere stays."""
    if _lets_go(field):
        return False
    return alone or field.related_model is not Person or field.remote_field.on_delete is models.CASCADE
