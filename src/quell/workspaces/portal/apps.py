from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "quell.workspaces.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import public_status, signed_links  # noqa: F401 - each registers what it offers to the kernel
