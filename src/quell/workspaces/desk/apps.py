"""The workspace of those who work on records."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Registers its part of the navigation when the house is put together."""

    name = "quell.workspaces.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quell.kernel.ui import navigation, palette
        from quell.practices.servicedesk import facade

        from . import wording
        from .commands import offered
        from .nav import sections

        navigation.register("desk", 10, sections)
        palette.register("desk", 10, offered)
        facade.name_with(wording.field, wording.value)
