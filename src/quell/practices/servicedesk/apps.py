from django.apps import AppConfig


class ServicedeskConfig(AppConfig):
    name = "quell.practices.servicedesk"
    label = "servicedesk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import wiring  # noqa: F401
