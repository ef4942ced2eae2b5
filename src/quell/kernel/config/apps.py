from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "quell.kernel.config"
    label = "config"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Teach the driver what it would otherwise refuse, before anybody has connected."""
        from quell.kernel.config import sql

        sql.take_any_offset()
