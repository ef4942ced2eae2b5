"""The benchmark's own sweep, on a small scale: what it fills comes due, is told, and goes again."""

from __future__ import annotations

from quell.kernel.people.tree import create_organisation
from quell.practices.clocks.models import Clock
from quell.project.bench import promising


def test_a_sweep_is_measured_and_leaves_nothing_behind(report_at, monkeypatch):
    create_organisation("bench", "Bench and Sons")
    report_at()
    before = Clock.objects.count()
    monkeypatch.setattr(promising, "OPEN_CLOCKS", 40)
    monkeypatch.setattr(promising, "DUE", 10)
    found = promising.sweep()
    assert (found["told"], found["open"]) == (10, 40 + before)
    assert Clock.objects.count() == before
