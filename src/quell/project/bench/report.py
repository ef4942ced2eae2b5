"""A run's results as a table for people and as one document for programs."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

Result = dict[str, Any]
HEAD = (
    "measured",
    "incidents",
    "clients",
    "per second",
    "p50 / p95 / p99 ms",
    "CPU ms web + worker + database",
    "CPU allows",
    "raw per second",
    "of raw",
    "best peer",
    "times peer",
    "target",
    "met",
)
MEGABYTE = 1_000_000


def document(results: list[Result], settings: dict[str, Any]) -> dict[str, Any]:
    """Everything, for `--json`."""
    return {
        "quell": version("quell"),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "machine": {"cores": len(os.sched_getaffinity(0)), "cpu": _cpu(), "kernel": platform.release()},
        "settings": settings,
        "results": results,
    }


def table(results: list[Result]) -> str:
    """A Markdown table that also reads well on a terminal."""
    rows = [HEAD, *(_row(result) for result in results)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _row(result: Result) -> tuple[str, ...]:
    met = {True: "yes", False: "no", None: ""}[result["met"]]
    if result["name"] == "clocks":
        speed, allowed = f"{result['per_second']:,.0f}", f"{result['cpu_allows_per_second']:,}"
        return (result["title"], "", "", speed, "", "", allowed, "", "", "", "", _target(result), met)
    head = (result["title"], f"{result['incidents']:,}", str(result.get("clients", result.get("streams", ""))))
    if result["name"] == "start":
        return (
            *head,
            f"{result['seconds']} s",
            "",
            "",
            "",
            f"{result['raw_seconds']} s",
            "",
            "",
            "",
            _target(result),
            met,
        )
    if result["name"] == "memory":
        both = f"{result['idle_bytes'] / MEGABYTE:.0f} MB, {result['loaded_bytes'] / MEGABYTE:.0f} MB"
        database = f"{result['idle']['database'] / MEGABYTE:.0f} MB, {result['loaded']['database'] / MEGABYTE:.0f} MB"
        return (*head, both, "", f"database beside it: {database}", "", "", "", "", "", _target(result), met)
    if result["name"] == "live":
        times = f"{result['p50_ms']} / {result['p95_ms']} / {result['p99_ms']}"
        both = f"{result['bytes_before'] / MEGABYTE:.0f} MB, {result['bytes_with_streams'] / MEGABYTE:.0f} MB with them"
        said = f"{result['updates']} updates, {result['missed']} missed"
        return (*head, said, times, f"web process: {both}", "", "", "", "", "", _target(result), met)
    if result["name"] == "promises":
        both = f"{result['cpu_ms']} ms of CPU, {result['cpu_ms_unpromised']} ms without"
        said = f"{result['added_percent']} % and {result['added_statements']} statements more"
        return (*head, both, "", said, "", "", "", "", "", _target(result), met)
    if result["name"] == "sweep":
        said = f"{result['told']:,} of {result['open']:,} told in {result['seconds']} s"
        return (*head, said, "", "", "", "", "", "", "", _target(result), met)
    if result["name"] == "attainment":
        said = f"{result['finished']:,} clocks in {result['seconds']} s"
        return (*head, said, "", "", "", "", "", "", "", _target(result), met)
    if result["name"] == "import":
        speed = f"{result['per_second']:,.0f} rows, {result['seconds']} s, {result['peak_bytes'] / MEGABYTE:.0f} MB"
        speed += f"; its {result['clocks']:,} clocks replayed in {result['replayed_seconds']} s"
        of_raw = f"{result['of_raw']:.0%}"
        return (*head, speed, "", "", "", f"{result['raw_seconds']} s", of_raw, "", "", _target(result), met)
    cpu = result["cpu_ms"]
    peer = result.get("peer")
    return (
        *head,
        f"{result['per_second']:,.0f}",
        f"{result['p50_ms']:.1f} / {result['p95_ms']:.1f} / {result['p99_ms']:.1f}",
        f"{cpu['web']:.2f} + {cpu['worker']:.2f} + {cpu['database']:.2f}",
        f"{result['cpu_allows_per_second']:,}",
        f"{result['raw_per_second']:,.0f}",
        f"{result['of_raw']:.1%}",
        f"{peer['name']} {peer['per_second']:.0f}" if peer else "",
        f"{peer['times']:.1f}" if peer else "",
        _target(result),
        met,
    )


def _target(result: Result) -> str:
    words = {
        "per_second": "≥ {:.0f}/s",
        "p95_ms": "p95 ≤ {:.0f} ms",
        "p99_ms": "p99 ≤ {:.0f} ms",
        "seconds": "< {:.0f} s",
        "idle_bytes": "idle < {:.0f} MB",
        "peak_bytes": "< {:.0f} MB",
        "added_statements": "≤ {:.0f} statements",
        "added_percent": "≤ {:.0f} %",
    }
    parts = []
    for key, value in result["target"].items():
        parts.append(words[key].format(value / MEGABYTE if key.endswith("bytes") else value))
    return ", ".join(parts)


def write_into(page: Path, document: dict[str, Any]) -> None:
    """Replace the table between the marks of a page; raises ValueError when the page has none."""
    begin, end = "<!-- begin: quell bench -->", "<!-- end: quell bench -->"
    text = page.read_text()
    if begin not in text or end not in text:
        raise ValueError(f"{page} has no place for the table ({begin} … {end}).")
    head, rest = text.split(begin, 1)
    tail = rest.split(end, 1)[1]
    machine = document["machine"]
    loads = [result["load"] for result in document["results"]]
    told = (
        f"Quell {document['quell']}, {document['measured_at'][:10]}, {machine['cores']} cores ({machine['cpu']}), "
        f"load average {min(loads):.1f} to {max(loads):.1f} while measuring."
    )
    page.write_text(f"{head}{begin}\n{told}\n\n{table(document['results'])}\n{end}{tail}")


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
