"""`quell demo …`: the demonstration company, for a first look and for trying things out."""

from __future__ import annotations

import click


@click.group("demo")
def command() -> None:
    """Load the demonstration company."""


@command.command("load")
@click.option("--no-log", is_flag=True, help="Leave out the published incident log (24,918 incidents).")
def load(no_log: bool) -> None:
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
            done = load_company(instance.data, bar, with_log=not no_log)
        finally:
            bar.close()
        preparation.remember(instance.data, {**preparation.remembered(instance.data), "demo": "loaded"})
        click.echo(
            f"{done.people} people, {done.incidents} incidents of the company, "
            f"{done.log_incidents:,} incidents of the log loaded.",
            err=True,
        )
        if (instance.data / FILE).exists():
            click.echo(f"Sign-in accounts: {instance.data / FILE}", err=True)
