"""The product as `make up` runs it, on a port and a state directory of its own, with the demonstration company."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from quell.project import instance

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Instance:
    """Where it answers, its database, the demonstration's accounts: name part of the address → (e-mail, password)."""

    address: str
    database: str
    accounts: dict[str, tuple[str, str]]

    def window(self, browser: Browser, who: str, width: int, height: int, **extra: object) -> BrowserContext:
        """A window of this size in which somebody ("" for nobody) is signed in."""
        size = {"width": width, "height": height}
        context = browser.new_context(base_url=self.address, viewport=size, **extra)  # type: ignore[arg-type]
        if who:
            email, password = self.accounts[who]
            page = context.new_page()
            page.goto("/sign-in")
            page.fill("input[type=email]", email)
            page.fill("input[type=password]", password)
            page.press("input[type=password]", "Enter")
            page.wait_for_url(lambda url: "/sign-in" not in url)
            page.wait_for_load_state()
            if page.locator("#tour").is_visible():  # the notes of a first sign-in would stand in the way
                with page.expect_response("**/tour/end"):
                    page.keyboard.press("Escape")
            page.close()
        return context


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def running(name: str) -> Iterator[Instance]:
    """Start it, wait until it answers, stop it. The state directory `var/<name>` is kept for the next time."""
    state, port = ROOT / "var" / name, _free_port()
    state.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "QUELL_DATA": str(state), "QUELL_PORT": str(port)}
    environment.pop("DATABASE_URL", None)
    log = (state / "measures.log").open("wb")
    print(f"quell: Starting an instance in var/{name}; the first time it loads the demonstration", file=sys.stderr)
    process = subprocess.Popen(
        [sys.executable, "-m", "quell.project.supervisor"], env=environment, stdout=log, stderr=log, cwd=ROOT
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _until_ready(process, address, state)
        lines = [line.split() for line in (state / "demo-accounts.txt").read_text().splitlines()]
        yield Instance(
            address,
            _database(state, port),
            {email.split("@")[0]: (email, password) for _role, email, password in lines},
        )
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        log.close()


def _database(state: Path, port: int) -> str:
    return instance.Instance(state, "127.0.0.1", port, "", demo=True).server(tell=lambda _sentence: None).url


def _until_ready(process: subprocess.Popen[bytes], address: str, state: Path) -> None:
    given_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < given_up:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/readyz") as answer:
                if answer.status == 200 and (state / "demo-accounts.txt").exists():
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.5)
    raise SystemExit(f"quell: It did not start; see {state / 'measures.log'}")
