"""Holiday sets are kept fresh: files at an address every night, countries once a month."""

from __future__ import annotations

from datetime import UTC, datetime

from quell.kernel.jobs.app import app

from . import facade


@app.periodic(cron="41 2 * * *")
@app.task(name="calendars.read_feeds", queueing_lock="calendars.read_feeds")
def read_feeds(timestamp: int) -> None:
    """Read the iCalendar files of all holiday sets that have one."""
    facade.refresh_all("feed", datetime.now(UTC))


@app.periodic(cron="53 2 1 * *")
@app.task(name="calendars.extend_countries", queueing_lock="calendars.extend_countries")
def extend_countries(timestamp: int) -> None:
    """Take up another year, and what governments have announced since, into the sets of countries."""
    facade.refresh_all("country", datetime.now(UTC))
