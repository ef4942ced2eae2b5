"""How somebody wants to hear of things: a channel for each reason, quiet hours, and the time of the daily digest.

A person's own choice goes first, then that of the nearest organisation above them, then what the house ships.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from .models import Notification

NONE, INBOX, DIGEST, EMAIL = "none", "inbox", "digest", "email"
#: Not at all; a line in the inbox; a line that also stands in the daily mail; a line and a mail at once.
CHANNELS = (NONE, INBOX, DIGEST, EMAIL)

#: News of an announcement one said “me too” to. It stands above the inbox by itself, so "none" is no less than "inbox".
NEWS = "news"
REASONS: tuple[str, ...] = (*Notification.Reason.values, NEWS)
#: What the house ships. What many hear of at once stays in the inbox.
_IN_THE_INBOX = ("team", "queue", "owner", "promise")
SHIPPED: Mapping[str, str] = {reason: INBOX if reason in _IN_THE_INBOX else EMAIL for reason in REASONS}
DIGEST_AT = "08:00"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What holds for one person: `quiet_from` and `quiet_to` are times of day in `zone`, both "" for none."""

    channels: Mapping[str, str]
    quiet_from: str = ""
    quiet_to: str = ""
    digest_at: str = DIGEST_AT
    zone: str = ""

    def channel(self, reason: str) -> str:
        """Where a notice with this reason goes."""
        return self.channels.get(reason, INBOX)

    def quiet_seconds(self, now: datetime) -> int:
        """Seconds until the quiet hours end; 0 outside them."""
        if not self.quiet_from or self.quiet_from == self.quiet_to:
            return 0
        there = now.astimezone(self._zone())
        clock = there.strftime("%H:%M")
        overnight = self.quiet_from > self.quiet_to
        inside = clock >= self.quiet_from or clock < self.quiet_to if overnight else (
            self.quiet_from <= clock < self.quiet_to
        )  # fmt: skip
        if not inside:
            return 0
        return max(1, int((_next(there, self.quiet_to) - now).total_seconds()))

    def next_digest(self, now: datetime) -> datetime:
        """When the next daily mail is due."""
        return _next(now.astimezone(self._zone()), self.digest_at)

    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone or settings.TIME_ZONE)


def _next(there: datetime, clock: str) -> datetime:
    """The next time the clock shows this, after now; an hour that a change of clocks skips is found an hour later."""
    wanted = time.fromisoformat(clock)
    zone = there.tzinfo
    found = datetime.combine(there.date(), wanted, tzinfo=zone)
    while found <= there:
        found = datetime.combine(found.date() + timedelta(days=1), wanted, tzinfo=zone)
    return found


def settled(own: Mapping[str, str], above: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The channel of every reason. `above` from the root down to the person's own organisation."""
    found = dict(SHIPPED)
    for layer in (*above, own):
        found.update({reason: channel for reason, channel in layer.items() if reason in SHIPPED})
    return found


def channels_of(reason: str) -> tuple[str, ...]:
    """The channels that make a difference for a reason."""
    return CHANNELS[1:] if reason == NEWS else CHANNELS


def told_by(reason: str, channel: str) -> str:
    """The channel among `channels_of` that does what this one does."""
    return INBOX if reason == NEWS and channel == NONE else channel


def undeliverable(email: str) -> bool:
    """An address that no mail can reach, by its very ending (RFC 2606): of demonstrations and of imported people."""
    return email.rpartition(".")[2] in ("invalid", "example")
