"""Sending a form twice does its work once: the second post gets the first result (double click, reload, back).

The key is claimed in the transaction of the work itself, so there is either both the work and its result, or neither;
a second post that arrives meanwhile waits for the first to end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

import orjson
from django.db import transaction

from quell.kernel.config import sql

_CLAIM = """
INSERT INTO actions_idempotencykey (person_id, key, fingerprint, location, created_at)
VALUES (%(person)s, %(key)s, %(fingerprint)s, '', %(now)s) ON CONFLICT (person_id, key) DO NOTHING
"""
_KEEP = "UPDATE actions_idempotencykey SET location = %(result)s WHERE person_id = %(person)s AND key = %(key)s"
_READ = "SELECT location FROM actions_idempotencykey WHERE person_id = %(person)s AND key = %(key)s"


def fingerprint(*parts: object) -> str:
    """What was sent, as 64 hexadecimal digits."""
    return hashlib.sha256(orjson.dumps([str(part) for part in parts])).hexdigest()


def already(person_id: int, token: str, content: str) -> str | None:
    """The result of `once` for this form and this content, if its work is done; asked before what may not be done
    twice and is no part of the work."""
    if not token:
        return None
    found = sql.row(_READ, {"person": person_id, "key": f"form:{fingerprint(token, content)}"})
    return str(found[0]) if found else None


def once(person_id: int, token: str, content: str, work: Callable[[], str]) -> str:
    """The result (at most 300 characters) of `work`, done at most once for this form and this content.

    `token` is the hidden value of one rendered form, `content` the fingerprint of what stands in it: the same form
    sent again with other words (after going back) is other work. Without a token the work is simply done. Whatever
    `work` raises undoes everything.
    """
    if not token:
        with transaction.atomic():
            return work()
    # Hashed, so that any token fits and none collides with the keys of programs.
    key = f"form:{fingerprint(token, content)}"
    values = {"person": person_id, "key": key, "fingerprint": content, "now": datetime.now(UTC)}
    with transaction.atomic():
        if not sql.execute(_CLAIM, values):
            first = sql.row(_READ, values)
            return str(first[0]) if first else ""
        result = work()
        sql.execute(_KEEP, {**values, "result": result})
    return result
