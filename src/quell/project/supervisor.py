"""`quell up`: one small process that starts database, web and worker, watches them, and stops what it started.

It must stay small, for it lives as long as the product: no Django, no driver, no command-line library. What needs
those runs as a child. Children are tied to it (process_ties.py), so that killing it, however hard, leaves nothing
behind that would hold the port or the data.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from . import preparation
from .embedded_postgres import EmbeddedPostgres
from .instance import Instance, Misconfigured, instance_here, say
from .listening import Refused, answers, check_port
from .postgres_wire import NoAnswer
from .process_ties import die_with_parent, tied
from .server_owner import CannotRun

TICK_SECONDS = 1.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 4.0  # seconds before a child that died is started again
SETTLED_SECONDS = 20.0  # a child that lived this long has earned a quick restart
STOP_SECONDS = 12.0
READY_SECONDS = 60.0
WORKER_PAUSE = 4.0


@dataclass
class Child:
    """One process that has to run: restarted when it ends, ever more slowly while it keeps ending at once."""

    name: str
    words: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0
    deaths: int = 0

    def start(self) -> None:
        """Start it in a session of its own (Ctrl-C is for the supervisor), tied to this process."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own words
            self.words,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            start_new_session=True,
            preexec_fn=tied(signal.SIGTERM),
        )

    def watch(self, now: float) -> None:
        """Start it again when it has ended and its pause is over."""
        if self.process is not None and self.process.poll() is not None:
            lived = now - self.started
            self.pause = FIRST_PAUSE if lived > SETTLED_SECONDS else min(self.pause * 2, LONGEST_PAUSE)
            self.due = now + self.pause
            self.deaths += 1
            say(f"The {self.name} process ended ({_ending(self.process.returncode)}); starting it again")
            self._end_group()
            self.process = None
        if self.process is None and now >= self.due:
            self.start()

    def ask_to_stop(self) -> None:
        """SIGTERM: finish what is in hand, then end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def make_stop(self, seconds: float) -> None:
        """Wait, then end it and whatever it started."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(seconds, 0.1))
        self._end_group()
        self.process.wait()

    def _end_group(self) -> None:
        assert self.process is not None
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return


@dataclass
class Supervisor:
    """The running product. `fsync=False` is for tests alone."""

    instance: Instance
    fsync: bool = True
    server: EmbeddedPostgres | None = None
    children: list[Child] = field(default_factory=list)
    stopping: int = 0
    _wake: int = -1

    def run(self) -> int:
        """Until a signal says stop. Returns the exit status."""
        self._listen_for_signals()
        self.instance.make_state_directory()
        with _only_one(self.instance.data):
            check_port(self.instance.host, self.instance.port)
            try:
                self._start_database()
                self._prepare()
                self._start_children()
                self._announce()
                while not self.stopping:
                    self._nap(TICK_SECONDS)
                    self._look()
            except _Stopped:
                pass
            finally:
                self._stop()
        return 0

    # Start

    def _start_database(self) -> None:
        os.environ["QUELL_DATA"] = str(self.instance.data)
        os.environ["QUELL_SECRET_KEY"] = self.instance.secret_key()
        if self.instance.given_url:
            say("Using the database DATABASE_URL names")
            return
        self.server = self.instance.server(fsync=self.fsync)
        self.server.start(tie=True)
        os.environ["DATABASE_URL"] = self.server.url
        say("The database runs")

    def _prepare(self) -> None:
        facts = preparation.remembered(self.instance.data)
        static = facts.get("static") != preparation.static_stamp() or not (self.instance.data / "static").is_dir()
        steps: list[subprocess.Popen[bytes]] = []
        if static:
            say("Collecting the static files")
            steps.append(self._step("static"))
        if not self._migrated(facts):
            steps.append(self._step("migrate"))
        for step in steps:
            self._finish(step)
        facts = preparation.remembered(self.instance.data)
        if self._wants_demo(facts):
            say("Loading the demonstration company (QUELL_DEMO=0 starts empty)")
            self._finish(self._step("demo", "load"))
            preparation.remember(self.instance.data, {**preparation.remembered(self.instance.data), "people": "some"})

    def _wants_demo(self, facts: dict[str, str]) -> bool:
        """An empty database gets the demonstration company; loading it that was cut off goes on; taken out, it stays
        out."""
        return self.instance.demo and (
            facts.get("demo") == "begun" or (facts.get("people") == "none" and facts.get("demo") != "removed")
        )

    def _migrated(self, facts: dict[str, str]) -> bool:
        """Whether the database is certainly the one prepared before, and nothing has come since. A given
        database, and one that may still want the demonstration company, are looked at by Django."""
        if self.server is None or facts.get("schema") != preparation.schema_stamp():
            return False
        if self._wants_demo({"people": "none", **facts}):
            return False
        try:
            (row,) = self.server.ask(preparation.FINGERPRINT)
        except NoAnswer:
            return False
        return facts.get("database") == " ".join(str(value) for value in row)

    def _step(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own words
            [*_quell(), *words],
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            start_new_session=True,
            preexec_fn=tied(signal.SIGTERM),
        )

    def _finish(self, step: subprocess.Popen[bytes]) -> None:
        while step.poll() is None:
            self._nap(0.05 if not self.stopping else 0.02)
            if self.stopping:
                step.terminate()
                step.wait()
                raise _Stopped
        if step.returncode != 0:
            words = step.args if isinstance(step.args, list) else []
            raise Refused(f"`quell {' '.join(map(str, words[3:]))}` did not succeed; the lines above say why.")

    def _start_children(self) -> None:
        """The web at once; the worker when the web answers or a moment later, for somebody waits for the web."""
        worker = Child("worker", [*_quell(), "work"], due=time.monotonic() + WORKER_PAUSE)
        self.children = [Child("web", [*_quell(), "serve"]), worker]
        self.children[0].start()

    def _announce(self) -> None:
        """Wait until the web is ready, then say where and as whom."""
        deadline = time.monotonic() + READY_SECONDS
        while (status := answers(self.instance.host, self.instance.port)) != 200:
            self._nap(0.1)
            self._look()
            if self.stopping:
                raise _Stopped
            late = time.monotonic() > deadline
            if self.children[0].deaths >= 3 or (late and status == 0):
                raise Refused("The web server does not stay up and answer; the lines above say why.")
            if late:
                say(f"Quell answers at {self.instance.address}, but is not ready; `quell doctor` says why")
                return
        self.children[1].due = 0.0
        say(f"Quell is ready at {self.instance.address}")
        accounts = self.instance.data / "demo-accounts.txt"
        if accounts.exists():
            for line in accounts.read_text().splitlines():
                say(line)
        say("Ctrl-C stops everything")

    # Watch

    def _look(self) -> None:
        if self.stopping:
            return
        if self.server is not None and not self.server.lives():
            say("The database server ended; starting it again")
            try:
                self.server.start(tie=True)
            except CannotRun as fault:
                say(f"{fault} Trying again")
                self._nap(1.0)
                return
            say("The database runs again")
        now = time.monotonic()
        for child in self.children:
            child.watch(now)

    # Stop

    def _stop(self) -> None:
        say("Stopping")
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            while (
                child.process is not None
                and child.process.poll() is None
                and time.monotonic() < deadline
                and self.stopping < 2
            ):
                self._nap(0.1)
            child.make_stop(0.1)
        if self.server is not None:
            self.server.leave()
        say("Stopped")

    # Signals

    def _listen_for_signals(self) -> None:
        self._wake, waker = os.pipe()
        os.set_blocking(waker, False)
        os.set_blocking(self._wake, False)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to end the nap

    def _on_stop(self, *_: object) -> None:
        self.stopping += 1

    def _nap(self, seconds: float) -> None:
        """Sleep, but wake for a signal: a child that ends is seen at once."""
        if select.select([self._wake], [], [], seconds)[0]:
            os.read(self._wake, 4096)


class _Stopped(Exception):
    """A signal asked to stop before everything had started."""


class _only_one:  # noqa: N801 - reads as a phrase in `with`
    """Holds the state directory for this supervisor; the kernel lets go however the process ends."""

    def __init__(self, data: Path) -> None:
        self._path = data / "up.lock"
        self._lock = -1

    def __enter__(self) -> None:
        self._lock = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                f"Quell already runs with the state in {self._path.parent}: stop it first, or set QUELL_DATA (and "
                "QUELL_PORT) for a second instance."
            ) from None

    def __exit__(self, *_: object) -> None:
        os.close(self._lock)


def _quell() -> list[str]:
    return [sys.executable, "-m", "quell.project.main"]


def _ending(status: int) -> str:
    if status >= 0:
        return f"status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"


def main(words: list[str]) -> int:
    """The entry point: exit status 0 after a stop, 1 with one plain sentence."""
    if "MAKELEVEL" in os.environ:
        die_with_parent(signal.SIGTERM)  # `make up` killed outright must not leave this behind
    try:
        return Supervisor(instance_here(), fsync="--no-fsync" not in words).run()
    except (Refused, CannotRun, Misconfigured) as refused:
        say(str(refused))
    except PermissionError as fault:
        say(f"{fault.filename} may not be written by this user: mend its owner, or set QUELL_DATA elsewhere.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
