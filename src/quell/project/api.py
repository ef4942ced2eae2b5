"""The HTTP API, put together: every room's endpoints on one address."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(title="Quell")
