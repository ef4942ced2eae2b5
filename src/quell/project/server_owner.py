"""Under which user the private database server runs.

PostgreSQL refuses to run as root. An ordinary user runs it as himself. Root hands it to the owner of the
existing data directory or, on the first start, to `nobody`. When the checkout or the data lie below a directory
that this user may not enter (a checkout in /root), the server keeps one single right of root, to pass through
directories; no directory outside the data directory is ever changed. The web process that asks it runs as root in
that case as well, so nothing is gained by the exception that was not there before.
"""

from __future__ import annotations

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path


class CannotRun(Exception):
    """The private server cannot run here; the message says in one sentence what to do."""


@dataclass(frozen=True)
class Owner:
    """A user id and a group id; `None` means: whoever runs this program."""

    uid: int | None
    gid: int | None

    def take(self, path: Path) -> None:
        """Give `path` to this owner (only ever called for paths inside the state directory)."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def command(self, words: list[str], *paths: Path) -> list[str]:
        """`words` as the command to execute, wrapped where the owner could not reach one of `paths`."""
        if self.uid is None or all(self._reaches(path) for path in paths):
            return words
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise CannotRun(
                f"The database server does not run as root, and user {self.uid} may not enter every directory above "
                f"{paths[-1]}: start Quell as an ordinary user, set QUELL_DATA to a directory everyone may enter "
                "(for example /var/lib/quell), or install the package util-linux."
            )
        # no_setuid_fixup lets access(2) see the right too: PostgreSQL asks it about its own program files.
        return [
            setpriv,
            f"--reuid={self.uid}",
            f"--regid={self.gid}",
            "--clear-groups",
            "--securebits=+no_setuid_fixup",
            "--inh-caps=+dac_read_search",
            "--ambient-caps=+dac_read_search",
            "--bounding-set=-all,+dac_read_search",
            "--",
            *words,
        ]

    def drops_itself(self, command: list[str]) -> bool:
        """Whether `command` changes the user by itself (then the parent must not)."""
        return bool(command) and Path(command[0]).name == "setpriv"

    def _reaches(self, path: Path) -> bool:
        for directory in path.resolve().parents:
            found = directory.stat()
            if found.st_uid == self.uid:
                allowed = found.st_mode & 0o100
            elif found.st_gid == self.gid:
                allowed = found.st_mode & 0o010
            else:
                allowed = found.st_mode & 0o001
            if not allowed:
                return False
        return True


def owner_of(cluster: Path) -> Owner:
    """The owner for the cluster directory `cluster`, which need not exist yet."""
    if os.geteuid() != 0:
        if cluster.exists() and cluster.stat().st_uid != os.geteuid():
            raise CannotRun(
                f"{cluster} belongs to another user (Quell was started as root before?): start Quell as that user, "
                "or set QUELL_DATA to another directory."
            )
        return Owner(None, None)
    if cluster.exists():
        found = cluster.stat()
        if found.st_uid != 0:
            return Owner(found.st_uid, found.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as missing:
        raise CannotRun(
            "The database server does not run as root and this machine has no user 'nobody': start Quell as an "
            "ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
        ) from missing
    return Owner(nobody.pw_uid, nobody.pw_gid)
