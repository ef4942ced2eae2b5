"""The workspace of those who answer for services: what was promised, kept and broken."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """Registers its part of the navigation and of the palette when the house is put together."""

    name = "quell.workspaces.board"
    label = "board"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quell.kernel.ui import navigation, palette

        from .nav import offered, sections

        navigation.register("board", 50, sections)
        palette.register("board", 50, offered)
