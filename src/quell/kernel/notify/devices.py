"""The browsers in which a person lets themselves be called. A device belongs to whoever is signed in on it: signing
out there, somebody else's signing in, a new password and a closed account all end it."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from quell.engines.web_push import readable, unpacked
from quell.kernel.config.refusal import Invalid
from quell.kernel.outbound.client import Blocked, permitted
from quell.kernel.people.models import Person

from .models import Device
from .push import services

MOST = 10
LONGEST_ENDPOINT, LONGEST_KEY = 1000, 100

_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
#: Most browsers say that they are several others too, so the first that fits is the one.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Vivaldi", "Vivaldi"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip


def name_of(agent: str) -> str:
    """What people call the browser with this User-Agent: “Firefox · Windows”."""
    found = (next((said for sign, said in known if sign in agent), "") for known in (_BROWSERS, _SYSTEMS))
    return " · ".join(said for said in found if said)


def new_mark() -> str:
    """A secret by which a browser is known again."""
    return secrets.token_urlsafe(32)


def _digest(mark: str) -> bytes:
    return hashlib.sha256(mark.encode("utf-8", "surrogatepass")).digest()


def own(person_id: int) -> list[Device]:
    """A person's devices, the newest first."""
    return list(Device.objects.filter(person_id=person_id).order_by("-created_at", "-pk"))


def here(person_id: int, mark: str) -> int | None:
    """The id of the device that this browser is, if it is one of this person's."""
    if not mark:
        return None
    return Device.objects.filter(person_id=person_id, mark=_digest(mark)).values_list("pk", flat=True).first()


def keep(person: Person, endpoint: str, key: str, secret: str, *, mark: str, agent: str) -> tuple[Device, bool]:
    """Take a browser into a person's list, or note its new address; returns it, and whether it is new. Whoever had
    this browser before is no longer called there. Raises Invalid. Belongs into a transaction, the person locked."""
    values = _checked(endpoint, key, secret)
    now = datetime.now(UTC)
    held = Device.objects.filter(person=person, mark=_digest(mark)).first()
    ousted = Device.objects.filter(endpoint=endpoint) | Device.objects.filter(mark=_digest(mark))
    (ousted if held is None else ousted.exclude(pk=held.pk)).delete()
    if held is None and Device.objects.filter(person=person).count() >= MOST:
        raise Invalid(_("You have %(most)d devices already. Remove one first.") % {"most": MOST})
    values |= {"stamp": person.get_session_auth_hash(), "name": name_of(agent)}
    if held is not None:
        for name, value in values.items():
            setattr(held, name, value)
        held.save(update_fields=list(values))
        return held, False
    return Device.objects.create(person=person, mark=_digest(mark), created_at=now, **values), True


def _checked(endpoint: str, key: str, secret: str) -> dict[str, str | bytes]:
    try:
        if len(endpoint) > LONGEST_ENDPOINT or max(len(key), len(secret)) > LONGEST_KEY:
            raise ValueError
        public, shared = unpacked(key), unpacked(secret)
        if not readable(public, shared):
            raise ValueError
    except ValueError:
        raise Invalid(_("This browser gave no address that we can call.")) from None
    try:
        permitted(endpoint, services())
    except Blocked:
        raise Invalid.field("endpoint", _("This browser’s push service is not among those we call.")) from None
    return {"endpoint": endpoint, "key": public, "secret": shared}


def still_here(person: Person, mark: str) -> None:
    """Somebody signed in on this browser: whoever else was called here is not any more, and for the same person it
    goes on with the password they have now."""
    if not mark:
        return
    with transaction.atomic():
        known = Device.objects.filter(mark=_digest(mark))
        known.exclude(person=person).delete()
        known.update(stamp=person.get_session_auth_hash())


def signed_out(mark: str) -> None:
    """Nobody is called on this browser any more."""
    if mark:
        Device.objects.filter(mark=_digest(mark)).delete()


def end_all(person_ids: Iterable[int]) -> None:
    """Call these people nowhere any more."""
    Device.objects.filter(person_id__in=list(person_ids)).delete()


def looks_like_mark(text: str) -> bool:
    """Could this be a mark of ours? What a browser sends otherwise is not looked up."""
    return bool(re.fullmatch(r"[A-Za-z0-9_-]{43}", text))
