"""One instance of Quell as its environment describes it (contract.md, "Two commands"). Reads no settings, needs no
Django: the supervisor lives on this."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .embedded_postgres import EmbeddedPostgres


class Misconfigured(ValueError):
    """The environment says something that cannot be; the message says which variable and what is expected."""


@dataclass(frozen=True)
class Instance:
    """`data` is the state directory, absolute. `given_url` is the operator's own database, if he has one."""

    data: Path
    host: str
    port: int
    given_url: str
    demo: bool
    key_given: bool = False

    @property
    def address(self) -> str:
        """What to type into a browser on this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104 - only compared
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def server(self, *, fsync: bool = True, tell: Callable[[str], None] | None = None) -> EmbeddedPostgres:
        """The private database server of this instance (nothing is started)."""
        return EmbeddedPostgres(self.data / "postgres", fsync=fsync, tell=tell or say)

    def make_state_directory(self) -> None:
        """Make the state directory; others may pass through (the database's user has to) but not look."""
        if not self.data.exists():
            self.data.mkdir(parents=True, mode=0o711)

    def secret_key(self) -> str:
        """The key in the environment, else the one kept in the state directory, which is made when missing."""
        if given := os.environ.get("QUELL_SECRET_KEY"):
            return given
        kept = self.data / "secret-key"
        if not kept.exists():
            self.make_state_directory()
            fresh = self.data / f"secret-key.{os.getpid()}"
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as out:
                out.write(os.urandom(48).hex() + "\n")
            try:
                os.link(fresh, kept)  # whoever comes second keeps the first one's key
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return kept.read_text().strip()


def instance_here() -> Instance:
    """The instance the environment describes; raises Misconfigured."""
    port = os.environ.get("QUELL_PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Misconfigured(f"QUELL_PORT must be a number from 1 to 65535, not {port!r}.")
    return Instance(
        data=Path(os.environ.get("QUELL_DATA") or "var").resolve(),
        host=os.environ.get("QUELL_HOST") or "127.0.0.1",
        port=int(port),
        given_url=os.environ.get("DATABASE_URL", ""),
        demo=os.environ.get("QUELL_DEMO", "1") != "0",
        key_given=bool(os.environ.get("QUELL_SECRET_KEY")),
    )


def say(sentence: str) -> None:
    """One progress line on standard error."""
    print(f"quell: {sentence}", file=sys.stderr, flush=True)  # noqa: T201 - this is the line
