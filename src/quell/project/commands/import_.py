"""`quell import …`: records from elsewhere, brought in with their whole history."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from quell.practices.incidents.imports.incident_log import Report

SECONDS_BETWEEN_LINES = 5


@click.group("import")
def command() -> None:
    """Bring in records from elsewhere."""


@command.command("incident-log")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.csv[.gz]")
@click.option("--organisation", metavar="CODE", help="Where the incidents belong (default: one made for the log).")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON document.")
def incident_log(file: Path, organisation: str | None, as_json: bool) -> None:
    """Read the UCI incident event log, every incident with its whole history.

    Running it again changes nothing; an import that was stopped goes on where it was.
    """
    from quell.project.database import available

    with available():
        from quell.practices.incidents.imports.incident_log import import_incident_log

        begun = time.monotonic()
        bar = Bar()
        try:
            report = import_incident_log(file, organisation, bar)
        finally:
            bar.close()
        seconds = round(time.monotonic() - begun, 1)
        if as_json:
            click.echo(json.dumps({**report.as_json(), "seconds": seconds}, ensure_ascii=False))
        else:
            _tell(report, seconds)


class Bar:
    """A progress bar on standard error; a line now and then where there is no terminal."""

    def __init__(self, what: str = "rows") -> None:
        self._what = what
        self._bar: ProgressBar[int] | None = None
        self._told = 0.0

    def __call__(self, done: int, of: int) -> None:
        """So many done, of so many."""
        if not sys.stderr.isatty():
            if time.monotonic() - self._told >= SECONDS_BETWEEN_LINES or done == of:
                self._told = time.monotonic()
                click.echo(f"{done:,} of {of:,} {self._what}", err=True)
            return
        if self._bar is None:
            self._bar = click.progressbar(length=max(of, 1), label=self._what.capitalize(), file=sys.stderr)
            self._bar.render_progress()
        self._bar.update(done - self._bar.pos)

    def close(self) -> None:
        """Give the terminal its cursor back, also after Ctrl-C."""
        if self._bar is not None:
            self._bar.render_finish()


def _tell(report: Report, seconds: float) -> None:
    """The report for people."""
    from django.utils.translation import gettext as _

    from quell.practices.incidents.imports import words

    found = report.figures
    assert found is not None
    lines = [
        _("%(rows)s rows read, %(refused)s refused")
        % {"rows": f"{report.rows_read:,}", "refused": f"{report.refused_count:,}"},
        _("%(made)s incidents made with %(entries)s entries of history, %(same)s here already and unchanged")
        % {
            "made": f"{report.created:,}",
            "entries": f"{report.entries_created:,}",
            "same": f"{report.unchanged:,}",
        },
        _("%(people)s people, %(teams)s teams, %(categories)s categories made")
        % {
            "people": f"{report.people_created:,}",
            "teams": f"{report.teams_created:,}",
            "categories": f"{report.categories_created:,}",
        },
        _("In the database: %(incidents)s incidents, %(entries)s entries; final priority %(priorities)s")
        % {
            "incidents": f"{found.incidents:,}",
            "entries": f"{found.entries:,}",
            "priorities": ", ".join(f"{level}: {count:,}" for level, count in found.final_priority.items()),
        },
        _("Reassigned at least once %(once)s, three times or more %(three)s; reopened %(reopened)s")
        % {
            "once": f"{found.reassigned_at_least_once:,}",
            "three": f"{found.reassigned_three_or_more:,}",
            "reopened": f"{found.reopened:,}",
        },
        _("Most frequent path: %(path)s (%(count)s)") % {"path": found.path or "–", "count": f"{found.path_count:,}"},
    ]
    lines += [
        _("Line %(line)s refused: %(reason)s") % {"line": row.line, "reason": words.refusal(row)}
        for row in report.refused
    ]
    if report.refused_count > len(report.refused):
        lines.append(_("… and %(count)s more refused") % {"count": f"{report.refused_count - len(report.refused):,}"})
    lines += [
        _("Odd: %(count)s %(what)s") % {"count": f"{count:,}", "what": words.oddity(code)}
        for code, count in sorted(report.oddities.items())
    ]
    lines.append(_("Done in %(seconds)s s") % {"seconds": seconds})
    click.echo("\n".join(lines))
