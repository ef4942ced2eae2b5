from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "quell.practices.clocks"
    label = "clocks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import wiring  # noqa: F401 - registers the follower, the settings and the sweeps
