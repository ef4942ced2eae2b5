from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "quell.kernel.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Importing registers the setting."""
        from . import speaking  # noqa: F401
