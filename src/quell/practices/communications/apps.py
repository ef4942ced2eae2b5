from django.apps import AppConfig


class CommunicationsConfig(AppConfig):
    name = "quell.practices.communications"
    label = "communications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import wiring  # noqa: F401 - registers the settings
