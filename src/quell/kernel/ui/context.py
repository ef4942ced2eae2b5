"""What every page frame needs: theme, density, and who is looking. A context processor."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from quell.kernel.people import keys
from quell.kernel.ui import navigation

THEMES = ("light", "dark")
DENSITIES = ("compact", "normal", "relaxed")
COOKIE_AGE = 365 * 24 * 3600


def own_name(code: str) -> str:
    """A language in its own words, for people who do not read the present one: "简体中文", "Dansk"."""
    name = str(translation.get_language_info(code)["name_local"])
    return name[:1].upper() + name[1:]


#: (code, the language in its own words) of every language that pages speak.
SPOKEN = [(code, own_name(code)) for code, _name in settings.LANGUAGES]


def chosen(request: HttpRequest, name: str, allowed: tuple[str, ...]) -> str:
    """The choice of this browser (cookie), else of the person (profile), else "" for the system's own."""
    value = request.COOKIES.get(name, "")
    if value in allowed:
        return value
    value = str(getattr(getattr(request, "user", None), name, ""))
    return value if value in allowed else ""


def _shortcuts(request: HttpRequest) -> bool:
    """Single-letter shortcuts: the choice of this browser, else of the person."""
    here = request.COOKIES.get("shortcuts", "")
    return here != "off" if here else bool(getattr(getattr(request, "user", None), "single_key_shortcuts", True))


def frame(request: HttpRequest) -> dict[str, Any]:
    """Theme, density, shortcuts and navigation of this visitor, the address of sign-in, where htmx finds its cookie.

    A page's own context wins over these, so a workspace may set its own `home_url` and the like.
    """
    theme = chosen(request, "theme", THEMES)
    return {
        "theme": theme,
        "theme_next": "light" if theme == "dark" else "dark",
        "spoken_languages": SPOKEN,
        "density": chosen(request, "density", DENSITIES),
        "shortcuts": _shortcuts(request),
        "key_map": keys.tidied(keys.kept_of(getattr(request, "user", None))),
        "viewing": getattr(request, "viewing", None),
        "live_paused": request.COOKIES.get("live") == "off",
        "live_since": int(time.time() * 1000),
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "sign_in_url": resolve_url(settings.LOGIN_URL),
        "nav": SimpleLazyObject(lambda: navigation.for_request(request)),
    }
