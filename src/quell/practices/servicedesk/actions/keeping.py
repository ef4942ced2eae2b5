"""What making, changing, putting away and taking back have in common for canned replies and macros."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from django.db.models import F
from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places, subjects
from quell.kernel.actions.registry import Inputs
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound, Stale, WrongState
from quell.kernel.people.models import Organisation, Team

from ..models import CannedReply, Macro
from ..permissions import can_keep
from ..queries import prepared
from ..rules import variables

P = TypeVar("P", CannedReply, Macro)
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"\S")]
Folder = Annotated[str, StringConstraints(max_length=60)]
Reach = Literal["personal", "team", "organisation"]
SUBJECTS: dict[type, str] = {CannedReply: "canned_reply", Macro: "macro"}


class Kept(Inputs):
    """For whom it is: `team` names the team, `organisation` the organisation that the reach asks for."""

    name: Name
    folder: Folder = ""
    reach: Reach = "personal"
    team: str | None = Field(None, max_length=60)
    organisation: str | None = Field(None, max_length=60)


class Changed(Inputs):
    """Only what is to change."""

    name: Name | None = None
    folder: Folder | None = None
    reach: Reach | None = None
    team: str | None = Field(None, max_length=60)
    organisation: str | None = Field(None, max_length=60)


def place(actor: Actor, reach: str, team: str | None, organisation: str | None) -> dict[str, Any]:
    """The columns of a reach; raises Invalid when its team or organisation is missing or not known here."""
    if reach == "team":
        if not team:
            raise Invalid.field("team", _("Say which team it is for."))
        return {"reach": reach, "team": places.team(actor, team, "team"), "organisation": None}
    if reach == "organisation":
        if organisation:
            found: Organisation = places.organisation(actor, organisation)
        elif actor.organisation_id is not None:
            found = Organisation.objects.get(pk=actor.organisation_id)
        else:
            raise Invalid.field("organisation", _("Say which organisation it is for."))
        return {"reach": reach, "team": None, "organisation": found}
    return {"reach": "personal", "team": None, "organisation": None}


def must_keep(actor: Actor, reach: str, person_id: int, team: Team | None, organisation: Organisation | None) -> None:
    """Refuse with the verdict's own sentence."""
    organisation_id = organisation.pk if organisation else None
    answer = can_keep(actor, reach, person_id=person_id, team=team, organisation_id=organisation_id)
    if not answer:
        raise Forbidden(answer.reason)


def create(model: type[P], actor: Actor, common: Kept, own: Mapping[str, Any]) -> P:
    """A new one, with its line of history. Raises Forbidden, Invalid."""
    where = place(actor, common.reach, common.team, common.organisation)
    if actor.person_id is None:
        raise Forbidden(_("This belongs to people."))
    must_keep(actor, common.reach, actor.person_id, where["team"], where["organisation"])
    now = datetime.now(UTC)
    row = model(
        name=common.name,
        folder=common.folder,
        person_id=actor.person_id,
        created_at=now,
        updated_at=now,
        **where,
        **own,
    )
    row.save()
    _note("create", actor, row, {"name": row.name})
    return row


def locked(model: type[P], actor: Actor, prepared_id: int, version: int | None) -> P:
    """The row, locked, with permission asked; raises NotFound, Forbidden, Stale."""
    if prepared.one(model, actor, prepared_id) is None:
        raise NotFound(_("There is nothing of this number here, or it is not yours to see."))
    row = (
        model._default_manager.select_for_update(of=("self",))
        .select_related("team", "organisation")
        .get(pk=prepared_id)
    )
    must_keep(actor, row.reach, row.person_id, row.team, row.organisation)
    if version is not None and version != row.version:
        raise Stale(_("Somebody changed this in the meantime. Your text is safe."), version=row.version)
    return row


def change(actor: Actor, row: CannedReply | Macro, common: Changed, own: Mapping[str, Any]) -> None:
    """Change what is given of a locked row; another reach needs the right to it too. Raises Forbidden, Invalid."""
    if row.trashed_at is not None:
        raise WrongState(_("It lies in the trash. Take it back first."))
    given = common.model_fields_set
    values: dict[str, Any] = {
        name: getattr(common, name) for name in given & {"name", "folder"} if getattr(common, name) is not None
    }
    if given & {"reach", "team", "organisation"}:
        reach = common.reach or row.reach
        team = common.team or (row.team.code if row.team else None)
        organisation = common.organisation or (row.organisation.code if row.organisation else None)
        values |= place(actor, reach, team, organisation)
        must_keep(actor, reach, row.person_id, values["team"], values["organisation"])
    values |= own
    changes = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changes:
        return
    for name, value in changes.items():
        setattr(row, name, value)
    _keep(row, *changes)
    _note("edit", actor, row, {"fields": sorted(changes)})


def put_away(actor: Actor, row: CannedReply | Macro) -> None:
    """Into the trash; again is nothing."""
    if row.trashed_at is None:
        row.trashed_at = datetime.now(UTC)
        _keep(row, "trashed_at")
        _note("trash", actor, row, {})


def take_back(actor: Actor, row: CannedReply | Macro) -> None:
    """Out of the trash; again is nothing."""
    if row.trashed_at is not None:
        row.trashed_at = None
        _keep(row, "trashed_at")
        _note("restore", actor, row, {})


def count_use(model: type[P], prepared_id: int) -> None:
    """One more use."""
    model._default_manager.filter(pk=prepared_id).update(uses=F("uses") + 1)


def _keep(row: CannedReply | Macro, *fields: str) -> None:
    row.version += 1
    row.updated_at = datetime.now(UTC)
    row.save(update_fields=[*fields, "version", "updated_at"])


def _note(verb: str, actor: Actor, row: CannedReply | Macro, said: Mapping[str, Any]) -> None:
    organisation_id = row.organisation_id or (row.team.organisation_id if row.team else actor.organisation_id)
    subjects.note(verb, actor, SUBJECTS[type(row)], row.pk, organisation_id, version=row.version, data=dict(said))


def unknown_variable(text: str) -> str:
    """A sentence about the first thing that is no variable in a text, "" when all is well."""
    wrong = variables.faults(text)
    if not wrong:
        return ""
    where = {"name": wrong[0].name, "line": wrong[0].line, "column": wrong[0].column}
    if wrong[0].name in ("{{", "}}"):
        return _("Line %(line)d, column %(column)d: “%(name)s” has no counterpart.") % where
    return _("Line %(line)d, column %(column)d: there is no variable “%(name)s”.") % where
