"""What the browser loads stays within ux.md 3.9, and third-party files are the pinned ones."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import brotli
import pytest

import quell.kernel.ui

UI = Path(quell.kernel.ui.__file__).parent
STATIC = UI / "static"
ROOT = Path(__file__).parents[2]
KB = 1000


def weight(*names: str) -> int:
    """Bytes over the wire, as the server sends them (brotli)."""
    return sum(len(brotli.compress((STATIC / name).read_bytes(), quality=11)) for name in names)


def test_stylesheet() -> None:
    assert weight("quell/quell.css", "quell/layout.css") <= 20 * KB


def test_own_scripts() -> None:
    """ux.md allows 12 kB of our own beside 18 kB of Alpine and 2 kB of hx-sse; there is no Alpine here."""
    assert weight(*(f"quell/{path.name}" for path in (STATIC / "quell").glob("*.js"))) <= 24 * KB


def test_scripts_that_come_when_something_has_to_wait() -> None:
    """Loaded once somebody begins to write, so no first view carries them."""
    assert weight("waiting/store.js", "waiting/page.js") <= 5 * KB


def test_scripts_of_every_page() -> None:
    every = ("vendor/htmx-4.0.1/htmx.min.js", "quell/quell.js", "quell/drafts.js", "quell/lists.js")
    assert weight(*every) <= 45 * KB


def test_first_view_leaves_room_for_the_page() -> None:
    """Agents 90 kB, portal 70 kB all told; the ticket's HTML may be 15 kB."""
    scripts = [f"quell/{name}.js" for name in ("quell", "drafts", "lists")]
    everything = weight("quell/quell.css", "quell/layout.css", "quell/icons.svg", "quell/favicon.svg",
                        "vendor/htmx-4.0.1/htmx.min.js", *scripts)  # fmt: skip
    assert everything <= 55 * KB


@pytest.mark.parametrize(
    "name", ["quell/quell.js", "quell/drafts.js", "quell/lists.js", "waiting/store.js", "waiting/page.js"]
)
def test_no_script_evaluates_strings(name: str) -> None:
    text = (STATIC / name).read_text(encoding="utf-8")
    assert "eval(" not in text
    assert "new Function" not in text
    assert "innerHTML" not in text
    assert "insertAdjacentHTML" not in text


def vendoring() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "frontend" / "vendor.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_vendored_files_are_the_pinned_ones() -> None:
    assert vendoring().faults() == []


def test_a_changed_vendored_file_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = vendoring()
    lock = json.loads((UI / "vendor.lock.json").read_text(encoding="utf-8"))
    lock["files"][0]["sha384"] = "sha384-AAAA"
    changed = tmp_path / "lock.json"
    changed.write_text(json.dumps(lock), encoding="utf-8")
    monkeypatch.setattr(module, "LOCK", changed)
    assert any("differs from its lock" in fault for fault in module.faults())


def test_the_package_lock_names_no_host() -> None:
    assert "://registry" not in (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")
