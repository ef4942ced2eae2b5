"""The room of incident management."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "quell.practices.incidents"
    label = "incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import wiring  # noqa: F401
