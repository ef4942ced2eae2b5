"""iCalendar files: what is understood, what is left out, and what a hostile one cannot do."""

from __future__ import annotations

import time
from datetime import date

import pytest

from quell.practices.calendars.rules import feeds
from quell.practices.calendars.rules.feeds import UnreadableFeed

SINCE, UNTIL = date(2025, 1, 1), date(2029, 1, 1)


def event(begin: str, name: str = "Feast", *lines: str) -> str:
    kind = "" if "T" in begin else ";VALUE=DATE"
    return "\r\n".join(
        ["BEGIN:VEVENT", f"UID:{name}", f"DTSTART{kind}:{begin}", f"SUMMARY:{name}", *lines, "END:VEVENT"]
    )


def file(*parts: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", ""]).encode()


def all_of(name: str, *days: str) -> dict[str, str]:
    return dict.fromkeys(days, name)


def read(*parts: str) -> dict[str, str]:
    return dict(feeds.read(file(*parts), SINCE, UNTIL).days.off)


UNDERSTOOD = {
    "one-day": (event("20261224", "Jul"), {"2026-12-24": "Jul"}),
    "end-is-exclusive": (
        event("20261224", "Jul", "DTEND;VALUE=DATE:20261226"),
        all_of("Jul", "2026-12-24", "2026-12-25"),
    ),
    "duration": (event("20261224", "Jul", "DURATION:P2D"), all_of("Jul", "2026-12-24", "2026-12-25")),
    "yearly": (
        event("20200605", "Grundlov", "RRULE:FREQ=YEARLY;UNTIL=20270101"),
        all_of("Grundlov", "2025-06-05", "2026-06-05"),
    ),
    "count": (event("20250605", "X", "RRULE:FREQ=YEARLY;COUNT=2"), all_of("X", "2025-06-05", "2026-06-05")),
    "leap-day": (event("20240229", "X", "RRULE:FREQ=YEARLY"), {"2028-02-29": "X"}),
    "fourth-thursday": (
        event("20201126", "T", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=7"),
        all_of("T", "2025-11-27", "2026-11-26"),
    ),
    "last-monday": (
        event("20250526", "M", "RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=2"),
        all_of("M", "2025-05-26", "2026-05-25"),
    ),
    "monthly": (
        event("20250131", "M", "RRULE:FREQ=MONTHLY;COUNT=3"),
        all_of("M", "2025-01-31", "2025-03-31", "2025-05-31"),
    ),
    "weekly": (
        event("20250106", "W", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=3"),
        all_of("W", "2025-01-06", "2025-01-08", "2025-01-20"),
    ),
    "daily": (event("20250106", "D", "RRULE:FREQ=DAILY;COUNT=2"), all_of("D", "2025-01-06", "2025-01-07")),
    "exdate": (
        event("20250605", "X", "RRULE:FREQ=YEARLY;COUNT=2", "EXDATE;VALUE=DATE:20250605"),
        {"2026-06-05": "X"},
    ),
    "rdate": (
        event("20250605", "X", "RDATE;VALUE=DATE:20250701,20250702"),
        all_of("X", "2025-06-05", "2025-07-01", "2025-07-02"),
    ),
    "moved": (
        event("20250605", "X", "RRULE:FREQ=YEARLY;COUNT=2") + "\r\n"
        + event("20260608", "X", "RECURRENCE-ID;VALUE=DATE:20260605"),
        all_of("X", "2025-06-05", "2026-06-08"),
    ),
    "midnights-of-a-zone": (event("20261224T000000", "Jul", "DTEND:20261225T000000"), {"2026-12-24": "Jul"}),
    "two-names": (event("20261224", "Jul") + "\r\n" + event("20261224", "Lukket"), {"2026-12-24": "Jul / Lukket"}),
    "folded": (event("20261224", "A long\r\n  name\\, folded"), {"2026-12-24": "A long name, folded"}),
    "cancelled": (
        event("20261224", "No", "STATUS:CANCELLED") + "\r\n" + event("20261225", "Yes"), {"2026-12-25": "Yes"},
    ),
    "only-these-years": (event("19990101", "Old") + "\r\n" + event("20261225", "Yes"), {"2026-12-25": "Yes"}),
    "one-broken": (event("2026-99-99", "Bad") + "\r\n" + event("20261225", "Yes"), {"2026-12-25": "Yes"}),
}  # fmt: skip


@pytest.mark.parametrize(("parts", "days"), UNDERSTOOD.values(), ids=UNDERSTOOD.keys())
def test_what_is_understood(parts: str, days: dict[str, str]) -> None:
    assert read(parts) == days


def test_chinese_marks_say_what_is_off_and_what_is_worked() -> None:
    found = feeds.read(
        file(
            event("20260101", "元旦（休）", "DTEND;VALUE=DATE:20260104"), event("20260104", "元旦（班）"),
            event("20260214", "情人节"), event("20260228", "春节 补班"), event("20261010", "国庆节 班"),
            event("20260217", "春节 休"),
        ),
        SINCE, UNTIL,
    )  # fmt: skip
    assert dict(found.days.make_up) == all_of("mon", "2026-01-04", "2026-02-28", "2026-10-10")
    assert list(found.days.off) == ["2026-01-01", "2026-01-02", "2026-01-03", "2026-02-17"]
    assert (found.days.off["2026-01-01"], found.left_out) == ("元旦", 1)
    marks = [f"X-APPLE-SPECIAL-DAY:{mark}" for mark in ("WORK-HOLIDAY", "ALTERNATE-WORKDAY")]
    apple = [event("20260101", "New Year", marks[0]), event("20260105", "Shift", marks[1]), event("20260214", "Love")]
    told = feeds.read(file(*apple), SINCE, UNTIL).days
    assert (list(told.off), list(told.make_up)) == (["2026-01-01"], ["2026-01-05"])
    traditional = feeds.read(file(event("20260207", "補行上班日"), event("20260101", "開國紀念日")), SINCE, UNTIL).days
    assert (list(traditional.off), list(traditional.make_up)) == (["2026-01-01"], ["2026-02-07"])


HOSTILE = {
    "every-second": ([event("00010101", "X", "RRULE:FREQ=SECONDLY")], "no_dates"),
    "for-ever": ([event("00010101", "X", "RRULE:FREQ=DAILY"), *[event("19700101", "X", "RRULE:FREQ=DAILY")] * 299], ""),
    "never": ([event("19700101", "X", "RRULE:FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31")] * 300, "no_dates"),
    "too-many-rules": ([event("19700101", "X", "RRULE:FREQ=YEARLY")] * 301, "too_large"),
    "too-many-events": ([event("20261224", "X")] * 5_001, "too_large"),
    "many-values": ([event("19700101", "X", "RRULE:FREQ=YEARLY;BYMONTHDAY=" + ",".join(["1"] * 900))], "no_dates"),
    "huge-interval": ([event("19700101", "X", "RRULE:FREQ=YEARLY;INTERVAL=99999999999999999999")], "no_dates"),
    "century-long": ([event("20261224", "X", "DTEND;VALUE=DATE:99991231")], "no_dates"),
    "negative": ([event("20261224", "X", "DTEND;VALUE=DATE:20260101", "DURATION:-P9999999D")], ""),
    "nested": (["BEGIN:VEVENT"] * 20_000, "no_dates"),
    "hidden-in-an-alarm": (
        ["BEGIN:VEVENT", "BEGIN:VALARM", "DTSTART;VALUE=DATE:20261224", "END:VALARM", "END:VEVENT"], "no_dates",
    ),
    "zone-rules": (
        ["BEGIN:VTIMEZONE", "TZID:X", "BEGIN:STANDARD", "DTSTART:00010101T000000", "RRULE:FREQ=SECONDLY",
         "TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE"], "no_dates",
    ),
    "only-ends": (["END:VEVENT"] * 100, "no_dates"),
    "too-many-lines": (["X:1"] * 60_001, "too_large"),
    "broken-rule": ([event("20250101", "X", "RRULE:FREQ=;BYDAY=,,")], "no_dates"),
}  # fmt: skip


@pytest.mark.parametrize(("parts", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_ends_soon(parts: list[str], code: str) -> None:
    begun = time.process_time()
    try:
        feeds.read(file(*parts), SINCE, UNTIL)
        found = ""
    except UnreadableFeed as fault:
        found = fault.code
    assert found == code
    assert time.process_time() - begun < 6


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not_a_calendar_file"), (b"\xff\xfe\x00", "not_a_calendar_file"),
        (b"BEGIN:VCARD\r\n", "not_a_calendar_file"),
        (b"BEGIN:VCALENDAR\x00", "not_a_calendar_file"), (b"BEGIN:VCALENDAR\r\n" + b" " * 1_000_000, "too_large"),
    ],
    ids=["empty", "utf-16", "card", "nul", "large"],
)  # fmt: skip
def test_what_is_no_calendar(raw: bytes, code: str) -> None:
    with pytest.raises(UnreadableFeed) as fault:
        feeds.read(raw, SINCE, UNTIL)
    assert fault.value.code == code
