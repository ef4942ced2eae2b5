"""Ports, state directories and processes that every test of operations leaves as it found them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.prepared import instance_into

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def state() -> Iterator[Path]:
    """A state directory with a short path, below a directory that only its owner may enter."""
    directory = Path(tempfile.mkdtemp(prefix="quell-op-"))
    yield directory / "var"
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def prepared(state: Path) -> Path:
    """The same, where an empty instance has been prepared already: its first start is as quick as any other."""
    instance_into(state)
    return state


@pytest.fixture
def environment(state: Path, port: int) -> dict[str, str]:
    """The environment of an instance of its own."""
    given = {key: value for key, value in os.environ.items() if not key.startswith(("QUELL_", "DATABASE_", "MAKE"))}
    return {**given, "QUELL_DATA": str(state), "QUELL_PORT": str(port), "QUELL_DEMO": "0", "PYTHONPATH": str(ROOT)}


@pytest.fixture
def spawn(environment: dict[str, str]) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start `python -m words…` in that environment; whatever still runs at the end is ended."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: str, **more: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env={**environment, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
        if process.stdout is not None:
            process.stdout.close()


#: How much longer things may take where other tests run beside them.
BUSY = 4


def eventually(true: Callable[[], bool], seconds: float) -> float:
    """Wait until `true()`; the seconds it took. Fails when it does not come about in time: `seconds` on a machine of
    its own, and several times that beside other tests."""
    started = time.monotonic()
    while not true():
        if time.monotonic() - started > seconds * BUSY:
            pytest.fail(f"did not come about within {seconds * BUSY} s")
        time.sleep(0.05)
    return time.monotonic() - started
