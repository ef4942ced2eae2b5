"""The one issuer of API tokens. A token is `quell_` and 43 characters of randomness (256 bits)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db.models import Q

from .models import ApiToken, Person

PREFIX = "quell_"


def digest(secret: str) -> bytes:
    """What the database keeps of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def issue(
    person: Person,
    name: str,
    *,
    read_only: bool = False,
    scopes: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """A new token and its secret. The secret is shown once and never stored."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person=person,
        name=name,
        digest=digest(secret),
        hint=secret[-4:],
        read_only=read_only,
        scopes=list(scopes),
        expires_at=expires_at,
    )
    return token, secret


def live_tokens(person_id: int) -> list[ApiToken]:
    """A person's tokens that still work, newest first."""
    still = Q(expires_at=None) | Q(expires_at__gt=datetime.now(UTC))
    return list(ApiToken.objects.filter(still, person_id=person_id, revoked_at=None).order_by("-created_at", "-pk"))
