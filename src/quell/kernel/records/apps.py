from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "quell.kernel.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What has no public part is said to nobody outside (kernel/live)."""
        from quell.kernel.live import changes

        from .numbers import internal_kinds

        changes.keep_inside(internal_kinds)
