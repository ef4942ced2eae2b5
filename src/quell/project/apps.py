"""The house itself as a Django app: once every room is ready, the journeys between rooms are set out,
and pages learn of the demonstration."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "quell.project"
    label = "project"

    def ready(self) -> None:
        """Importing a journey registers its listeners; each file of `journeys/` is one."""
        import quell.journeys

        for found in iter_modules(quell.journeys.__path__):
            import_module(f"quell.journeys.{found.name}")
        import_module("quell.project.demonstration.registering")
