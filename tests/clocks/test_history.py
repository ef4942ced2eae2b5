"""Clocks of imported history: chosen as it would have been, counted by replay."""

from __future__ import annotations

from quell.practices.clocks import facade
from quell.practices.clocks.models import Choice, Clock


def test_history_gets_the_clocks_it_would_have_had(report_at, act, people):
    number = report_at()
    act("assign", number, 1, assignee="amira@gungun.example")
    act("edit", number, 3, impact=1, urgency=1)
    act("hold", number, 4, hold_reason="requester")
    act("resume", number, 6)
    act("resolve", number, 7, resolution_code="fixed", resolution="Cable.")
    live = [[getattr(row, name) for name in ("kind", "metric", "number", "outcome", "spent", "due_at", "target_id")]
            for row in Clock.objects.order_by("kind", "metric", "number")]  # fmt: skip
    Clock.objects.all().delete()
    Choice.objects.all().delete()
    assert facade.apply_to_history("gungun", lambda done, of: None) == (1, 3)
    again = [[getattr(row, name) for name in ("kind", "metric", "number", "outcome", "spent", "due_at", "target_id")]
             for row in Clock.objects.order_by("kind", "metric", "number")]  # fmt: skip
    assert again == live
    assert facade.apply_to_history("gungun", lambda done, of: None) == (0, 0)
    assert facade.verify().differences == []
