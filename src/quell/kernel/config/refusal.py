"""Business refusals: exceptions with a stable code, a sentence for the person and an HTTP status.

Forms, API, bulk and mail all show the same sentence (architecture.md 4). A refusal is an ordinary
outcome, not a fault: it never reaches the error log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field at fault, named as the API names it, with a sentence saying what to do."""

    field: str
    message: str


class Refusal(Exception):
    """Something the product will not do, and why. Subclasses fix the status and the usual code."""

    status = 409
    code = "refused"

    def __init__(self, sentence: str, *, code: str | None = None, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(sentence)
        self.sentence = str(sentence)
        self.code = code or self.code
        self.errors = tuple(errors)


class NotSignedIn(Refusal):
    """401: no valid session or token."""

    status = 401
    code = "not_signed_in"


class Forbidden(Refusal):
    """403: known to the caller, but not allowed."""

    status = 403
    code = "forbidden"


class NotFound(Refusal):
    """404: unknown, or not the caller's to see. The two are never told apart."""

    status = 404
    code = "not_found"


class WrongState(Refusal):
    """409: the verb does not apply in the record's present state."""

    status = 409
    code = "wrong_state"


class Conflict(Refusal):
    """409: the change collides with something that exists already."""

    status = 409
    code = "conflict"


class Stale(Refusal):
    """412: the caller's version is older than the record's. `version` is the current one."""

    status = 412
    code = "stale"

    def __init__(self, sentence: str, *, version: int) -> None:
        super().__init__(sentence)
        self.version = version


class TooLarge(Refusal):
    """413: a body or a file above its limit."""

    status = 413
    code = "too_large"


class Invalid(Refusal):
    """422: the input is understood but cannot be accepted; `errors` names the fields."""

    status = 422
    code = "invalid"

    @classmethod
    def field(cls, field: str, message: str) -> Invalid:
        """The common case of a single field at fault."""
        return cls(message, errors=[FieldError(field, str(message))])


class TooMany(Refusal):
    """429: ask again after `retry_after` seconds."""

    status = 429
    code = "too_many_requests"

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
