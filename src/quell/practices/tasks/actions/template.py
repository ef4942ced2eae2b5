"""Templates: made, changed, put into the trash and taken out again; and used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places, subjects
from quell.kernel.actions.directory.inputs import Language
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs
from quell.kernel.config.refusal import Conflict, FieldError, Forbidden, Invalid, NotFound, Stale
from quell.kernel.people.models import Organisation, Team
from quell.kernel.records.models import Record

from ..models import Template, TemplateLine
from ..permissions import can_keep_templates
from .add import Wanted, make
from .checklist import make_lines
from .frame import opened_record
from .kind import KIND

SUBJECT = "task_template"
#: A year: what is due later belongs into a calendar.
LONGEST = 366 * 24 * 3600
Flag = Annotated[bool, Field(strict=True)]


class LineInput(Inputs):
    """A line: a task with a number of its own (`task`), or a line to tick (`check`)."""

    kind: Literal["task", "check"] = "task"
    title: str = Field(min_length=1, max_length=250)
    description: str = Field("", max_length=20_000)
    team: str | None = Field(None, max_length=60)
    due_seconds: Annotated[int, Field(ge=0, le=LONGEST, strict=True)] | None = None
    required: Flag = False


class NewTemplate(Inputs):
    """A template, for one organisation or, without one, for everybody. `categories` are paths for which it is added
    by itself; with `required`, what is filed there is not resolved without it."""

    name: str = Field(min_length=1, max_length=120)
    organisation: str | None = Field(None, max_length=60)
    language: Language = ""
    team: str | None = Field(None, max_length=60)
    categories: list[Annotated[str, Field(min_length=1, max_length=190)]] = Field(default_factory=list, max_length=50)
    required: Flag = False
    lines: list[LineInput] = Field(min_length=1, max_length=60)


class TemplateChange(Inputs):
    """Only what is to change; `lines` replaces all of them."""

    name: str | None = Field(None, min_length=1, max_length=120)
    language: Language | None = None
    team: str | None = Field(None, max_length=60)
    categories: list[Annotated[str, Field(min_length=1, max_length=190)]] | None = Field(None, max_length=50)
    required: Flag | None = None
    lines: list[LineInput] | None = Field(None, min_length=1, max_length=60)


def create_template(actor: Actor, data: Mapping[str, Any] | BaseModel) -> int:
    """A new template; returns its id. `data` as `NewTemplate`. Raises Forbidden, Invalid, Conflict (same name)."""
    inputs = parse(NewTemplate, data)
    with transaction.atomic():
        place = None if inputs.organisation is None else places.organisation(actor, inputs.organisation).pk
        _must_keep(actor, place)
        _must_be_free(place, inputs.name, inputs.language)
        made = Template.objects.create(
            organisation_id=place,
            name=inputs.name,
            language=inputs.language,
            team_id=_team(inputs.team, place, "team"),
            categories=_paths(inputs.categories),
            required=inputs.required,
        )
        _write_lines(made, inputs.lines)
        subjects.note("create", actor, SUBJECT, made.pk, place, version=1, data={"name": made.name})
    return made.pk


def edit_template(
    actor: Actor, template_id: int, data: Mapping[str, Any] | BaseModel, *, version: int | None = None
) -> None:
    """Change what is given. `data` as `TemplateChange`. Raises NotFound, Forbidden, Invalid, Conflict, Stale."""
    inputs = parse(TemplateChange, data)
    given = inputs.model_fields_set
    if not given:
        raise Invalid(_("Say what to change."))
    for name in given - {"team"}:
        if getattr(inputs, name) is None:
            raise Invalid.field(name, _("This is needed."))
    with transaction.atomic():
        template = _locked(actor, template_id, version)
        values: dict[str, Any] = {name: getattr(inputs, name) for name in given & {"name", "language", "required"}}
        if inputs.categories is not None:
            values["categories"] = _paths(inputs.categories)
        if "team" in given:
            values["team_id"] = _team(inputs.team, template.organisation_id, "team")
        name, language = values.get("name", template.name), values.get("language", template.language)
        if (name, language) != (template.name, template.language):
            _must_be_free(template.organisation_id, name, language, but=template.pk)
        changes = subjects.put(template, values)
        if inputs.lines is not None:
            template.lines.filter(retired=False).update(retired=True)
            _write_lines(template, inputs.lines)
            changes["lines"] = ["", "; ".join(line.title for line in inputs.lines)[:2000]]
        _keep(actor, template, "edit", changes)


def trash_template(actor: Actor, template_id: int, *, version: int | None = None) -> None:
    """Nobody can choose it any more; what was made from it stays. Raises NotFound, Forbidden, Stale."""
    with transaction.atomic():
        template = _locked(actor, template_id, version)
        if template.trashed_at is None:
            _keep(actor, template, "trash", subjects.put(template, {"trashed_at": datetime.now(UTC)}))


def restore_template(actor: Actor, template_id: int, *, version: int | None = None) -> None:
    """It can be chosen again. Raises NotFound, Forbidden, Conflict (another took its name), Stale."""
    with transaction.atomic():
        template = _locked(actor, template_id, version)
        if template.trashed_at is not None:
            _must_be_free(template.organisation_id, template.name, template.language, but=template.pk)
            _keep(actor, template, "restore", subjects.put(template, {"trashed_at": None}))


def apply_template(actor: Actor, number: str, template_id: int, *, now: datetime | None = None) -> list[str]:
    """Add all a template's lines to a record; returns the numbers of the tasks made. A task takes only its lines to
    tick. Raises NotFound, Forbidden, WrongState, Invalid."""
    with transaction.atomic():
        record = opened_record(actor, number)
        path = Organisation.objects.values_list("path", flat=True).get(pk=record.organisation_id)
        template = Template.objects.filter(pk=template_id, trashed_at=None).first()
        if template is None or template.organisation_id not in (None, *path):
            raise Invalid.field("template", _("There is no such template here."))
        return put_on(actor, record, template, now or datetime.now(UTC))


def put_on(actor: Actor, record: Record, template: Template, now: datetime) -> list[str]:
    """Add a template's lines to a locked record, as this actor."""
    lines = list(template.lines.filter(retired=False).order_by("position"))
    if record.kind == KIND.code and any(line.kind == TemplateLine.Kind.TASK for line in lines):
        raise Invalid.field("template", _("A task has no tasks of its own. Give it a checklist."))
    ticks = [(line.title[:300], line.required, line.pk) for line in lines if line.kind == TemplateLine.Kind.CHECK]
    if ticks:
        make_lines(actor, record, ticks, now)
    wanted = [
        Wanted(
            line.title,
            line.description,
            team_id=line.team_id or template.team_id,
            due_at=None if line.due_seconds is None else now + timedelta(seconds=line.due_seconds),
            required=line.required,
            template_line_id=line.pk,
        )
        for line in lines
        if line.kind == TemplateLine.Kind.TASK
    ]
    return make(actor, record, wanted, now) if wanted else []


def _paths(paths: list[str]) -> list[str]:
    return list(dict.fromkeys(path.strip().strip("/").lower() for path in paths))


def _team(code: str | None, place: int | None, field: str) -> int | None:
    """A team of the template's organisation or of one above it; a template of everybody names none."""
    if not code:
        return None
    found = Team.objects.filter(code=code, active=True).first()
    reach = [] if place is None else Organisation.objects.values_list("path", flat=True).get(pk=place)
    if found is None or found.organisation_id not in reach:
        raise Invalid.field(field, _("No team “%(code)s” is known here.") % {"code": code})
    return found.pk


def _write_lines(template: Template, lines: list[LineInput]) -> None:
    TemplateLine.objects.bulk_create(
        TemplateLine(
            template=template,
            position=position,
            kind=line.kind,
            title=line.title,
            description=line.description,
            team_id=_team(line.team, template.organisation_id, f"lines.{position - 1}.team"),
            due_seconds=line.due_seconds,
            required=line.required,
        )
        for position, line in enumerate(lines, 1)
    )


def _must_keep(actor: Actor, place: int | None) -> None:
    if not (may := can_keep_templates(actor, place)):
        raise Forbidden(may.reason)


def _must_be_free(place: int | None, name: str, language: str, *, but: int | None = None) -> None:
    here = Q(organisation=None) if place is None else Q(organisation_id=place)
    same = Template.objects.filter(here, name=name, language=language, trashed_at=None)
    if same.exclude(pk=but or 0).exists():
        sentence = _("There is a template “%(name)s” already.") % {"name": name}
        raise Conflict(sentence, errors=[FieldError("name", sentence)])


def _locked(actor: Actor, template_id: int, version: int | None) -> Template:
    found = Template.objects.select_for_update(of=("self",)).filter(pk=template_id).first()
    near = places.surroundings(actor)
    foreign = found is not None and found.organisation_id is not None and near is not None
    if found is None or (foreign and found.organisation_id not in (near or ())):
        raise NotFound(_("There is no such template here."))
    _must_keep(actor, found.organisation_id)
    if version is not None and version != found.version:
        raise Stale(_("Somebody changed this in the meantime. Your text is safe."), version=found.version)
    return found


def _keep(actor: Actor, template: Template, verb: str, changes: dict[str, Any]) -> None:
    if not changes:
        return
    template.version += 1
    template.save(update_fields=["version"])
    subjects.note(
        verb, actor, SUBJECT, template.pk, template.organisation_id, version=template.version, changes=changes
    )
