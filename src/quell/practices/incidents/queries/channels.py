"""The channels of incidents in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

CHANNEL_WORDS = {
    "portal": gettext_lazy("Portal"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "chat": gettext_lazy("Chat"),
    "walk_in": gettext_lazy("In person"),
    "monitoring": gettext_lazy("Monitoring"),
    "api": gettext_lazy("API"),
    "scheduled": gettext_lazy("Scheduled"),
    "import": gettext_lazy("Import"),
    "web": gettext_lazy("Web"),
}
