"""The HTTP API, put together: every room's endpoints on one address."""

from __future__ import annotations

from quell.kernel.api import attachments, frame, openapi, organisations, outbox, people, roles, search, teams, tokens
from quell.practices.communications.api.endpoints import router as communications
from quell.practices.incidents.api.categories import router as categories
from quell.practices.incidents.api.endpoints import router as incidents
from quell.practices.intake.api.endpoints import router as intake
from quell.practices.services.api.endpoints import router as services

DESCRIPTION = (
    "Everything a person can do on a page, a program can do. JSON in UTF-8, times in UTC, errors as "
    "application/problem+json. Sign in with `Authorization: Bearer TOKEN`."
)

api = frame.Api(DESCRIPTION)
for router in (
    openapi.router,
    incidents,
    attachments.router,
    outbox.router,
    people.router,
    teams.router,
    organisations.router,
    services,
    categories,
    roles.router,
    tokens.router,
    communications,
    intake,
    search.router,
):
    api.add_router("", router)
frame.mount(api)
