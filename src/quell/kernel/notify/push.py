"""Calling a browser (Web Push, RFC 8030): the key of this house, the words, and the one request that carries them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from functools import cache
from urllib.parse import urlsplit

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from quell.engines import web_push
from quell.kernel.outbound import client

from .models import Notification
from .wording import sentence

#: A notice that nobody could take for so long is history; it stands in the inbox.
SECONDS_KEPT = 12 * 3600
LONGEST_BODY, LONGEST_TITLE = 400, 120
#: What says that this browser is not to be called again: gone (RFC 8030, 7.3), or made for another key than ours.
OVER = frozenset({401, 403, 404, 410})


@dataclass(frozen=True, slots=True)
class Words:
    """What the notice says, where it leads, and which earlier notice it takes the place of."""

    title: str
    body: str
    url: str
    about: str


@cache
def _key_of(secret: str) -> web_push.PrivateKey:
    derived = HKDF(algorithm=hashes.SHA256(), length=48, salt=None, info=b"quell web push key")
    return web_push.key_from_seed(derived.derive(secret.encode()))


def house_key() -> web_push.PrivateKey:
    """The key by which push services know this house (VAPID, RFC 8292). It follows from the one secret that all its
    machines share already, so there is nothing more to keep, to hand round or to lose in a copy of the database. A new
    secret signs everybody out, and browsers have to be turned on anew as well."""
    return _key_of(settings.SECRET_KEY)


def public_key() -> str:
    """Its public half, as a browser takes it."""
    return web_push.packed(web_push.point_of(house_key()))


def services() -> list[str]:
    """The hosts that may be called."""
    found: list[str] = settings.PUSH_SERVICES
    return found


def words(notice: Notification, *, works: bool) -> Words:
    """What a line says on a lock screen, in the language in force: its one sentence, which tells a requester nothing
    from the inside, and never what was written. `works`: the reader has a desk to open it at."""
    number = notice.record.number
    url = f"/incidents/{number}" if works else f"/portal/requests/{number}"
    return Words(number, sentence(notice), url, number)


def call(endpoint: str, key: bytes, secret: bytes, words: Words, now: datetime) -> int:
    """Hand the words to the push service; returns its status. Raises Blocked and Unreachable (kernel/outbound)."""
    said = {
        "title": words.title[:LONGEST_TITLE],
        "body": words.body[:LONGEST_BODY],
        "url": words.url,
        "tag": words.about,
    }
    body = web_push.locked(
        orjson.dumps(said),
        receiver=key,
        auth=secret,
        sender=ec.generate_private_key(web_push.CURVE),
        salt=os.urandom(web_push.SALT_BYTES),
    )
    place = urlsplit(endpoint)
    proof = web_push.proof(house_key(), audience=f"{place.scheme}://{place.netloc}", contact=_contact(), now=now)
    headers = {
        "Authorization": proof,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(SECONDS_KEPT),
        "Urgency": "high",
    }
    return client.send("POST", endpoint, hosts=services(), headers=headers, body=body).status


def _contact() -> str:
    """Where the people of a push service can complain (RFC 8292, 2.1)."""
    url: str = settings.PUBLIC_URL
    return url if url.startswith("https://") else f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"
