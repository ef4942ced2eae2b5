"""The room's README says what the code does: the diagram, the verbs and the settings."""

from __future__ import annotations

from pathlib import Path

import quell.practices.incidents as room
from quell.kernel.actions.registry import of_kind
from quell.kernel.config.options import all_options
from quell.practices.incidents.rules.lifecycle import INCIDENT

README = (Path(room.__file__).parent / "README.md").read_text()


def test_the_diagram_is_the_lifecycle():
    assert INCIDENT.diagram() in README


def test_every_verb_is_in_the_table_with_its_own_sentence():
    for known in of_kind("incident"):
        assert f"| `{known.verb}` | {known.summary} |" in README


def test_every_setting_is_there_with_its_default():
    for option in all_options():
        if option.key.startswith("incidents."):
            assert f"| `{option.key}` | {option.default} |" in README
