"""The room of time worked."""

from django.apps import AppConfig


class WorklogConfig(AppConfig):
    name = "quell.practices.worklog"
    label = "worklog"
    default_auto_field = "django.db.models.BigAutoField"
