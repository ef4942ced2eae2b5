"""`quell doctor`: one line for each thing that has to work, with the mend where it does not."""

from __future__ import annotations

import json

import click


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
def command(as_json: bool) -> int:
    """Check database, migrations, storage, web, workers, queue, mail and time."""
    from quell.project.database import available
    from quell.project.doctor import FAIL, examine

    with available(prepared=False) as instance:
        findings = examine(instance)
    healthy = all(finding.status != FAIL for finding in findings)
    if as_json:
        click.echo(json.dumps({"healthy": healthy, "checks": [finding.plain() for finding in findings]}, indent=2))
    else:
        for finding in findings:
            mend = f"  {finding.mend}" if finding.mend else ""
            click.echo(f"{finding.status:<5}{finding.check:<12}{finding.says}.{mend}")
    return 0 if healthy else 1
