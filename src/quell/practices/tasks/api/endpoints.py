"""The addresses of tasks and checklists. Verbs come from the registry of actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import AwareDatetime, Field

from quell.kernel.actions.registry import Action, Inputs, of_kind
from quell.kernel.api.answers import address, answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable, versioned
from quell.kernel.api.pagination import Cursor, Limit, page, read_cursor
from quell.kernel.api.versions import expected, with_version
from quell.kernel.config.refusal import Invalid

from .. import facade
from ..actions.add import NewTask
from ..actions.edit import Edit
from . import schemas

router = Router(tags=["Tasks"])
LIST = "tasks"
_SHOWN = (
    "number", "version", "title", "description", "organisation", "parent", "position", "state", "state_category",
    "assignee", "team", "due_at", "required", "lines", "ticked", "opened_by", "opened_at", "closed_at", "updated_at",
)  # fmt: skip
State = Literal["open", "done", "skipped"]


class FromTemplate(Inputs):
    """Which template to add."""

    template: Annotated[int, Field(ge=1, le=2**62, strict=True)]


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A task as the API shows it."""
    task = {name: row[name] for name in _SHOWN}
    return {**task, "url": address(LIST, row["number"]), "skip_reason": row["skip_reason"] or None}


@router.get("/tasks", response=schemas.TaskPage, summary="List tasks", operation_id="listTasks")
def listing(
    request: HttpRequest,
    state: State | None = None,
    assignee: Annotated[str | None, Field(max_length=254, description="`@me`: those in the caller's hands.")] = None,
    parent: Annotated[str | None, Field(max_length=20, description="Tasks of this record.")] = None,
    due_before: AwareDatetime | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> HttpResponse:
    """Tasks the caller may see, oldest first."""
    actor = actor_of(request)
    if assignee not in (None, "@me"):
        raise Invalid.field("assignee", _("Choose one of: %(choices)s.") % {"choices": "@me"})
    mine = (actor.person_id or 0) if assignee else None
    asked = facade.Asked(
        states=(state,) if state else (),
        assignee_id=mine,
        parent=parent.strip().upper() if parent else None,
        due_before=due_before,
        limit=limit,
        after=_after(cursor),
    )
    return page(LIST, facade.page(actor, asked), limit, "id", shown)


def _after(cursor: str | None) -> int:
    key = read_cursor(LIST, cursor)
    if key is not None and not (key.isdigit() and len(key) < 19):
        raise Invalid.field("cursor", _("This cursor does not belong to this list. Begin again without it."))
    return int(key or 0)


@router.get("/tasks/{number}", response=schemas.Task, summary="Read a task", operation_id="readTask")
def read(request: HttpRequest, number: str) -> HttpResponse:
    """One task."""
    return answer(shown(facade.task(actor_of(request), number)))


EditBody = with_version(Edit, "EditTask")


@router.patch("/tasks/{number}", response=schemas.Task, summary="Change a task", operation_id="editTask")
@versioned
def edit(request: HttpRequest, number: str, body: EditBody) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given."""
    return _act(request, "edit", number, body)


def _act(request: HttpRequest, verb: str, number: str, body: Inputs) -> HttpResponse:
    data, version = expected(request, body)
    actor = actor_of(request)
    facade.act(actor, verb, number.strip().upper(), data, version=version)
    return answer(shown(facade.task(actor, number)))


def _verb(action: Action) -> Callable[..., HttpResponse]:
    """The function behind `POST /tasks/{number}/VERB`."""

    def act(request: HttpRequest, number: str, body: Any) -> HttpResponse:
        return once(request, lambda: _act(request, action.verb, number, body))

    act.__annotations__ |= {"body": with_version(action.inputs, f"{action.verb.title()}Task")}
    act.__name__, act.__doc__ = action.verb, action.function.__doc__
    return versioned(repeatable(act))


@router.get(
    "/tasks/{number}/verbs",
    response=schemas.TaskVerbs,
    summary="What may be done with a task now",
    operation_id="listTaskVerbs",
)
def verbs(request: HttpRequest, number: str) -> HttpResponse:
    """Every verb, whether the caller may use it now, and why not."""
    actor = actor_of(request)
    found = facade.verbs(actor, facade.task(actor, number))
    items = [{"verb": v.verb, "allowed": v.allowed, "reason": v.reason or None, "summary": v.summary} for v in found]
    return answer({"items": items})


@router.get(
    "/tasks/{number}/timeline",
    response=schemas.TaskTimeline,
    summary="The history of a task",
    operation_id="readTaskTimeline",
)
def timeline(request: HttpRequest, number: str) -> HttpResponse:
    """What was done with it, oldest first."""
    return answer({"items": facade.timeline(facade.task(actor_of(request), number))})


for _action in of_kind("task"):
    if _action.verb != "edit":
        router.post(
            f"/tasks/{{number}}/{_action.verb}",
            response=schemas.Task,
            summary=_action.summary,
            operation_id=f"{_action.verb}Task",
        )(_verb(_action))


@router.get(
    "/incidents/{number}/tasks",
    response=schemas.TasksOfRecord,
    summary="The tasks of an incident",
    operation_id="listTasksOfIncident",
)
def of_incident(request: HttpRequest, number: str) -> HttpResponse:
    """In their order; for those who see the inside of the incident."""
    return answer({"items": [shown(row) for row in facade.work(actor_of(request), number).tasks]})


@router.post(
    "/incidents/{number}/tasks",
    response={201: schemas.Task},
    summary="Add a task to an incident",
    operation_id="createTask",
)
@repeatable
def create(request: HttpRequest, number: str, body: NewTask) -> HttpResponse:
    """A new task at the end of the list; only the title is needed."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        task = shown(facade.task(actor, facade.add(actor, number, body)))
        return created(task, task["url"])

    return once(request, act)


@router.post(
    "/incidents/{number}/tasks/from-template",
    response=schemas.TasksOfRecord,
    summary="Add what a template holds",
    operation_id="applyTaskTemplate",
)
@repeatable
def from_template(request: HttpRequest, number: str, body: FromTemplate) -> HttpResponse:
    """Its tasks and its lines, at the end of both lists; answers with all tasks of the incident."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        facade.apply_template(actor, number, body.template)
        return answer({"items": [shown(row) for row in facade.work(actor, number).tasks]})

    return once(request, act)
