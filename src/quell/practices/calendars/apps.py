from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "quell.practices.calendars"
    label = "calendars"
    default_auto_field = "django.db.models.BigAutoField"
