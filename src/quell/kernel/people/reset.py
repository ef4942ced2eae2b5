"""Setting a new password by a link in a mail: who may have one, and what the link says.

The link carries Django's signed token: bound to the person, their present password and their last sign-in, so that it
works once, ends by itself (`PASSWORD_RESET_TIMEOUT`) and is kept nowhere (security.md, gate 6).
"""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from .models import Person


def entitled(email: str) -> Person | None:
    """The active person behind an address that can receive mail; None for everybody else."""
    found = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    return None if found is None or found.email.endswith(".invalid") else found


def keys(person: Person) -> tuple[str, str]:
    """What the link names the person by, and its token."""
    return urlsafe_base64_encode(force_bytes(person.pk)), default_token_generator.make_token(person)
