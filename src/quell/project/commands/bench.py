"""`quell bench`: how fast this is here, beside what PostgreSQL alone would do and what others do."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

SIZES = {"1k": 1000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}


def _sizes(_context: click.Context, _parameter: click.Parameter, text: str) -> tuple[int, ...]:
    sizes = []
    for word in text.lower().split(","):
        if word.strip() not in SIZES:
            raise click.BadParameter(f"choose among {', '.join(SIZES)}, separated by commas")
        sizes.append(SIZES[word.strip()])
    return tuple(sizes)


@click.command("bench")
@click.argument("names", nargs=-1, metavar="[NAME …]")
@click.option("--size", "sizes", default="100k", show_default=True, callback=_sizes, help=f"Any of {', '.join(SIZES)}.")
@click.option("--seconds", default=8.0, show_default=True, type=click.FloatRange(0.2, 600), help="For each measure.")
@click.option("--clients", type=click.IntRange(1, 500), help="Default 8 (1 at 1m); create: 1 and 8.")
@click.option("--keep", is_flag=True, help="Leave the made data for the next run.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Where to make it; default QUELL_DATA.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--write", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="Put the table into a page."
)
def command(
    names: tuple[str, ...],
    sizes: tuple[int, ...],
    seconds: float,
    clients: int | None,
    keep: bool,
    data: Path | None,
    as_json: bool,
    write: Path | None,
) -> None:
    """Measure NAME … (default: everything) on data made for the purpose.

    A private instance is made below the state directory and removed again; nothing of yours is touched. Exit status
    1 when an answer is wrong; a target that is missed is said in the table.
    """
    from quell.project.bench import measures, report, session
    from quell.project.bench.stand import BenchFailed
    from quell.project.instance import instance_here, say

    unknown = [name for name in names if name not in measures.NAMES]
    if unknown:
        raise click.BadParameter(f"{', '.join(unknown)}: choose among {', '.join(measures.NAMES)}", param_hint="NAME")
    home = (data or instance_here().data).resolve()
    plan = session.Plan(names or measures.NAMES, sizes, seconds, clients, home, keep)
    try:
        results = session.run(plan, say)
    except BenchFailed as fault:
        raise click.ClickException(str(fault)) from None
    found = report.document(results, {"seconds": seconds, "clients": clients, "sizes": list(sizes)})
    if write is not None:
        report.write_into(write, found)
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else report.table(results))
    sys.stdout.flush()
