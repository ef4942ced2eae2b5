"""`quell clocks …`: clocks checked against the journal, and applied to history that came in from elsewhere."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import click

from .import_ import Bar

if TYPE_CHECKING:
    from quell.practices.clocks.facade import Verified


@click.group("clocks")
def command() -> None:
    """Check every clock against the journal."""


@command.command("verify")
@click.option("--no-mend", is_flag=True, help="Report only; leave rows that differ as they are.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
def verify(no_mend: bool, as_json: bool) -> int:
    """Replay every clock from the journal and compare it with its stored row.

    Rows that differ are named and mended: a row is a cache, and the journal is right. Exit status 1 when any differed.
    """
    from quell.project.database import available

    with available():
        from quell.practices.clocks import facade
        from quell.project.side_by_side import side_by_side

        begun, bar = time.monotonic(), Bar("records")
        try:
            found = facade.verify(mend=not no_mend, progress=bar, spread=side_by_side)
        finally:
            bar.close()
        if as_json:
            seconds = round(time.monotonic() - begun, 1)
            click.echo(json.dumps({**facade.as_json(found), "seconds": seconds}, ensure_ascii=False))
        else:
            _tell(found)
    return 1 if found.differences else 0


def _tell(found: Verified) -> None:
    for one in found.differences:
        what = f"{one.column} was {one.stored}, is {one.replayed}" if one.column else _existence(one.stored)
        click.echo(f"{one.number} {one.clock}: {what}{' (mended)' if one.mended else ''}")
    click.echo(
        f"{found.clocks:,} clocks of {found.records:,} records replayed, {len(found.differences):,} differences."
    )


def _existence(stored: str) -> str:
    return "the row should not be there" if stored else "the row was missing"


@command.command("apply")
@click.argument("organisation", metavar="ORGANISATION")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
def apply(organisation: str, as_json: bool) -> None:
    """Give the records of an organisation the clocks that its agreements promise, by replaying their history.

    For history that came in before there was an agreement, or from another system. Records that have clocks already
    are left alone; nothing is sent to anybody.
    """
    from quell.project.database import available

    with available():
        from quell.practices.clocks import facade

        begun, bar = time.monotonic(), Bar("records")
        try:
            records, clocks = facade.apply_to_history(organisation, bar)
        finally:
            bar.close()
        seconds = round(time.monotonic() - begun, 1)
        if as_json:
            click.echo(json.dumps({"records": records, "clocks": clocks, "seconds": seconds}))
        else:
            click.echo(f"{records:,} records have {clocks:,} clocks now. Done in {seconds} s.")
