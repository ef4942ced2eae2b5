from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "quell.practices.workforce"
    label = "workforce"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import wiring  # noqa: F401 - registers the settings
