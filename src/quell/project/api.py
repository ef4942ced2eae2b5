"""The HTTP API, put together: every room's endpoints on one address."""

from __future__ import annotations

from quell.kernel.api import (
    access,
    attachments,
    devices,
    frame,
    inbox,
    openapi,
    organisations,
    outbox,
    own,
    people,
    roles,
    search,
    set_up,
    settings,
    teams,
    tokens,
)
from quell.practices.agreements.api.endpoints import router as agreements
from quell.practices.agreements.api.metrics import router as metrics
from quell.practices.calendars.api.calendars import router as calendars
from quell.practices.calendars.api.holiday_sets import router as holiday_sets
from quell.practices.clocks.api.reports import router as reports
from quell.practices.clocks.api.steps import router as escalation_steps
from quell.practices.communications.api.endpoints import router as communications
from quell.practices.incidents.api.categories import router as categories
from quell.practices.incidents.api.clocks import router as clocks
from quell.practices.incidents.api.enclosures import router as enclosures
from quell.practices.incidents.api.endpoints import router as incidents
from quell.practices.incidents.api.merging import router as merging
from quell.practices.incidents.api.priority_matrix import router as priority_matrix
from quell.practices.intake.api.endpoints import router as intake
from quell.practices.servicedesk.api.batches import router as batches
from quell.practices.servicedesk.api.reminders import router as reminders
from quell.practices.servicedesk.api.texts import router as texts
from quell.practices.servicedesk.api.views import router as views
from quell.practices.services.api.endpoints import router as services
from quell.practices.tasks.api.checklists import router as checklists
from quell.practices.tasks.api.endpoints import router as tasks
from quell.practices.tasks.api.templates import router as task_templates
from quell.practices.workforce.api.endpoints import router as workforce
from quell.practices.worklog.api.endpoints import router as worklog

DESCRIPTION = (
    "Everything a person can do on a page, a program can do. JSON in UTF-8, times in UTC, errors as "
    "application/problem+json. Sign in with `Authorization: Bearer TOKEN`."
)

api = frame.Api(DESCRIPTION)
for router in (
    openapi.router,
    incidents,
    clocks,
    merging,
    tasks,
    checklists,
    task_templates,
    worklog,
    attachments.router,
    outbox.router,
    enclosures,
    texts,
    reminders,
    people.router,
    teams.router,
    organisations.router,
    services,
    calendars,
    holiday_sets,
    agreements,
    metrics,
    reports,
    categories,
    views,
    batches,
    communications,
    intake,
    roles.router,
    tokens.router,
    own.router,
    devices.router,
    settings.router,
    set_up.router,
    priority_matrix,
    escalation_steps,
    access.router,
    search.router,
    inbox.router,
    workforce,
):
    api.add_router("", router)
frame.mount(api)
