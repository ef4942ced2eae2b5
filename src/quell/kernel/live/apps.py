from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "quell.kernel.live"
    label = "live"

    def ready(self) -> None:
        """Whoever signs out hears nothing more, in no tab."""
        from django.contrib.auth.signals import user_logged_out

        from . import hints

        user_logged_out.connect(hints.on_sign_out, dispatch_uid="quell.live")
