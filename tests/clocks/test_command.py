"""`quell clocks verify` as operators and checks call it (contract.md)."""

from __future__ import annotations

import json
from contextlib import nullcontext

import pytest
from click.testing import CliRunner

from quell.practices.clocks.models import Clock
from quell.project import database
from quell.project.commands.clocks import command

from .conftest import MONDAY


@pytest.fixture
def quell(monkeypatch):
    monkeypatch.setattr(database, "available", nullcontext)
    return lambda *words: CliRunner().invoke(command, words, standalone_mode=False)


def test_all_is_well(quell, report_at):
    report_at()
    said = quell("verify", "--json")
    found = json.loads(said.stdout)
    assert (said.return_value, found["differences_count"], found["clocks"], found["records"]) == (0, 0, 2, 1)


def test_a_corrupted_row_is_named_mended_and_then_all_is_well(quell, report_at):
    number = report_at()
    Clock.objects.filter(metric="response").update(due_at=MONDAY)
    said = quell("verify", "--json")
    (found,) = json.loads(said.stdout)["differences"]
    assert said.return_value == 1
    assert found == {
        "record": number, "clock": "sla/response/1", "column": "due_at", "stored": "2026-03-02T08:00:00Z",
        "replayed": "2026-03-02T10:00:00Z", "mended": True,
    }  # fmt: skip
    assert quell("verify", "--json").return_value == 0


def test_in_plain_words(quell, report_at):
    number = report_at()
    Clock.objects.filter(metric="response").delete()
    assert f"{number} sla/response/1: the row was missing" in quell("verify", "--no-mend").stdout
    assert quell("verify").return_value == 1


def test_clocks_for_an_organisation_that_is_not_there(quell, promised):
    refused = quell("apply", "nowhere")
    assert "nowhere" in str(refused.exception.sentence)
