"""The addresses of metrics."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from quell.kernel.api.answers import address, answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable, versioned
from quell.kernel.api.versions import expected, with_version

from .. import facade
from ..actions.inputs import MetricChange, NewMetric
from . import schemas

router = Router(tags=["Metrics"])
Change = with_version(MetricChange, "EditMetric")
_SHOWN = (*schemas.Metric.model_fields,)


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A metric as the API shows it."""
    return {name: row[name] for name in _SHOWN if name != "url"} | {"url": address("metrics", row["code"])}


def _whole(request: HttpRequest, code: str) -> dict[str, Any]:
    newest, *earlier = facade.metric_versions(actor_of(request), code)
    return {**shown(newest), "earlier": [shown(one) for one in earlier]}


@router.get("/metrics", response=schemas.MetricList, summary="List metrics", operation_id="listMetrics")
def listing(request: HttpRequest) -> HttpResponse:
    """Every metric in its newest version, by code; for those who work."""
    return answer({"items": [shown(one) for one in facade.metrics(actor_of(request))]})


@router.post("/metrics", response={201: schemas.MetricWhole}, summary="Make a metric", operation_id="createMetric")
@repeatable
def create(request: HttpRequest, body: NewMetric) -> HttpResponse:
    """Something of one's own to measure; for who manages the agreements of the whole instance."""

    def act() -> HttpResponse:
        made = _whole(request, facade.create_metric(actor_of(request), body))
        return created(made, made["url"])

    return once(request, act)


@router.get("/metrics/{code}", response=schemas.MetricWhole, summary="Read a metric", operation_id="readMetric")
def read(request: HttpRequest, code: str) -> HttpResponse:
    """One metric with its earlier versions."""
    return answer(_whole(request, code))


@router.patch("/metrics/{code}", response=schemas.MetricWhole, summary="Change a metric", operation_id="editMetric")
@versioned
def edit(request: HttpRequest, code: str, body: Change) -> HttpResponse:  # type: ignore[valid-type]
    """Makes its next version with the fields given; what has been agreed keeps the version it was agreed with."""
    data, version = expected(request, body)
    facade.change_metric(actor_of(request), code, data, version=version)
    return read(request, code)
