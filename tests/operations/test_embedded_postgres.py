"""The private database server: started, shared, killed, found again, stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from quell.project.embedded_postgres import EmbeddedPostgres
from quell.project.postgres_wire import NoAnswer
from quell.project.process_ties import alive, working_in
from quell.project.server_owner import CannotRun, Owner

from .conftest import eventually


@pytest.fixture
def server(state: Path) -> Iterator[EmbeddedPostgres]:
    """A running server of its own."""
    found = EmbeddedPostgres(state / "postgres", fsync=False)
    found.start()
    yield found
    found.stop()
    found.halt()


def _postmaster(server: EmbeddedPostgres) -> int:
    return int((server.cluster / "postmaster.pid").read_text().splitlines()[0])


def test_it_answers_on_a_private_socket_and_no_network(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.url) as connection:
        rows = connection.execute(
            "SELECT current_setting('listen_addresses'), current_setting('data_checksums'), lower('ÆØÅ')"
        ).fetchone()
    assert rows == ("", "on", "æøå")
    assert server.socket_directory.stat().st_mode & 0o777 == 0o700
    assert server.cluster.stat().st_mode & 0o777 == 0o700


def test_it_never_runs_as_root(server: EmbeddedPostgres) -> None:
    status = Path(f"/proc/{_postmaster(server)}/status").read_text()
    effective = next(line.split()[2] for line in status.splitlines() if line.startswith("Uid:"))
    assert effective != "0"


def test_no_directory_outside_the_state_directory_is_opened(server: EmbeddedPostgres, state: Path) -> None:
    assert state.parent.stat().st_mode & 0o777 == 0o700  # as mkdtemp made it


def test_a_second_one_runs_beside_it(server: EmbeddedPostgres, state: Path) -> None:
    other = EmbeddedPostgres(state / "other", fsync=False)
    other.start()
    try:
        other.ask("CREATE TABLE only_here (n int)")
        with pytest.raises(NoAnswer, match="only_here"):
            server.ask("SELECT * FROM only_here")
    finally:
        other.stop()
    assert server.running()


def test_the_last_user_stops_it(server: EmbeddedPostgres) -> None:
    second = EmbeddedPostgres(server.home, fsync=False)
    second.start()
    second.stop()
    assert server.running()
    third = EmbeddedPostgres(server.home, fsync=False)
    third.start()
    server.stop()
    assert third.running()
    third.stop()
    assert not third.running()
    assert working_in(server.cluster) == []


def test_many_starting_at_once_start_one(state: Path) -> None:
    servers = [EmbeddedPostgres(state / "postgres", fsync=False) for _ in range(4)]
    faults: list[BaseException] = []

    def start(server: EmbeddedPostgres) -> None:
        try:
            server.start()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=start, args=(server,)) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        assert faults == []
        assert len({server.ask("SELECT pg_postmaster_start_time()")[0] for server in servers}) == 1
    finally:
        for server in servers:
            server.stop()
    assert working_in(servers[0].cluster) == []


def test_a_killed_server_comes_back_with_what_was_committed(state: Path) -> None:
    server = EmbeddedPostgres(state / "postgres")  # with fsync, as the product runs
    server.start()
    try:
        server.ask("CREATE TABLE kept (n int)")
        for round_number in range(3):
            server.ask(f"INSERT INTO kept VALUES ({round_number})")
            os.kill(_postmaster(server), signal.SIGKILL)
            before = time.monotonic()
            server.start()
            assert time.monotonic() - before < 10
            assert server.ask("SELECT count(*) FROM kept") == [(str(round_number + 1),)]
    finally:
        server.stop()


def test_a_busy_backend_of_a_killed_server_does_not_keep_the_memory(server: EmbeddedPostgres) -> None:
    # generate_series in a loop never looks whether its postmaster still lives
    with psycopg.connect(server.url, autocommit=True) as connection:
        pid = connection.info.backend_pid

        def spin() -> None:
            with pytest.raises(psycopg.OperationalError):
                connection.execute("DO $$ BEGIN FOR i IN 1..2000000000 LOOP END LOOP; END $$")

        busy = threading.Thread(target=spin)
        busy.start()
        time.sleep(0.3)
        os.kill(_postmaster(server), signal.SIGKILL)
        before = time.monotonic()
        server.start()
        assert time.monotonic() - before < 12
        busy.join(5)
    assert not alive(pid)
    assert server.running()


def test_a_killed_backend_costs_a_moment(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.url) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)
    eventually(server.running, 5)


def test_one_that_goes_away_while_it_starts_is_one_sentence_and_starts_the_next_time(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The supervisor tries again after that sentence; anything else would end it."""
    asked = server.ask

    def killed_after_its_first_answer(sql: str, **how: Any) -> Any:
        if "pg_database" in sql:
            os.kill(_postmaster(server), signal.SIGKILL)
            raise NoAnswer("connection reset")
        return asked(sql, **how)

    server.halt()
    monkeypatch.setattr(server, "ask", killed_after_its_first_answer)
    with pytest.raises(CannotRun, match="went away"):
        server.start()
    monkeypatch.undo()
    server.start()
    assert server.ask("SELECT 1") == [("1",)]


def test_a_pid_file_that_names_another_program_is_not_believed(server: EmbeddedPostgres) -> None:
    server.stop()
    (server.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{server.cluster}\n1\n5432\n\n\n\n")
    server.start()
    assert server.running()
    assert _postmaster(server) != os.getpid()


def test_a_path_too_long_for_a_socket(state: Path) -> None:
    server = EmbeddedPostgres(state / ("long" * 20) / ("longer" * 10) / "postgres", fsync=False)
    server.start()
    try:
        assert server.running()
        assert len(str(server.socket_directory)) < 100
        assert server.socket_directory.stat().st_mode & 0o777 == 0o700
    finally:
        server.stop()
        server.socket_directory.rmdir()


def test_a_cluster_that_cannot_start_is_one_sentence(server: EmbeddedPostgres) -> None:
    server.stop()
    (server.cluster / "local.conf").write_text("shared_buffers = 'much'\n")
    with pytest.raises(CannotRun, match=r"did not start: .*local\.conf.*\(more in .*postgres\.log"):
        server.start()
    (server.cluster / "local.conf").unlink()
    server.start()
    assert server.running()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_runs_it_as_himself(state: Path) -> None:
    state.mkdir()
    somebody = Owner(65534, 65534)
    somebody.take(state)
    code = (
        "import os; from pathlib import Path; from quell.project.embedded_postgres import EmbeddedPostgres as E\n"
        f"e = E(Path({str(state / 'postgres')!r}), fsync=False); e.start(); assert os.geteuid() == 65534\n"
        "print(e.ask('SELECT 6 * 7')); e.stop(); assert not e.running()"
    )
    words = somebody.command([sys.executable, "-c", code], Path(sys.executable).resolve(), state / "x")
    user = None if somebody.drops_itself(words) else 65534
    done = subprocess.run(words, capture_output=True, text=True, cwd="/", user=user, group=user, check=False)
    assert done.returncode == 0, done.stderr
    assert "('42',)" in done.stdout
