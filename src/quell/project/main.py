"""The command line `quell`: one click command or group per module below `commands/`, loaded when it is called.

Exit status 0 done, 1 refused or failed with one plain sentence, 2 wrong usage. Progress goes to standard error; a
command's answer, with `--json` one JSON document, to standard output.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec

import click

# name: (module that exports `command`, the line in `quell --help`; empty: Quell calls it itself)
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("quell.project.commands.up", "Start everything and keep it running until Ctrl-C."),
    "user": ("quell.project.commands.user", "Make people and give them roles."),
    "token": ("quell.project.commands.token", "Make API tokens."),
    "import": ("quell.project.commands.import_", "Bring in records from elsewhere."),
    "demo": ("quell.project.commands.demo", "Load the demonstration company, or take it out."),
    "clocks": ("quell.project.commands.clocks", "Check every clock against the journal."),
    "calendar": ("quell.project.commands.calendar", "Try a working calendar."),
    "mail": ("quell.project.commands.mail", "See what the mail channel makes of a message."),
    "alerts": ("quell.project.commands.alerts", "See what a source parser makes of a payload."),
    "doctor": ("quell.project.commands.doctor", "Check the installation; one line each, with the mend."),
    "backup": ("quell.project.commands.backup", "Write everything into one file."),
    "restore": ("quell.project.commands.restore", "Read a backup into an empty instance."),
    "bench": ("quell.project.commands.bench", "Run the project's own benchmarks."),
    "openapi": ("quell.project.commands.openapi", ""),
    "migrate": ("quell.project.commands.migrate", ""),
    "static": ("quell.project.commands.static", ""),
    "serve": ("quell.project.commands.serve", ""),
    "work": ("quell.project.commands.work", ""),
}


class Lazy(click.Group):
    """Loads a command's module when the command is called: `quell --help` imports nothing but this file."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands that are installed and meant for people, in the order a newcomer meets them."""
        return [name for name, (module, line) in COMMANDS.items() if line and find_spec(module) is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None when this installation has no such command."""
        if cmd_name not in COMMANDS or find_spec(COMMANDS[cmd_name][0]) is None:
            return None
        found = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help text, from the table above."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version("quell"), prog_name="quell", message="%(prog)s %(version)s")
def quell() -> None:
    """IT service management: one place to report, restore, prevent, change, promise and prove."""


def run(words: list[str] | None = None) -> int:
    """Run one command and return the exit status of the contract."""
    try:
        answer = quell.main(args=words, prog_name="quell", standalone_mode=False)
    except click.UsageError as wrong:
        wrong.show()
        return 2
    except click.ClickException as refused:
        return _refuse(refused.format_message())
    except (click.Abort, KeyboardInterrupt):
        return _refuse("Stopped.")
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; so does the message that Python would print about it
        return 1
    except Exception as fault:
        sentence = _sentence(fault)
        if sentence is None:
            raise
        return _refuse(sentence)
    return answer if isinstance(answer, int) else 0


def _refuse(sentence: str) -> int:
    click.echo(f"quell: {sentence}", err=True)
    return 1


def _sentence(fault: Exception) -> str | None:
    """The plain sentence for an expected failure; None for a fault of ours, which shows its trace."""
    from .database_url import BadDatabaseURL
    from .instance import Misconfigured
    from .server_owner import CannotRun

    if isinstance(fault, (BadDatabaseURL, CannotRun, Misconfigured)):
        return str(fault)
    refusal = sys.modules.get("quell.kernel.config.refusal")
    if refusal is not None and isinstance(fault, refusal.Refusal):
        return str(fault.sentence)
    errors = sys.modules.get("django.db.utils")
    if errors is not None and isinstance(fault, errors.OperationalError):
        reason = (str(fault).strip().splitlines() or ["no reason given"])[-1]
        return f"The database does not answer ({reason}). Check DATABASE_URL, and that the server runs."
    if isinstance(fault, PermissionError) and fault.filename:
        return f"{fault.filename} may not be read or written by this user: mend its owner, or set QUELL_DATA elsewhere."
    return None


def main() -> None:
    """The entry point."""
    sys.exit(run())


if __name__ == "__main__":
    main()
