from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "quell.kernel.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
