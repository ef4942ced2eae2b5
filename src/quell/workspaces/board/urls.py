"""Addresses of the board."""

from django.urls import path

from . import export, forecast, promises, reports

app_name = "board"

urlpatterns = [
    path("reports", reports.attainment, name="attainment"),
    path("reports/clocks", reports.clocks, name="clocks"),
    path("reports/forecast", forecast.forecast, name="forecast"),
    path("reports/export", export.figures, name="export"),
    path("reports/clocks/export", export.clocks, name="export_clocks"),
    path("services/<str:code>", promises.service, name="service"),
]
