"""The import contracts hold, and each of them bites: wrong imports are written into a copy and must fail."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from .tree import ROOT, SRC, pyproject

PROBE = Path(__file__).with_name("walls_probe.py")


@dataclass(frozen=True)
class Sample:
    """One wrong thing somebody might write, and the contract that must refuse it."""

    title: str
    breaks: str
    files: dict[str, str]
    needs: list[str] = field(default_factory=list)
    pyproject: list[tuple[str, str]] = field(default_factory=list)


SAMPLES = [
    Sample(
        "the kernel knows a practice",
        "storeys",
        {"kernel/people/wrong_door.py": "from quell.practices.incidents import facade\n"},
        ["practices/incidents/facade.py"],
    ),
    Sample(
        "an engine asks the kernel",
        "storeys",
        {"engines/wrong_door.py": "from quell.kernel import config\n"},
    ),
    Sample(
        "a practice knows a workspace",
        "storeys",
        {"practices/services/rules/wrong_door.py": "import quell.workspaces.desk\n"},
    ),
    Sample(
        "a practice knows a journey",
        "storeys",
        {"practices/incidents/rules/wrong_door.py": "from quell.journeys import alert_to_incident\n"},
        ["journeys/alert_to_incident.py"],
    ),
    Sample(
        "the project is imported from below",
        "storeys",
        {"kernel/config/wrong_door.py": "def late():\n    from quell.project import settings\n    return settings\n"},
        ["project/settings.py"],
    ),
    Sample(
        "a journey knows a workspace",
        "storeys",
        {"journeys/wrong_door.py": "import quell.workspaces.portal\n"},
    ),
    Sample("a sixth storey", "storeys", {"extensions/__init__.py": ""}),
    Sample(
        "a lower practice asks an upper one, even by its facade",
        "tiers",
        {"practices/services/web/wrong_door.py": "from quell.practices.incidents import facade\n"},
        ["practices/incidents/facade.py"],
    ),
    Sample(
        "neighbours of one tier know each other",
        "tiers",
        {"practices/incidents/web/wrong_door.py": "from quell.practices.problems import facade\n"},
        ["practices/problems/facade.py"],
        [('"(incidents)', '"(incidents) | (problems)')],
    ),
    Sample("a new room without its place", "tiers", {"practices/changes/events.py": ""}),
    Sample(
        "a rule reaches up into the tables of its room",
        "room",
        {"practices/incidents/rules/wrong_door.py": "from quell.practices.incidents import models\n"},
        ["practices/incidents/models.py"],
    ),
    Sample(
        "a verb reaches up into a page",
        "room",
        {"practices/incidents/actions/wrong_door.py": "from quell.practices.incidents.web import views\n"},
        ["practices/incidents/web/views.py"],
    ),
    Sample(
        "the API leans on the pages",
        "room",
        {"practices/incidents/api/wrong_door.py": "from quell.practices.incidents.web import views\n"},
        ["practices/incidents/web/views.py"],
    ),
    Sample("furniture with a name of its own", "room", {"practices/incidents/escalator.py": ""}),
    Sample(
        "a workspace reads the tables of a practice",
        "doors",
        {"workspaces/desk/wrong_door.py": "from quell.practices.incidents.models import Incident\n"},
        ["practices/incidents/models.py"],
    ),
    Sample(
        "a practice calls the verbs of a lower one",
        "doors",
        {"practices/incidents/web/wrong_door.py": "from quell.practices.services.actions import rename\n"},
        ["practices/services/actions/rename.py"],
    ),
    Sample(
        "a journey calls a verb instead of the facade",
        "doors",
        {"journeys/wrong_door.py": "from quell.practices.incidents.actions import resolve\n"},
        ["practices/incidents/actions/resolve.py"],
    ),
    Sample("an engine knows Django", "pure", {"engines/wrong_door.py": "from django.utils import timezone\n"}),
    Sample(
        "a rule knows Django",
        "pure",
        {"practices/incidents/rules/wrong_door.py": "from django.db import models\n"},
    ),
    Sample(
        "a rule knows the database through the kernel",
        "pure",
        {"practices/incidents/rules/wrong_door.py": "from quell.kernel.records import models\n"},
        ["kernel/records/models.py"],
    ),
    Sample(
        "access knows records",
        "kernel",
        {"kernel/access/wrong_door.py": "from quell.kernel.records import models\n"},
        ["kernel/records/models.py"],
    ),
    Sample(
        "the journal knows the jobs beside it",
        "kernel",
        {"kernel/journal/wrong_door.py": "import quell.kernel.jobs\n"},
    ),
    Sample("a new kernel room without its place", "kernel", {"kernel/drawers/__init__.py": ""}),
    Sample(
        "the desk borrows from the portal",
        "workspaces",
        {"workspaces/desk/wrong_door.py": "import quell.workspaces.portal\n"},
    ),
    Sample(
        "one journey starts another",
        "journeys",
        {"journeys/wrong_door.py": "from quell.journeys import alert_to_incident\n"},
        ["journeys/alert_to_incident.py"],
    ),
    Sample(
        "production imports the tools of tests",
        "tests-apart",
        {"practices/incidents/actions/wrong_door.py": "from quell.kernel.testing import cast\n"},
        ["kernel/testing/cast.py"],
    ),
    Sample(
        "two modules that need each other",
        "acyclic",
        {
            "engines/wrong_door.py": "from quell.engines import wrong_window\n",
            "engines/wrong_window.py": "from quell.engines import wrong_door\n",
        },
    ),
]

ALLOWED = [
    Sample(
        "a test uses the factories of a lower room",
        "",
        {"practices/incidents/tests/wrong_door.py": "from quell.practices.services.tests import factories\n"},
        ["practices/services/tests/factories.py"],
    ),
    Sample(
        "a practice asks a lower one by its facade",
        "",
        {"practices/incidents/web/wrong_door.py": "from quell.practices.services import facade\n"},
        ["practices/services/facade.py"],
    ),
    Sample(
        "a workspace asks two practices by facade and events",
        "",
        {
            "workspaces/desk/wrong_door.py": "from quell.practices.incidents import events\n"
            "from quell.practices.services import facade\n"
        },
        ["practices/incidents/events.py", "practices/services/facade.py"],
    ),
    Sample("a rule uses an engine", "", {"practices/incidents/rules/wrong_door.py": "import quell.engines\n"}),
]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """For each sample whether it breaks its contract in a copy of the tree; for the copy as it is (`untouched`), and
    with everything in it that is allowed (`open`), all the contracts that are broken."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copytree(SRC, copy / "src" / "quell", ignore=shutil.ignore_patterns("__pycache__", "static", "jinja2"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    allowed = {path: text for sample in ALLOWED for path, text in sample.files.items()}
    samples = {
        "untouched": {"files": {}},
        "open": {"files": allowed, "needs": [n for one in ALLOWED for n in one.needs]},
    }
    samples |= {
        sample.title: {
            "files": sample.files,
            "needs": sample.needs,
            "pyproject": sample.pyproject,
            "contract": sample.breaks,
        }
        for sample in SAMPLES
    }
    done = subprocess.run(
        [sys.executable, str(PROBE), str(copy)], input=json.dumps(samples), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_house_keeps_its_walls() -> None:
    """`lint-imports` passes on the tree as it is; on failure its own words say what to do."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.title)
def test_a_wrong_import_fails(sample: Sample, broken: dict[str, list[str]]) -> None:
    """The wrong file breaks the contract meant for it, and the copy did not break it before."""
    assert sample.breaks not in broken["untouched"], "repair the walls of the tree itself first"
    assert sample.breaks in broken[sample.title]


def test_the_doors_are_open(broken: dict[str, list[str]]) -> None:
    """What the architecture allows breaks nothing, all of it at once: one import never mends what another breaks."""
    assert broken["open"] == broken["untouched"]


def test_every_contract_is_proved_and_advises() -> None:
    """No contract without a sample that it catches, none without a sentence saying what to do instead."""
    contracts = pyproject()["tool"]["importlinter"]["contracts"]  # type: ignore[index]
    assert {contract["id"] for contract in contracts} == {sample.breaks for sample in SAMPLES}
    assert [contract["id"] for contract in contracts if not contract.get("broken_contract_guidance")] == []
