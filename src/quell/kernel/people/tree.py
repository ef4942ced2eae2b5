"""The tree of organisations: placing one, and everything below one."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext as _

from quell.kernel.config.refusal import Invalid

from .models import Organisation


def create_organisation(code: str, name: str, parent: Organisation | None = None) -> Organisation:
    """A new organisation in its place in the tree."""
    with transaction.atomic():
        organisation = Organisation.objects.create(code=code, name=name, parent=parent)
        organisation.path = [*(parent.path if parent else []), organisation.pk]
        organisation.save(update_fields=["path"])
    return organisation


def move_organisation(organisation: Organisation, parent: Organisation | None) -> None:
    """Hang an organisation, with all below it, under another parent (none: at the root).

    Raises Invalid when the parent lies below the organisation itself.
    """
    if parent is not None and organisation.pk in parent.path:
        raise Invalid.field("parent", _("An organisation cannot be placed below itself."))
    before = len(organisation.path) - 1
    head = list(parent.path) if parent else []
    with transaction.atomic(), connection.cursor() as cursor:
        organisation.parent = parent
        organisation.save(update_fields=["parent"])
        cursor.execute(
            "UPDATE people_organisation SET path = %s::bigint[] || path[%s:] WHERE path @> ARRAY[%s::bigint]",
            [head, before + 1, organisation.pk],
        )
    organisation.refresh_from_db()
