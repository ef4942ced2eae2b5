"""Keeping views: making, changing, putting away, taking back, and arranging them for oneself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, StringConstraints

from quell.engines.query.printing import write
from quell.engines.query.tree import Query
from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import subjects
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs
from quell.kernel.config.refusal import Forbidden, Invalid, Stale, WrongState
from quell.kernel.people.models import Membership
from quell.kernel.records.query_words import dialect, read_query

from ..models import Arrangement, View
from ..permissions import can_keep_view, works_here
from ..queries import views
from ..rules.views import USUAL_COLUMNS, sound_columns
from .keeping import place

SUBJECT = "view"
KIND = "incident"
#: So many one person may keep in all, and pin in one place.
MOST, MOST_PINNED = 200, 30
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"\S")]
Reach = Literal["personal", "team", "organisation"]
Layout = Literal["table", "split", "board"]
Density = Literal["", "compact", "normal", "relaxed"]
Columns = Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(max_length=40)]


class NewView(Inputs):
    """A view: a query in words and the look of its list. `team` names the team, `organisation` the organisation that
    the reach asks for."""

    name: Name
    query: str = Field("", max_length=2000)
    sort: str = Field("priority", max_length=40)
    columns: Columns = []
    density: Density = ""
    layout: Layout = "table"
    reach: Reach = "personal"
    team: str | None = Field(None, max_length=60)
    organisation: str | None = Field(None, max_length=60)


class ViewChange(Inputs):
    """Only what is to change."""

    name: Name | None = None
    query: str | None = Field(None, max_length=2000)
    sort: str | None = Field(None, max_length=40)
    columns: Columns | None = None
    density: Density | None = None
    layout: Layout | None = None
    reach: Reach | None = None
    team: str | None = Field(None, max_length=60)
    organisation: str | None = Field(None, max_length=60)


class Arranged(Inputs):
    """Keys of views in the order they shall stand."""

    views: Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(max_length=MOST_PINNED)]


def create_view(actor: Actor, data: Mapping[str, Any] | BaseModel) -> str:
    """A new view; its key. Raises Invalid, Forbidden."""
    inputs = parse(NewView, data)
    if actor.person_id is None:
        raise Forbidden(_("This belongs to people."))
    with transaction.atomic():
        if not (answer := works_here(actor)):
            raise Forbidden(answer.reason)
        where = place(actor, inputs.reach, inputs.team, inputs.organisation)
        now = datetime.now(UTC)
        row = View(
            name=inputs.name,
            person_id=actor.person_id,
            density=inputs.density,
            layout=inputs.layout,
            created_at=now,
            updated_at=now,
            **where,
            **_look(actor, inputs.query, inputs.sort, inputs.columns),
        )
        _must_keep(actor, row)
        if View.objects.filter(person_id=actor.person_id, trashed_at=None).count() >= MOST:
            raise Invalid.field("name", _("You keep %(count)d views already. Put some away first.") % {"count": MOST})
        row.save()
        _note("create", actor, row, {"name": row.name, "query": row.query})
    return str(row.pk)


def edit_view(actor: Actor, key: str, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Change what is given; another reach needs the right to it too. Raises NotFound, Forbidden, Invalid, Stale."""
    inputs = parse(ViewChange, data)
    given = inputs.model_fields_set
    if not given:
        raise Invalid(_("Say what to change."))
    with transaction.atomic():
        row = _locked(actor, key, version)
        if row.trashed_at is not None:
            raise WrongState(_("It lies in the trash. Take it back first."))
        plain = given & {"name", "density", "layout"}
        values: dict[str, Any] = {name: getattr(inputs, name) for name in plain if getattr(inputs, name) is not None}
        if given & {"query", "sort", "columns"}:
            values |= _look(
                actor,
                row.query if inputs.query is None else inputs.query,
                inputs.sort or row.sort,
                row.columns if inputs.columns is None else inputs.columns,
            )
        if given & {"reach", "team", "organisation"}:
            team = inputs.team or (row.team.code if row.team else None)
            organisation = inputs.organisation or (row.organisation.code if row.organisation else None)
            values |= place(actor, inputs.reach or row.reach, team, organisation)
        changes = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in changes.items():
            setattr(row, name, value)
        if changes:
            _must_keep(actor, row)
            _keep(row, *changes)
            _note("edit", actor, row, {"fields": sorted(changes)})


def trash_view(actor: Actor, key: str) -> None:
    """Into the trash, from where it can be taken back. Raises NotFound, Forbidden."""
    with transaction.atomic():
        row = _locked(actor, key, None)
        if row.trashed_at is None:
            row.trashed_at = datetime.now(UTC)
            _keep(row, "trashed_at")
            _note("trash", actor, row, {})


def restore_view(actor: Actor, key: str) -> None:
    """Out of the trash. Raises NotFound, Forbidden."""
    with transaction.atomic():
        row = _locked(actor, key, None)
        if row.trashed_at is not None:
            row.trashed_at = None
            _keep(row, "trashed_at")
            _note("restore", actor, row, {})


def arrange(actor: Actor, where: str, keys: Sequence[str]) -> None:
    """Put these views, in this order, beside the queue or on one's home page. Raises Invalid, Forbidden."""
    inputs = parse(Arranged, {"views": list(dict.fromkeys(keys))})
    if where not in Arrangement.Place.values:
        raise Invalid.field(
            "place", _("Choose one of: %(choices)s.") % {"choices": ", ".join(Arrangement.Place.values)}
        )
    if actor.person_id is None or actor.read_only:
        raise Forbidden(_("This token may only read.") if actor.read_only else _("This belongs to people."))
    if not actor.is_agent:
        raise Forbidden(_("Your role does not include working on records."))
    known = {one.key for one in views.views(actor)}
    for key in inputs.views:
        if key not in known:
            raise Invalid.field("views", _("There is no view “%(key)s” here.") % {"key": key})
    Arrangement.objects.update_or_create(person_id=actor.person_id, place=where, defaults={"views": inputs.views})


def _look(actor: Actor, query: str, sort: str, columns: Sequence[str]) -> dict[str, Any]:
    """Query, order and columns, checked with the writer's own rights; raises Invalid naming each at fault."""
    spoken = dialect(KIND)
    read = read_query(query, spoken.fields)
    spoken.lists.check(actor, query)
    order = read.sort or sort
    if order.removeprefix("-") not in spoken.fields.sorts:
        choices = ", ".join(spoken.fields.sorts)
        raise Invalid.field("sort", _("Choose one of: %(choices)s.") % {"choices": choices})
    chosen = tuple(columns)
    if chosen and not sound_columns(chosen, spoken.columns):
        sentence = _("Choose each column once, the title among them: %(choices)s.")
        raise Invalid.field("columns", sentence % {"choices": ", ".join(spoken.columns)})
    text = write(Query(read.condition))
    if len(text) > 2000:
        raise Invalid.field("query", _("At most %(count)d characters.") % {"count": 2000})
    return {"query": text, "sort": order, "columns": [] if chosen == USUAL_COLUMNS else list(chosen)}


def _locked(actor: Actor, key: str, version: int | None) -> View:
    """The row, locked, with permission asked; raises NotFound, Forbidden, Stale."""
    if views.one(actor, key).shipped:
        raise Forbidden(_("This view comes with the product. Save a copy of it to change it."))
    row = View.objects.select_for_update(of=("self",)).select_related("team", "organisation").get(pk=int(key))
    _must_keep(actor, row)
    if version is not None and version != row.version:
        raise Stale(_("Somebody changed this in the meantime. Your text is safe."), version=row.version)
    return row


def _must_keep(actor: Actor, row: View) -> None:
    team = row.team
    mine = Membership.objects.filter(team=team, person_id=actor.person_id or 0).first() if team else None
    answer = can_keep_view(
        actor, row.reach, person_id=row.person_id, team_id=team.pk if team else None,
        team_organisation=team.organisation_id if team else None, organisation_id=row.organisation_id,
        member=mine is not None, lead=mine is not None and mine.lead,
    )  # fmt: skip
    if not answer:
        raise Forbidden(answer.reason)


def _keep(row: View, *fields: str) -> None:
    row.version += 1
    row.updated_at = datetime.now(UTC)
    row.save(update_fields=[*fields, "version", "updated_at"])


def _note(verb: str, actor: Actor, row: View, said: Mapping[str, Any]) -> None:
    organisation_id = row.organisation_id or (row.team.organisation_id if row.team else actor.organisation_id)
    subjects.note(verb, actor, SUBJECT, row.pk, organisation_id, version=row.version, data=said)
