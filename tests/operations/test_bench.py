"""`quell bench` measures what it says: shape and honesty of its figures, never how fast they are."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from quell.project.bench import client, clocks, measures, report, session, words
from tests.prepared import instance_into

COUNT = 1000


def test_words_are_skewed_as_language_is() -> None:
    writer = words.Writer(20_000)
    documents = [set(" ".join(writer.text(n)).lower().split()) for n in range(1, 20_001)]
    found = Counter(word for document in documents for word in document)
    for word in words.common():
        assert 0.12 < found[word] / len(documents) < 0.25, word
    assert {found[word] for word in words.rare()} == {words.RARE_DOCUMENTS}
    assert len(set(words.vocabulary())) == words.SIZE


def test_the_same_seed_writes_the_same_text() -> None:
    assert [words.Writer(100).text(n) for n in range(1, 50)] == [words.Writer(100).text(n) for n in range(1, 50)]


def test_clocks_are_measured_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "SINGLE", 300)
    monkeypatch.setattr(clocks, "MANY", 3000)
    found = clocks.measure(0.04)
    assert [result["target"]["per_second"] for result in found] == [50, 333_333, 333_333, 5_000_000, 5_000_000, 4167]
    for result in found:
        assert result["count"] > 0 and result["met"] is (result["per_second"] >= result["target"]["per_second"])
    table = report.table(found).splitlines()
    assert len(table) == 2 + len(found) and "≥ 4167/s" in table[-1]


class Answers(BaseHTTPRequestHandler):
    """Every third answer is a refusal; half of them come in pieces."""

    protocol_version = "HTTP/1.1"
    seen = 0

    def do_GET(self) -> None:
        type(self).seen += 1
        self.send_response(503 if self.path == "/no" else 200)
        if self.path == "/pieces":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"5\r\nhello\r\n0\r\n\r\n")
            return
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def _server() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def test_the_load_generator_counts_every_answer() -> None:
    with _server() as port:
        once = client.run("127.0.0.1", port, 3, 30, [_get("/a"), _get("/pieces"), _get("/no"), _get("/a")], once=True)
        assert len(once["latencies"]) == 4  # type: ignore[arg-type]
        assert once["wrong"] == {"503": 1}
        again = client.run("127.0.0.1", port, 2, 0.3, [_get("/a")], once=False)
        assert len(again["latencies"]) > 2  # type: ignore[arg-type]
        assert again["wrong"] == {}


def test_percentiles() -> None:
    assert session.percentile([n * 1_000_000 for n in range(1, 101)], 95) == 96
    assert session.percentile([7_000_000], 99) == 7
    assert session.percentile([], 50) == 0


def test_the_table_goes_into_a_page_and_again(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- begin: quell bench -->\nold\n<!-- end: quell bench -->\nafter\n")
    result: dict[str, Any] = {
        "name": "read",
        "title": "Read",
        "incidents": 10,
        "clients": 8,
        "per_second": 10.0,
        "raw_per_second": 100.0,
    }
    result |= {
        "p50_ms": 1.0,
        "p95_ms": 2.0,
        "p99_ms": 3.0,
        "of_raw": 0.1,
        "cpu_allows_per_second": 1333,
        "met": False,
        "load": 0.5,
    }
    result |= {"cpu_ms": {"web": 1.0, "worker": 0.0, "database": 0.5}, "target": {"per_second": 1500}}
    result |= {"peer": {"name": "Redmine", "per_second": 87, "times": 0.1}}
    for _ in range(2):
        report.write_into(page, report.document([result], {}))
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert text.count("| Read ") == 1
    assert "≥ 1500/s" in text


@pytest.mark.slow
def test_the_whole_bench_on_a_small_desk(state: Path) -> None:
    """Every measurement of a desk, a moment each: right answers, a floor beside each, nothing left behind. Those that
    first make a million clocks have a test of their own."""
    names = [name for name in measures.NAMES if name not in ("import", "clocks", "sweep", "attainment")]
    state.mkdir()
    instance_into(state / f"bench-{COUNT}")  # as a run with --keep leaves it, before anything was filled in
    how = ["--json", "--size", "1k", "--seconds", "0.25", "--clients", "2", "--data", str(state)]
    running = subprocess.run(
        [sys.executable, "-m", "quell.project.main", "bench", *names, *how],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert running.returncode == 0, running.stderr[-2000:]
    document = json.loads(running.stdout)
    assert [result["name"] for result in document["results"]] == _in_order(names)
    for result in document["results"]:
        assert result["incidents"] == COUNT
        if "clients" in result:
            assert result["count"] > 0
            assert result["errors"] == 0
            assert result["p50_ms"] <= result["p95_ms"] <= result["p99_ms"]
            assert result["raw_per_second"] > 0
            assert result["cpu_ms"]["web"] > 0
    assert not list(state.glob("bench-*"))


def _in_order(names: list[str]) -> list[str]:
    """The start comes first; creating is measured twice, without promises and with them; then what is about all."""
    apart = ("start", "memory", "live", "promises")
    drives = [name for name in names if name not in apart]
    at = drives.index("create")
    return ["start", *drives[:at], "create", *drives[at:], "memory", "live", "promises"]


def test_an_unknown_name_is_a_usage_error(spawn: Callable[..., subprocess.Popen[str]]) -> None:
    process = spawn("quell.project.main", "bench", "nonsense")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "choose among" in said
