"""The room of tasks and checklists."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "quell.practices.tasks"
    label = "tasks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import wiring  # noqa: F401
