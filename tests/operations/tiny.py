"""A tiny application behind the product's own intake: what is tested is the serving, not the pages.

`python -m tests.operations.tiny` runs it under the product's own supervisor, with a worker that only sleeps.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from quell.project.instance import instance_here
from quell.project.supervisor import Child, Supervisor, main
from quell.project.web import Application

LARGEST = 2 * 1024 * 1024


def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Says what it was told; `/long` answers at length, `/slow` takes its time, `/pid` says who serves."""
    path = environ["PATH_INFO"]
    received = len(environ["wsgi.input"].read())
    if path == "/long":
        start_response("200 OK", [("content-type", "application/octet-stream")])
        return (b"x" * 4096 for _ in range(8192))
    if path == "/slow":
        time.sleep(0.3)
    body = str(os.getpid() if path == "/pid" else environ if path == "/environ" else received).encode()
    start_response("200 OK", [("content-type", "text/plain"), ("content-length", str(len(body)))])
    return [body]


application = Application(lambda: (wsgi, LARGEST))


class TinyProduct(Supervisor):
    """The supervisor with nothing to prepare and two small children."""

    def _prepare(self) -> None:
        return

    def _start_children(self) -> None:
        quell = [sys.executable, "-m", "quell.project.main"]
        self.children = [
            Child("web", [*quell, "serve", "--workers", "2", "--target", "tests.operations.tiny:application"]),
            Child("worker", [sys.executable, "-c", "import time\nwhile True: time.sleep(60)"]),
        ]
        for child in self.children:
            child.start()


if __name__ == "__main__":
    import quell.project.supervisor

    quell.project.supervisor.Supervisor = TinyProduct  # type: ignore[misc]
    assert instance_here().port
    sys.exit(main(["--no-fsync"]))
