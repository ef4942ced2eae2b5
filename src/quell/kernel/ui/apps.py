"""The design system as a Django app."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates under `ui/`, static files under `quell/`, the template engine in `jinja.py`."""

    name = "quell.kernel.ui"
    label = "ui"
    verbose_name = "Design system"
