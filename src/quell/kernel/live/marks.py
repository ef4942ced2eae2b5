"""Where a page stopped hearing, as a word that says nothing to whoever reads it.

The journal counts what everybody does. Its numbers would tell a stranger how busy the house is, so a page is given a
mark: the number under a keystream of this instance's secret, fresh each time, so that two marks of one place differ,
and with a seal, so that none can be made up (security.md 3).
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b

from django.conf import settings

#: What a text that is no mark of ours says.
UNKNOWN = -1
_SALT, _NUMBER, _SEAL = 8, 8, 8
_LONGEST = 64


def mark(entry_id: int) -> str:
    """The mark of an entry of the journal: 32 letters, safe in addresses and headers."""
    salt = secrets.token_bytes(_SALT)
    hidden = _over(salt, entry_id.to_bytes(_NUMBER, "big"))
    return urlsafe_b64encode(salt + hidden + _hash(b"seal", salt + hidden)).decode()


def entry_of(text: str) -> int:
    """The entry of a mark; 0 for no text, `UNKNOWN` for any that is not ours."""
    if not text:
        return 0
    try:
        raw = urlsafe_b64decode(text.encode("ascii")) if len(text) <= _LONGEST else b""
    except ValueError:
        return UNKNOWN
    salt, hidden, seal = raw[:_SALT], raw[_SALT : _SALT + _NUMBER], raw[_SALT + _NUMBER :]
    if len(raw) != _SALT + _NUMBER + _SEAL or not secrets.compare_digest(seal, _hash(b"seal", salt + hidden)):
        return UNKNOWN
    return int.from_bytes(_over(salt, hidden), "big")


def _over(salt: bytes, number: bytes) -> bytes:
    stream = _hash(b"hide", salt)
    return bytes(one ^ other for one, other in zip(number, stream, strict=True))


def _hash(use: bytes, text: bytes) -> bytes:
    return blake2b(text, digest_size=8, key=settings.SECRET_KEY.encode()[:64], person=b"quell." + use).digest()
