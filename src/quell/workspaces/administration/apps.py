"""The workspace of those who look after people, places and settings."""

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    """Registers its part of the navigation and of the palette when the house is put together."""

    name = "quell.workspaces.administration"
    label = "administration"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quell.kernel.ui import navigation, palette

        from .commands import offered
        from .nav import sections

        navigation.register("administration", 90, sections)
        palette.register("administration", 90, offered)
