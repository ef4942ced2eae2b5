"""Forgot password: ask for a link by mail, and set a new password with it. Offered only where mail can be sent.

The answer to the question is the same for every address, and so is the time it takes (a job sends the mail).
"""

from __future__ import annotations

from typing import Any

from allauth.core.internal.ratelimit import clear, consume
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from quell.kernel.access.actor import actor_for_person
from quell.kernel.jobs.app import enqueue
from quell.kernel.journal.write import write
from quell.kernel.people.models import Person

from .contact import contact
from .sign_in import FAILED, LIMITER, attempts_of, seconds_to_wait, too_many_words

ASK = "reset_password"


def offered() -> bool:
    """Is there a mail server to send the link?"""
    return bool(settings.EMAIL_HOST)


class AskForm(forms.Form):
    """The address the link goes to."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Enter your e-mail address"),
            "invalid": gettext_lazy("Enter an e-mail address such as name@example.com"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


class NewPasswordForm(forms.Form):
    """The new password, once: if it was a slip, the link can be asked for again."""

    new_password = forms.CharField(
        label=gettext_lazy("New password"),
        help_text=gettext_lazy("At least 10 characters; several words you can remember are best"),
        strip=False,
        max_length=256,
        error_messages={"required": gettext_lazy("Enter a new password")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new_password(self) -> str:
        """Strong enough for this person."""
        password: str = self.cleaned_data["new_password"]
        validate_password(password, self.user)
        return password

    def save(self) -> Person:
        """Set it."""
        self.user.set_password(self.cleaned_data["new_password"])
        self.user.save(update_fields=["password"])
        return self.user


@require_http_methods(["GET", "HEAD", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """Ask for the link."""
    if not offered():
        raise Http404
    if request.method != "POST":
        return _page(request, AskForm())
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    email = form.cleaned_data["email"].strip().lower()
    key = f"new-password:{email}"
    if consume(request, app=LIMITER, action=ASK, key=key) is None:
        wait = seconds_to_wait(request, ASK, key)
        form.add_error(None, too_many_words(wait))
        answer = _page(request, form, status=429)
        answer["Retry-After"] = str(wait)
        return answer
    enqueue("ui.send_password_link", queue="mail", email=email)
    return _page(request, form, sent=True)


def _page(request: HttpRequest, form: AskForm, *, sent: bool = False, status: int = 200) -> HttpResponse:
    minutes = settings.PASSWORD_RESET_TIMEOUT // 60
    context = {"form": form, "sent": sent, "contact": contact(), "minutes": minutes}
    return render(request, "ui/forgot_password.html", context, status=status)


class NewPassword(PasswordResetConfirmView):
    """Set the new password. The token moves from the address into the session before anything is shown, so that no
    log and no other site ever reads it."""

    template_name = "ui/new_password.html"
    form_class = NewPasswordForm  # type: ignore[assignment] # same part: takes the person, saves the password
    success_url = reverse_lazy("ui:sign_in")
    title = gettext_lazy("New password")

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it; every session of the person ends with the old password, and so does a pause after wrong tries."""
        answer = super().form_valid(form)
        person: Person = form.user
        clear(self.request, app=LIMITER, action=FAILED, key=attempts_of(person.email))
        actor = actor_for_person(person.pk, request_id=getattr(self.request, "request_id", ""))
        if actor is not None:
            write(
                "edit", actor, timezone.now(),
                subject="person", subject_id=person.pk, organisation_id=person.organisation_id,
                data={"password": "changed by mail"},
            )  # fmt: skip
        messages.success(self.request, _("Your new password is set. Sign in with it."))
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again, as a refusal."""
        answer = super().form_invalid(form)
        answer.status_code = 422
        return answer
