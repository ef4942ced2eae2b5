"""What makes the portal installable on a phone: its manifest, the worker that answers when there is no network, and
the page it answers with (capabilities PL05). It also shows what comes by Web Push. Nothing breaks without them.

The worker stands at the root, because it may only answer for addresses below its own. It keeps the offline page and
the static files that page needs, and never a page of anybody's.
"""

from __future__ import annotations

import hashlib

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

STYLES = ("quell/quell.css", "quell/layout.css", "portal/portal.css")
SCRIPTS = ("portal/offline.js", "waiting/store.js", "waiting/page.js")
ICONS = ("quell/icons.svg", "quell/favicon.svg")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Names, colours and icons for the home screen, in the visitor's language."""
    said = {
        "id": "/portal/",
        "name": _("Quell Help"),
        "short_name": "Quell",
        "description": _("Report what is broken and see where it stands."),
        "lang": get_language() or "en",
        "start_url": reverse("portal:home"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#F5F6F8",
        "theme_color": "#141A24",
        "icons": [
            {"src": static("portal/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("portal/icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {"src": static("portal/icon-maskable-512.png"), "sizes": "512x512", "type": "image/png",
             "purpose": "maskable"},
        ],
        "shortcuts": [
            {"name": _("Something is broken"), "url": reverse("portal:report")},
            {"name": _("My requests"), "url": reverse("portal:requests")},
        ],
    }  # fmt: skip
    return HttpResponse(orjson.dumps(said), content_type="application/manifest+json")


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker, with the list of what it keeps; it changes when one of these files does."""
    kept = [static(name) for name in (*STYLES, *SCRIPTS, *ICONS)]
    version = hashlib.sha256(orjson.dumps(kept)).hexdigest()[:12]
    places = {name: reverse(f"portal:{name}") for name in ("offline", "standing")}
    context = {
        **places, "kept": kept, "version": version, "devices": reverse("portal:turn_on"),
        "store": static("waiting/store.js"),
        "picture": static("portal/icon-192.png"),
    }  # fmt: skip
    return render(request, "portal/service-worker.js", context, content_type="text/javascript; charset=utf-8")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What stands there without a network: words, and a form that keeps what is typed on this device."""
    return render(request, "portal/offline.html")
