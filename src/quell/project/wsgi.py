"""The WSGI application, one per web worker process."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quell.project.settings")

application = get_wsgi_application()
