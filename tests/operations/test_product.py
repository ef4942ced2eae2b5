"""The real product through its own command line: started, examined, broken, saved and brought back."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from quell.project.embedded_postgres import EmbeddedPostgres
from quell.project.postgres_wire import NoAnswer
from quell.project.worker import GIVEN_UP_SECONDS

from .conftest import ROOT, eventually

pytestmark = pytest.mark.slow
Spawn = Callable[..., subprocess.Popen[str]]


def quell(environment: dict[str, str], *words: str, status: int = 0, **more: str) -> subprocess.CompletedProcess[str]:
    """`quell words…`, which has to end with `status`."""
    done = subprocess.run(
        [sys.executable, "-m", "quell.project.main", *words],
        cwd=ROOT,
        env={**environment, **more},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    return done


def get(port: int, path: str) -> tuple[int, bytes]:
    """Status and body; 0 when nothing answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def product(spawn: Spawn) -> subprocess.Popen[str]:
    """`quell up`, ready."""
    process = spawn("quell.project.main", "up", "--no-fsync")
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            break
    else:
        pytest.fail("".join(said))
    return process


def test_it_starts_runs_recovers_and_stops(spawn: Spawn, environment: dict[str, str], state: Path, port: int) -> None:
    """From nothing at all: the only test in which everything has to be made first."""
    running = product(spawn)
    assert get(port, "/healthz")[0] == 200
    assert get(port, "/readyz")[0] == 200
    a_huge_request_is_refused_in_the_shape_of_the_contract(port)

    # a command beside the running product
    quell(environment, "user", "create", "ann@example.com", "--name", "Ann", "--role", "administrator")

    server = EmbeddedPostgres(state / "postgres")
    recent = (
        f"SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '{GIVEN_UP_SECONDS} s'"
    )

    def workers_alive() -> bool:
        """Cheaper to ask than the doctor, who is asked when it should be so."""
        try:
            return server.ask(recent) != [("0",)]
        except NoAnswer:
            return False

    def the_doctor_is_content() -> bool:
        checks = json.loads(quell_report(environment))["checks"]
        return next(check["status"] for check in checks if check["check"] == "workers") == "ok"

    eventually(workers_alive, 20)
    eventually(the_doctor_is_content, 20)

    def postmaster() -> int:
        """0 while there is none."""
        written = server.cluster / "postmaster.pid"
        return int((written.read_text().split() or ["0"])[0]) if written.exists() else 0

    for _ in range(2):
        os.kill(killed := postmaster(), signal.SIGKILL)
        # What was left of the dead server may answer once more.
        eventually(lambda old=killed: postmaster() not in (0, old), 15)  # type: ignore[misc]
        eventually(lambda: get(port, "/readyz")[0] == 200, 15)
    # Whether it lived through that or was started again: a sign of life from afterwards.
    recent += f" AND last_heartbeat > '{server.ask('SELECT now()')[0][0]}'"
    eventually(workers_alive, 40)
    eventually(the_doctor_is_content, 20)

    running.send_signal(signal.SIGTERM)
    assert running.wait(60) == 0
    assert not server.running()
    assert get(port, "/healthz")[0] == 0


def quell_report(environment: dict[str, str]) -> str:
    """What `quell doctor --json` prints, whatever it finds."""
    return subprocess.run(
        [sys.executable, "-m", "quell.project.main", "doctor", "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def a_huge_request_is_refused_in_the_shape_of_the_contract(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("POST", "/api/v1/incidents")
    connection.putheader("Content-Length", str(1024**3))
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 413
    assert answer.getheader("content-type") == "application/problem+json"
    assert json.loads(answer.read())["code"] == "too_large"
    connection.close()


def test_a_backup_brings_everything_back(environment: dict[str, str], prepared: Path) -> None:
    state, archive = prepared, prepared.parent / "quell.tar"
    quell(environment, "user", "create", "ann@example.com", "--name", "Ann Ærø", "--role", "administrator")
    stored = state / "media" / "ab" / "cd"
    stored.parent.mkdir(parents=True)
    stored.write_bytes(b"an attachment")
    report = json.loads(quell(environment, "backup", str(archive), "--json").stdout)
    assert report["files"] == 1
    assert archive.stat().st_mode & 0o777 == 0o600
    assert quell(environment, "backup", str(archive), status=1).stderr.count("exists already") == 1

    other = state.parent / "other"
    quell(environment, "restore", str(archive), QUELL_DATA=str(other))
    assert (other / "media" / "ab" / "cd").read_bytes() == b"an attachment"
    assert (other / "secret-key").read_text() == (state / "secret-key").read_text()
    again = quell(environment, "user", "create", "ann@example.com", "--name", "Ann", status=1, QUELL_DATA=str(other))
    assert "ann@example.com" in again.stderr
    server = EmbeddedPostgres(other / "postgres")
    server.start()
    try:
        assert server.ask("SELECT name FROM people_person WHERE email = 'ann@example.com'") == [("Ann Ærø",)]
    finally:
        server.stop()

    refused = quell(environment, "restore", str(archive), status=1, QUELL_DATA=str(other))
    assert "holds files already" in refused.stderr or "knows people already" in refused.stderr


def test_what_is_no_backup_is_refused(environment: dict[str, str], prepared: Path) -> None:
    archive = prepared.parent / "bad.tar"
    for content in (b"", b"no tar", "evil"):
        archive.unlink(missing_ok=True)
        if isinstance(content, bytes):
            archive.write_bytes(content)
        else:
            with tarfile.open(archive, "w") as out:
                out.add(__file__, "media/../../outside")
        done = quell(environment, "restore", str(archive), status=1)
        assert "is not a backup of Quell" in done.stderr, content
        assert not (prepared.parent / "outside").exists()
