"""Signing in with e-mail and password, and signing out.

The check of the password, its even timing for unknown addresses and the counting of failures are django-allauth's;
its own pages are not installed, so no sign-up, no address book and no second way in exists (security.md, gate 6).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from allauth.account.app_settings import RATE_LIMITS
from allauth.core.internal.ratelimit import consume, get_cache_key, parse_rates
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from quell.kernel.access.actor import actor_for_person
from quell.kernel.journal.write import write
from quell.kernel.notify import devices
from quell.kernel.people.models import Person

from . import this_device, tours
from .contact import contact

logger = logging.getLogger("quell.sign_in")
# Longer than any passphrase, short enough that hashing it costs nothing worth attacking (osTicket CVE-2020-12629's
# neighbour: a password of 10 MB).
LONGEST_PASSWORD = 1024
Beside = Callable[[], dict[str, Any]]
_beside: list[Beside] = []
LIMITER, FAILED = "allauth.account", "login_failed"


class SignInForm(forms.Form):
    """E-mail and password. `next` is where the person wanted to go."""

    login = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        error_messages={"required": gettext_lazy("Enter your e-mail address")},
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        error_messages={"required": gettext_lazy("Enter your password")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    next = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)


def beside(told: Beside) -> Beside:
    """Register what else the sign-in page tells visitors, as names of its template; workspaces know what, the kernel
    does not."""
    _beside.append(told)
    return told


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. The same sentence for a wrong password and an unknown address; the address stays."""
    target = safe_target(request, request.POST.get("next") or request.GET.get("next") or "")
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(target)
        return _page(request, SignInForm(initial={"next": request.GET.get("next", "")}))
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    email, password = form.cleaned_data["login"].strip().lower(), form.cleaned_data["password"]
    # Every try counts before it is made, so that many at once gain nothing; a right one is taken back.
    usage = consume(request, app=LIMITER, action=FAILED, key=attempts_of(email))
    if usage is None:
        return _too_many(request, form, email)
    person = authenticate(request, email=email, password=password) if len(password) <= LONGEST_PASSWORD else None
    if not isinstance(person, Person):
        logger.warning("sign-in refused for %s", _printable(email))
        form.add_error(None, _("E-mail and password do not match. Check both and try again."))
        return _page(request, form, status=422)
    usage.rollback()
    _let_in(request, person)
    devices.still_here(person, this_device.mark_of(request))
    return HttpResponseRedirect(target)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session. Reached by address it asks first, so that no link on another page signs anybody out."""
    if request.method != "POST":
        if not request.user.is_authenticated:
            return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))
        return render(request, "ui/sign_out.html")
    devices.signed_out(this_device.mark_of(request))
    logout(request)
    messages.success(request, _("You are signed out."))
    return HttpResponseRedirect(resolve_url(settings.LOGOUT_REDIRECT_URL))


def safe_target(request: HttpRequest, target: str) -> str:
    """Where to go after signing in: an address of this very site, never one of somebody else's."""
    if "\x00" not in target and url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def attempts_of(email: str) -> str:
    """The name under which failures of one address are counted, whatever host name the request carried."""
    return f"sign-in:{email}"


def seconds_to_wait(request: HttpRequest, action: str, key: str | None = None) -> int:
    """Seconds until the limits of `action` let another try through, from the very times the limiter keeps."""
    now, longest = time.time(), 0.0
    for rate in parse_rates(RATE_LIMITS.get(action)):
        tries = cache.get(get_cache_key(request, app=LIMITER, action=action, rate=rate, key=key), [])
        if len(tries) >= rate.amount:
            longest = max(longest, tries[rate.amount - 1] + rate.duration - now)
    return max(1, round(longest + 0.5))


def _let_in(request: HttpRequest, person: Person) -> None:
    first = person.last_login is None
    login(request, person)  # takes a new session id and a new CSRF secret
    actor = actor_for_person(person.pk, request_id=getattr(request, "request_id", ""))
    if actor is not None:
        write(
            "sign_in", actor, timezone.now(),
            subject="person", subject_id=person.pk, organisation_id=person.organisation_id,
        )  # fmt: skip
    tours.begin(person, first=first)


def _too_many(request: HttpRequest, form: SignInForm, email: str) -> HttpResponse:
    wait = seconds_to_wait(request, FAILED, attempts_of(email))
    logger.warning("sign-in paused for %s", _printable(email))
    form.add_error(None, too_many_words(wait))
    answer = _page(request, form, status=429)
    answer["Retry-After"] = str(wait)
    return answer


def too_many_words(seconds: int) -> str:
    """When to try again, in words."""
    if seconds < 90:
        return _("Too many tries. Try again in %(seconds)d seconds.") % {"seconds": seconds}
    return _("Too many tries. Try again in %(minutes)d minutes.") % {"minutes": -(-seconds // 60)}


def _printable(text: str) -> str:
    """Without line breaks and other controls, so that nobody writes lines of their own into the log."""
    return "".join(c if c.isprintable() else "?" for c in text[:254])


def _page(request: HttpRequest, form: SignInForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "contact": contact(), "on_the_way": bool(form["next"].value())}
    for told in _beside:
        context |= told()
    context["forgot"] = bool(settings.EMAIL_HOST)  # without a mail server there is no link to send
    return render(request, "ui/sign_in.html", context, status=status)
