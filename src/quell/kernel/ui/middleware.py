"""The two rings round every page: refusals and headers outside, language and time zone of the person inside."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from quell.kernel.config.refusal import Refusal
from quell.kernel.people.speaking import zone as zone_named
from quell.kernel.ui.errors import refused

Handler = Callable[[HttpRequest], HttpResponse]

API = "/api/"
#: Asked by machines that know an address and no name; their answers repeat nothing.
HEALTH = ("/healthz", "/readyz")
# No inline script, style or handler anywhere; tests/ui/test_templates.py holds it (security.md, ASVS 3.4).
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class Pages:
    """Turns a Refusal that leaves a page into a toast or a page, and sets the headers of a page.

    The API answers for itself (problem+json); nothing of this touches it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.path.startswith(API):
            return answer
        if request.headers.get("X-Form") and "Location" in answer.headers:
            # drafts.js sends a form without leaving the page: following the redirect there would eat the
            # messages meant for the next page, so the script is told where to go instead.
            answer.headers["Quell-Location"] = answer.headers["Location"]
            del answer.headers["Location"]
            answer.status_code, answer.content = 204, b""
        answer.headers.setdefault("Content-Security-Policy", POLICY)
        answer.headers.setdefault("Referrer-Policy", "same-origin")
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        # What one person sees must not stay for the next. Files say for themselves how long they keep.
        answer.headers.setdefault("Cache-Control", "no-store")
        if answer.get("Content-Type", "").startswith("text/html"):
            # A fragment and its page share an address.
            answer.headers["Vary"] = ", ".join(
                dict.fromkeys([*filter(None, answer.headers.get("Vary", "").split(", ")), "HX-Request"])
            )
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The refusal's own sentence and status; every other exception is a fault and goes on."""
        if not isinstance(exception, Refusal) or request.path.startswith(API):
            return None
        return refused(request, exception.status, exception.sentence)


class Persona:
    """Speaks the person's language and shows times in the person's zone.

    For a visitor, and for a person who has chosen none, this browser's choice counts, else what the browser asks for.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(API):
            return self.get_response(request)
        if request.path not in HEALTH:
            request.get_host()  # raises for a name that is not ours: nothing is built from a forged one
        person = request.user
        language = getattr(person, "language", "")
        known = dict(settings.LANGUAGES)
        if language not in known:
            language = request.COOKIES.get("language", "")
        if language not in known:
            language = translation.get_language_from_request(request)
        zone = getattr(person, "timezone", "")
        with translation.override(language), timezone.override(zone_named(zone)):
            answer = self.get_response(request)
            if hasattr(answer, "render"):
                answer = answer.render()
        answer.headers.setdefault("Content-Language", language)
        return answer
