"""Addresses of the board."""

from django.urls import path

from . import exclusions, export, forecast, held, promises, reports

app_name = "board"

urlpatterns = [
    path("reports", reports.attainment, name="attainment"),
    path("reports/clocks", reports.clocks, name="clocks"),
    path("reports/held", held.held, name="held"),
    path("reports/held/tickets", held.tickets, name="held_tickets"),
    path("reports/held/export", export.held, name="export_held"),
    path("reports/held/tickets/export", export.held_tickets, name="export_held_tickets"),
    path("reports/forecast", forecast.forecast, name="forecast"),
    path("reports/exclusions", exclusions.exclusions, name="exclusions"),
    path("reports/export", export.figures, name="export"),
    path("reports/clocks/export", export.clocks, name="export_clocks"),
    path("services/<str:code>", promises.service, name="service"),
]
