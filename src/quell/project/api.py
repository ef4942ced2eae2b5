"""The HTTP API, put together: every room's endpoints on one address."""

from __future__ import annotations

from quell.kernel.api import frame, openapi, organisations, people, roles, search, teams, tokens
from quell.practices.incidents.api.endpoints import router as incidents

DESCRIPTION = (
    "Everything a person can do on a page, a program can do. JSON in UTF-8, times in UTC, errors as "
    "application/problem+json. Sign in with `Authorization: Bearer TOKEN`."
)

api = frame.Api(DESCRIPTION)
for router in (
    openapi.router,
    incidents,
    people.router,
    teams.router,
    organisations.router,
    roles.router,
    tokens.router,
    search.router,
):
    api.add_router("", router)
frame.mount(api)
