"""One's own profile: language, time zone, theme and shortcuts; password; API tokens."""

from __future__ import annotations

import zoneinfo
from datetime import timedelta
from typing import Any

from allauth.core.internal.ratelimit import consume
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from quell.kernel.actions.directory.profile import change_password, change_profile
from quell.kernel.actions.directory.tokens import create_token, revoke_token
from quell.kernel.config.refusal import Invalid, Refusal
from quell.kernel.notify import devices
from quell.kernel.people.tokens import live_tokens
from quell.kernel.ui import this_device
from quell.kernel.ui.context import COOKIE_AGE, THEMES, own_name
from quell.kernel.ui.sign_in import LIMITER, LONGEST_PASSWORD, seconds_to_wait, too_many_words
from quell.kernel.ui.signed_in import actor_of, signed_in

from .forms import Words
from .frame import page

CHANGE = "change_password"
AUTO = "auto"
NAMES = ("language", "timezone", "theme")
AGES = {"30": gettext_lazy("30 days"), "90": gettext_lazy("90 days"), "365": gettext_lazy("One year")}


class ProfileForm(forms.Form):
    """How pages speak to this person."""

    language = forms.ChoiceField(label=gettext_lazy("Language"))
    timezone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    theme = forms.ChoiceField(
        label=gettext_lazy("Theme"),
        choices=[
            (AUTO, gettext_lazy("As the system")),
            ("light", gettext_lazy("Light")),
            ("dark", gettext_lazy("Dark")),
        ],
        widget=forms.RadioSelect,
    )
    single_key_shortcuts = forms.BooleanField(label=gettext_lazy("Single-letter keyboard shortcuts"), required=False)

    def __init__(self, *args: Any, at_a_desk: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not at_a_desk:  # the portal has no single letters to press
            del self.fields["single_key_shortcuts"]
        languages = [(AUTO, _("As the browser")), *((code, own_name(code)) for code, _name in settings.LANGUAGES)]
        zones = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc/"))
        default = _("As the installation (%(zone)s)") % {"zone": settings.TIME_ZONE}
        self.fields["language"].choices = languages  # type: ignore[attr-defined]
        self.fields["timezone"].choices = [(AUTO, default), *((z, z.replace("_", " ")) for z in zones)]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """What was chosen, as the profile keeps it: nothing where browser, installation or system decide."""
        return {name: "" if value == AUTO else value for name, value in self.cleaned_data.items()}


class PasswordForm(forms.Form):
    """The present password and a new one."""

    old = forms.CharField(
        label=gettext_lazy("Present password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        error_messages={"required": gettext_lazy("Enter your present password")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        max_length=256,
        error_messages={"required": gettext_lazy("Enter a new password")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class TokenForm(forms.Form):
    """What a token is for, how long it lives, and whether it may only read."""

    name = Words(
        label=gettext_lazy("What is it for?"),
        max_length=120,
        error_messages={"required": gettext_lazy("Say what the token is for")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    days = forms.ChoiceField(label=gettext_lazy("Ends after"), choices=tuple(AGES.items()), initial="90")
    read_only = forms.BooleanField(label=gettext_lazy("May only read"), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Preferences."""
    person: Any = request.user
    at_a_desk = actor_of(request).is_agent
    if request.method != "POST":
        now = {name: getattr(person, name) or AUTO for name in NAMES}
        initial = {**now, "single_key_shortcuts": person.single_key_shortcuts}
        return _profile(request, ProfileForm(initial=initial, at_a_desk=at_a_desk))
    form = ProfileForm(request.POST, at_a_desk=at_a_desk)
    if not form.is_valid():
        return _profile(request, form, 422)
    try:
        change_profile(actor_of(request), chosen := form.chosen())
    except Invalid as no:
        for error in no.errors:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        return _profile(request, form, 422)
    # The answer speaks the new language already.
    with translation.override(chosen["language"] or translation.get_language()):
        messages.success(request, _("Saved."))
    answer = HttpResponseRedirect(reverse("portal:profile"))
    _in_this_browser(answer, request, chosen)
    return answer


def _in_this_browser(answer: HttpResponse, request: HttpRequest, chosen: dict[str, Any]) -> None:
    """The browser's own cookies win over the profile, so a choice made here must reach them too."""
    secure = request.is_secure()
    if chosen["theme"] in THEMES:
        answer.set_cookie("theme", chosen["theme"], max_age=COOKIE_AGE, samesite="Lax", secure=secure)
    else:
        answer.delete_cookie("theme", samesite="Lax")
    if "single_key_shortcuts" in chosen:
        shortcuts = "on" if chosen["single_key_shortcuts"] else "off"
        answer.set_cookie("shortcuts", shortcuts, max_age=COOKIE_AGE, samesite="Lax", secure=secure)


def _profile(request: HttpRequest, form: ProfileForm, status: int = 200) -> HttpResponse:
    return page(request, "portal/profile.html", {"form": form, "here": "profile"}, status=status)


@sensitive_post_parameters("old", "new")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; every other session of the person ends."""
    if request.method != "POST":
        return _password(request, PasswordForm())
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _password(request, form, 422)
    usage = consume(request, app=LIMITER, action=CHANGE)
    if usage is None:
        form.add_error(None, too_many_words(wait := seconds_to_wait(request, CHANGE)))
        answer = _password(request, form, 429)
        answer["Retry-After"] = str(wait)
        return answer
    try:
        person = change_password(actor_of(request), form.cleaned_data)
    except Invalid as no:
        for error in no.errors:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        return _password(request, form, 422)
    usage.rollback()
    login(request, person)  # the old session has ended with all others; this browser goes on with a new one
    devices.still_here(person, this_device.mark_of(request))
    messages.success(request, _("Your password is changed. Other devices are signed out."))
    return HttpResponseRedirect(reverse("portal:profile"))


def _password(request: HttpRequest, form: PasswordForm, status: int = 200) -> HttpResponse:
    return page(request, "portal/password.html", {"form": form, "here": "password"}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own API tokens. The secret of a new one is shown in the answer to the post and never again."""
    actor = actor_of(request)
    if request.method != "POST":
        return _tokens(request, TokenForm())
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _tokens(request, form, status=422)
    ends = timezone.now() + timedelta(days=int(form.cleaned_data["days"]))
    data = {"name": form.cleaned_data["name"], "read_only": form.cleaned_data["read_only"], "expires_at": ends}
    try:
        _number, secret = create_token(actor, data)
    except Refusal as no:
        form.add_error("name", no.sentence)
        return _tokens(request, form, status=no.status)
    return _tokens(request, TokenForm(), secret=secret, status=201)


def _tokens(request: HttpRequest, form: TokenForm, *, secret: str = "", status: int = 200) -> HttpResponse:
    own = live_tokens(actor_of(request).person_id or 0)
    context = {"form": form, "tokens": own, "secret": secret, "here": "tokens"}
    return page(request, "portal/tokens.html", context, status=status)


@require_POST
@signed_in
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a token at once."""
    revoke_token(actor_of(request), token_id)
    messages.success(request, _("The token no longer works."))
    return HttpResponseRedirect(reverse("portal:tokens"))
