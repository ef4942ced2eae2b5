"""`quell demo …`: the demonstration company, for a first look and for trying things out."""

from __future__ import annotations

import click


@click.group("demo")
def command() -> None:
    """Load the demonstration company, or take it out again."""


@command.command("load")
@click.option("--days", default=90, show_default=True, type=click.IntRange(0, 365), help="How long its past is.")
@click.option("--no-log", is_flag=True, help="Leave out the published incident log (24,918 incidents).")
def load(days: int, no_log: bool) -> None:
    """Load Gungun Trading and the published incident log into an empty instance.

    Safe to stop and to run again: what is there stays, what is missing comes.
    """
    from quell.project import preparation
    from quell.project.commands.import_ import Bar
    from quell.project.database import available

    with available() as instance:
        from quell.project.demonstration.accounts import FILE
        from quell.project.demonstration.loading import load as load_company

        preparation.remember(instance.data, {**preparation.remembered(instance.data), "demo": "begun"})
        bar = Bar()
        try:
            done = load_company(instance.data, bar, with_log=not no_log, days=days)
        finally:
            bar.close()
        preparation.remember(instance.data, {**preparation.remembered(instance.data), "demo": "loaded"})
        click.echo(
            f"{done.people} people and {done.incidents} incidents of the company loaded in "
            f"{done.company_seconds:.0f} s, {done.log_incidents:,} incidents of the log in {done.log_seconds:.0f} s.",
            err=True,
        )
        if (instance.data / FILE).exists():
            click.echo(f"Sign-in accounts: {instance.data / FILE}", err=True)


@command.command("remove")
def remove() -> None:
    """Take the demonstration company and the published log out, with all their people and work.

    Refused when somebody else's work leans on it. Files, history and search go with it.
    """
    from quell.project import preparation
    from quell.project.database import available

    with available() as instance:
        from quell.kernel.access.actor import HOUSE
        from quell.project.demonstration import leaving

        left = leaving.leave(HOUSE, instance.data)
        preparation.remember(instance.data, {**preparation.remembered(instance.data), "demo": "removed"})
        click.echo(
            f"{left.people} people and {left.incidents:,} incidents are gone, {left.rows:,} rows in all.", err=True
        )
        if left.names_kept:
            click.echo(f"They stay as names in other people's history: {', '.join(left.names_kept)}.", err=True)
