"""The same call twice, one effect: answers kept under the caller's `Idempotency-Key` (contract.md, HTTP).

The key is written in the transaction of the action itself. A second call at the same time waits on the key's unique
index until the first has committed, and then finds its answer; a process killed in between leaves neither.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import orjson
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from quell.kernel.config import sql
from quell.kernel.config.refusal import Invalid

from .authentication import actor_of

#: An older answer is replaced.
KEPT_HOURS = 24
_LONGEST = 255

_TAKE = f"""
INSERT INTO actions_idempotencykey AS k (person_id, key, fingerprint, location, created_at)
VALUES (%(person)s, %(key)s, %(fingerprint)s, '', now())
ON CONFLICT (person_id, key) DO UPDATE
  SET fingerprint = EXCLUDED.fingerprint, status = NULL, location = '', answer = NULL, created_at = now()
  WHERE k.created_at < now() - interval '{KEPT_HOURS} hours'
RETURNING id
"""  # noqa: S608 - a constant of our own
_KEPT = "SELECT fingerprint, status, location, answer FROM actions_idempotencykey WHERE person_id = %s AND key = %s"
_KEEP = "UPDATE actions_idempotencykey SET status = %s, location = %s, answer = %s WHERE id = %s"


def once(request: HttpRequest, act: Callable[[], HttpResponse], *, material: bytes | None = None) -> HttpResponse:
    """Do `act` now, or give the answer it gave under this key before. `material` is what makes calls alike (default:
    the body). Only answers of success are kept. Raises Invalid for a bad key and for another call under a used one."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return act()
    if not 1 <= len(key) <= _LONGEST or not key.isascii() or not key.isprintable():
        raise Invalid.field("Idempotency-Key", _("A key has 1 to 255 printable characters."))
    values = {"person": actor_of(request).person_id, "key": key, "fingerprint": _fingerprint(request, material)}
    with transaction.atomic():
        taken = sql.row(_TAKE, values)
        if taken is not None:
            response = act()
            sql.execute(_KEEP, [response.status_code, response.headers.get("Location", ""), response.content, taken[0]])
            return response
    kept = sql.row(_KEPT, [values["person"], key])
    if kept is None or kept[1] is None or kept[0] != values["fingerprint"]:
        raise Invalid.field("Idempotency-Key", _("This key was used for another call. Take a new one."))
    return _again(kept[1], kept[2], bytes(kept[3]))


def _fingerprint(request: HttpRequest, material: bytes | None) -> str:
    what = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    what.update(request.body if material is None else material)
    return what.hexdigest()


def _again(status: int, location: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, status=status, content_type="application/json")
    response.headers["Idempotent-Replayed"] = "true"
    if location:
        response.headers["Location"] = location
    version = orjson.loads(content).get("version")
    if version is not None:
        response.headers["ETag"] = f'"{version}"'
    return response
