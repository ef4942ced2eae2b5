from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "quell.practices.agreements"
    label = "agreements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import wiring  # noqa: F401 - registers the settings
