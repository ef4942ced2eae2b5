"""Channels, quiet hours and daily mails as plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quell.kernel.notify.preferences import CHANNELS, REASONS, SHIPPED, Wishes, settled, undeliverable

COPENHAGEN = "Europe/Copenhagen"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("begins", "ends", "moment", "seconds"),
    [
        ("", "", "2026-03-02T23:00:00", 0),
        ("22:00", "07:00", "2026-03-02T20:59:00", 0),  # 21:59 there
        ("22:00", "07:00", "2026-03-02T21:00:00", 9 * 3600),
        ("22:00", "07:00", "2026-03-03T05:59:00", 60),
        ("22:00", "07:00", "2026-03-03T06:00:00", 0),
        ("12:00", "13:00", "2026-03-02T11:30:00", 1800),
        ("12:00", "12:00", "2026-03-02T11:00:00", 0),
        ("22:00", "07:00", "2026-03-28T21:00:00", 8 * 3600),  # the night the clocks go forward is an hour short
    ],
)
def test_quiet_hours_on_the_persons_own_clock(begins, ends, moment, seconds):
    wishes = Wishes(SHIPPED, begins, ends, zone=COPENHAGEN)
    assert wishes.quiet_seconds(at(moment)) == seconds


CLOCK = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
MOMENT = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(CLOCK, CLOCK, MOMENT, st.sampled_from([COPENHAGEN, "Asia/Shanghai", "America/St_Johns", "UTC"]))
def test_when_the_quiet_ends_it_is_not_quiet(begins, ends, moment, zone):
    wishes = Wishes(SHIPPED, begins, ends, zone=zone)
    wait = wishes.quiet_seconds(moment)
    assert 0 <= wait <= 26 * 3600
    if wait:
        assert wishes.quiet_seconds(moment + timedelta(seconds=wait + 1)) == 0


@given(CLOCK, MOMENT)
def test_the_next_daily_mail_is_within_a_day_and_never_now(clock, moment):
    due = Wishes(SHIPPED, digest_at=clock, zone=COPENHAGEN).next_digest(moment)
    assert moment < due <= moment + timedelta(hours=25)
    there = due.astimezone(ZoneInfo(COPENHAGEN))
    assert there.strftime("%H:%M") == clock or there.utcoffset() != (there - timedelta(hours=3)).utcoffset()


def test_the_nearest_word_counts():
    found = settled({"team": "none"}, [{"team": "email", "owner": "digest"}, {"team": "digest"}])
    assert (found["team"], found["owner"], found["assigned"]) == ("none", "digest", SHIPPED["assigned"])
    assert settled({"nonsense": "email"}, []) == dict(SHIPPED)


def test_everything_has_a_channel():
    assert set(SHIPPED) == set(REASONS)
    assert set(SHIPPED.values()) <= set(CHANNELS)


@pytest.mark.parametrize(
    ("email", "lost"),
    [("a@b.invalid", True), ("a@gungun.example", True), ("a@example.com", False), ("a@invalid.dk", False)],
)
def test_addresses_that_lead_nowhere(email, lost):
    assert undeliverable(email) is lost
