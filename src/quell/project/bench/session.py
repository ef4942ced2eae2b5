"""A run of benchmarks: for each size an instance, for each name a measurement, everything written down."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import clocks, floor, importing, live, measures, processes, turns
from .measures import Drive
from .stand import BenchFailed, Stand, free_port
from .statements import Facts

WARM_SECONDS = 1.0
SETTLE_SECONDS = 6.0  # after a start, before memory counts as idle
SHORT_SECONDS = 1.0  # a run that measures for less only shows that everything works, and does not wait either
Result = dict[str, Any]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run. `clients` None: 8, and 1 at a million incidents, as the targets are set."""

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    seconds: float
    clients: int | None
    home: Path
    keep: bool


def run(plan: Plan, say: Say) -> list[Result]:
    """Everything the plan asks for; raises BenchFailed at the first wrong answer."""
    results: list[Result] = []
    for count in plan.sizes:
        wanted = [name for name in plan.names if name not in ("import", "clocks")]
        if wanted:
            with _stand(plan, count, say) as stand:
                results += _of_one_size(plan, stand, wanted, say)
    if "import" in plan.names:
        say("Importing the incident log that ships")
        with _directory(plan, "import") as home:
            results.append(importing.measure(Stand(home, 0, free_port())))
    if "clocks" in plan.names:
        say("Counting working time, folding clocks")
        results += clocks.measure(plan.seconds)
    return results


@contextmanager
def _stand(plan: Plan, count: int, say: Say) -> Iterator[Stand]:
    with _directory(plan, str(count)) as home:
        stand = Stand(home, count, free_port())
        say(f"{count:,} incidents: making them, or finding them made")
        made = stand.prepare()
        say(f"{count:,} incidents: {'made' if made['made'] else 'found'} in {made['seconds']} s")
        try:
            yield stand
        finally:
            stand.stop()


@contextmanager
def _directory(plan: Plan, name: str) -> Iterator[Path]:
    home = plan.home / f"bench-{name}"
    home.mkdir(parents=True, exist_ok=True, mode=0o711)
    try:
        yield home
    finally:
        if not plan.keep:
            Stand(home, 0, 0).remove()


def _of_one_size(plan: Plan, stand: Stand, names: list[str], say: Say) -> list[Result]:
    results: list[Result] = []
    stand.start()
    stand.stop()
    database = _database_start(stand)
    stand.start()  # the second start: everything is collected, migrated and known
    if "start" in names:
        results.append(_start(stand, database))
    idle: dict[str, int] = {}
    if "memory" in names:
        time.sleep(SETTLE_SECONDS if plan.seconds >= SHORT_SECONDS else plan.seconds)
        idle = stand.memory()
    facts = measures.facts_of(stand)
    for drive in measures.DRIVES:
        if drive.name in names:
            if drive.name == "create":
                results.append(_create_unpromised(plan, stand, drive, facts, say))
            for clients in _clients(plan, stand, drive):
                say(f"{stand.count:,} incidents, {clients} clients: {drive.title}")
                results.append(_drive(plan, stand, drive, facts, clients))
            if drive.name == "create":
                _clocks_ran(stand, results)
    if "memory" in names:
        results.append(_memory(stand, idle, stand.memory()))
    if "live" in names:
        say(f"{stand.count:,} incidents: {measures.WHOLE['live']}")
        results.append(live.measure(stand, plan.seconds))
    if "promises" in names:
        say(f"{stand.count:,} incidents: {measures.WHOLE['promises']}")
        results.append(_promises(plan, stand, facts))
    if "sweep" in names:
        say(f"{stand.count:,} incidents: {measures.WHOLE['sweep']}")
        results.append(_sweep(stand))
    if "attainment" in names:
        say(f"{stand.count:,} incidents: {measures.WHOLE['attainment']}")
        results.append(_attainment(stand))
    return results


def _create_unpromised(plan: Plan, stand: Stand, drive: Drive, facts: Facts, say: Say) -> Result:
    """Creating where nothing is promised, so that what clocks cost can be seen beside it; then it is promised."""
    stand.run("quell.project.bench.promising", "take-back")
    clients = _clients(plan, stand, drive)[-1]
    bare = replace(drive, title=f"{drive.title}, nothing promised", small=measures.Target(), peer=None)
    say(f"{stand.count:,} incidents, {clients} clients: {bare.title}")
    result = _drive(plan, stand, bare, facts, clients)
    stand.run("quell.project.bench.promising", "promise")
    return result


def _clocks_ran(stand: Stand, results: list[Result]) -> None:
    """What was created under promises has its clocks; raises BenchFailed, for the figures would flatter."""
    created = sum(one["count"] for one in results if one["name"] == "create" and one["target"])
    ((clocks_run,),) = stand.ask("SELECT count(*) FROM clocks_clock WHERE stopped_at IS NULL")
    if int(clocks_run or 0) < created:
        raise BenchFailed(f"{created} incidents were created under promises, and {clocks_run} clocks run.")


def _promises(plan: Plan, stand: Stand, facts: Facts) -> Result:
    short = plan.seconds < SHORT_SECONDS
    found = json.loads(stand.run("quell.project.bench.promising", "create", *(["1"] if short else [])))
    drive = next(one for one in measures.DRIVES if one.name == "create")
    clients = _clients(plan, stand, drive)[-1]

    def load(requests: list[str], seconds: float) -> int:
        return len(_load(stand, requests, clients, seconds, once=False)["latencies"])

    found |= turns.added(stand, drive, facts, load, seconds=plan.seconds, turns=1 if short else turns.TURNS)
    return {
        "name": "promises",
        "title": measures.WHOLE["promises"],
        "incidents": stand.count,
        **found,
        "target": {"added_statements": measures.ADDED_STATEMENTS, "added_percent": measures.ADDED_PERCENT},
        "met": found["added_statements"] <= measures.ADDED_STATEMENTS
        and found["added_percent"] <= measures.ADDED_PERCENT,
        "load": processes.load_average(),
    }


def _sweep(stand: Stand) -> Result:
    found = json.loads(stand.run("quell.project.bench.promising", "sweep"))
    return {
        "name": "sweep",
        "title": measures.WHOLE["sweep"],
        "incidents": stand.count,
        **found,
        "target": {"seconds": measures.SWEEP_SECONDS},
        "met": found["seconds"] < measures.SWEEP_SECONDS,
        "load": processes.load_average(),
    }


def _attainment(stand: Stand) -> Result:
    found = json.loads(stand.run("quell.project.bench.attaining"))
    return {
        "name": "attainment",
        "title": measures.WHOLE["attainment"],
        "incidents": stand.count,
        **found,
        "target": {"seconds": measures.ATTAINMENT_SECONDS},
        "met": found["seconds"] < measures.ATTAINMENT_SECONDS,
        "load": processes.load_average(),
    }


def _clients(plan: Plan, stand: Stand, drive: Drive) -> tuple[int, ...]:
    if plan.clients is not None:
        return (plan.clients,)
    return drive.clients or ((1,) if stand.count >= measures.MILLION else (8,))


def _database_start(stand: Stand) -> float:
    """Seconds until PostgreSQL alone has started and answers: the floor of every start."""
    server = stand.server
    begun = time.monotonic()
    server.start()
    seconds = time.monotonic() - begun
    server.stop()
    return seconds


def _start(stand: Stand, database: float) -> Result:
    seconds = stand.first_answer_seconds
    return {
        "name": "start",
        "title": measures.WHOLE["start"],
        "incidents": stand.count,
        "seconds": round(seconds, 2),
        "raw_seconds": round(database, 2),
        "target": {"seconds": measures.START_SECONDS},
        "met": seconds < measures.START_SECONDS,
        "load": processes.load_average(),
    }


def _memory(stand: Stand, idle: dict[str, int], loaded: dict[str, int]) -> Result:
    def product(found: dict[str, int]) -> int:
        return sum(size for kind, size in found.items() if kind != "database")

    return {
        "name": "memory",
        "title": measures.WHOLE["memory"],
        "incidents": stand.count,
        "idle_bytes": product(idle),
        "loaded_bytes": product(loaded),
        "idle": idle,
        "loaded": loaded,
        "target": {"idle_bytes": measures.IDLE_BYTES},
        "met": product(idle) < measures.IDLE_BYTES,
        "load": processes.load_average(),
    }


def _drive(plan: Plan, stand: Stand, drive: Drive, facts: Facts, clients: int) -> Result:
    if drive.name == "resolve":
        facts = replace(facts, to_resolve=measures.ready_to_resolve(stand))
    requests = drive.requests(stand, facts)
    measures.verify(stand, drive, facts, requests[0])
    requests = requests[1:] if drive.once else requests
    server = stand.server
    commits = [floor.commits_per_second(server, min(plan.seconds, 1.0))] if drive.writes else []
    if not drive.once:
        _load(stand, requests, clients, min(WARM_SECONDS, plan.seconds), once=False)
        stand.drain()
    before = stand.cpu()
    answer = _load(stand, requests, clients, plan.seconds, once=drive.once)
    spent = {kind: seconds - before.get(kind, 0.0) for kind, seconds in stand.cpu().items()}
    drained = stand.drain() if drive.writes else 0.0
    if drive.name == "resolve":
        measures.ready_to_resolve(stand)
    bare = floor.run(server, drive.floor(facts), clients=clients, seconds=plan.seconds / 2, count=stand.count)
    if drive.writes:
        stand.drain()
        commits.append(floor.commits_per_second(server, min(plan.seconds, 1.0)))
    if drive.name == "resolve":
        measures.back_from_resolve(stand)
    return _result(stand, drive, clients, answer, spent, bare, commits, drained)


def _load(stand: Stand, requests: list[str], clients: int, seconds: float, *, once: bool) -> dict[str, Any]:
    """Run the load generator; raises BenchFailed when any answer was not a success."""
    told = {
        "host": "127.0.0.1",
        "port": stand.port,
        "clients": clients,
        "seconds": seconds,
        "once": once,
        "requests": requests,
    }
    done = subprocess.run(
        [sys.executable, "-m", "quell.project.bench.client"],
        input=json.dumps(told).encode(),
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    if done.returncode:
        raise BenchFailed("The load generator stopped; the lines above say why.")
    answer: dict[str, Any] = json.loads(done.stdout)
    if answer["wrong"]:
        seen = ", ".join(f"{count} × {status}" for status, count in answer["wrong"].items())
        raise BenchFailed(f"Not every answer was a success: {seen} of {len(answer['latencies'])}.")
    return answer


def _result(
    stand: Stand,
    drive: Drive,
    clients: int,
    answer: dict[str, Any],
    spent: dict[str, float],
    bare: floor.Floor,
    commits: list[float],
    drained: float,
) -> Result:
    count = len(answer["latencies"])
    per_second = count / answer["seconds"]
    target = drive.large if stand.count >= measures.MILLION else drive.small
    p95 = percentile(answer["latencies"], 95)
    asked = {"per_second": target.per_second, "p95_ms": target.p95_ms}
    if clients != (1 if stand.count >= measures.MILLION else 8):
        asked = {}
    peer = drive.peer if stand.count < measures.MILLION and clients == 8 else None
    result: Result = {
        "name": drive.name,
        "title": drive.title,
        "incidents": stand.count,
        "clients": clients,
        "count": count,
        "errors": 0,
        "per_second": round(per_second, 1),
        "p50_ms": round(percentile(answer["latencies"], 50), 2),
        "p95_ms": round(p95, 2),
        "p99_ms": round(percentile(answer["latencies"], 99), 2),
        "cpu_ms": {kind: round(seconds / count * 1000, 3) for kind, seconds in spent.items()},
        "cpu_allows_per_second": round(
            len(os.sched_getaffinity(0)) * count / (sum(spent.values()) + answer["cpu_seconds"])
        ),
        "client_cpu_ms": round(answer["cpu_seconds"] / count * 1000, 3),
        "bytes": answer["bytes"] // count,
        "raw_per_second": round(bare.per_second, 1),
        "raw_p95_ms": round(percentile(bare.latencies, 95), 2),
        "of_raw": round(per_second / bare.per_second, 4),
        "target": {key: value for key, value in asked.items() if value is not None},
        "load": processes.load_average(),
    }
    if peer is not None:
        result["peer"] = {
            "name": peer.name,
            "per_second": peer.per_second,
            "times": round(per_second / peer.per_second, 1),
        }
    if commits:
        result["commits_per_second"] = [round(rate, 1) for rate in commits]
        result["drained_seconds"] = round(drained, 1)
    result["met"] = _met(result)
    return result


def _met(result: Result) -> bool | None:
    """Whether every target is met, three times the best peer among them; None where nothing is asked."""
    asked = result["target"]
    answers = []
    if "per_second" in asked:
        answers.append(result["per_second"] >= asked["per_second"])
    if "p95_ms" in asked:
        answers.append(result["p95_ms"] <= asked["p95_ms"])
    if "peer" in result:
        answers.append(result["peer"]["times"] >= 3)
    return all(answers) if answers else None


def percentile(latencies: list[int], share: int) -> float:
    """The latency in milliseconds that so many of a hundred did not exceed; nanoseconds come in."""
    if not latencies:
        return 0.0
    ordered = sorted(latencies)
    return ordered[min(len(ordered) * share // 100, len(ordered) - 1)] / 1e6
