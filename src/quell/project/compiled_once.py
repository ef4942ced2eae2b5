"""Templates are compiled once for all processes of a test run, however often tests change settings and put them back.

What is decided while they are compiled (jinja.py) is what their Python is kept by: the language, and the values of the
settings. Nothing is kept beyond the run, so nothing old is ever found.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from jinja2.bccache import Bucket, BytecodeCache

if TYPE_CHECKING:
    from jinja2 import Environment

#: Where the first process of a run says to the others where it is kept.
PLACE = "QUELL_TEST_COMPILED"


class CompiledOnce(BytecodeCache):
    """In memory, and in a directory for the other processes."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._kept: dict[str, bytes] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """What is kept of this template as this environment compiles it; empty when nothing is."""
        from django.conf import settings

        from quell.kernel.ui.jinja import DECIDED_WHILE_COMPILING

        decided = [repr(getattr(settings, one, None)) for one in sorted(DECIDED_WHILE_COMPILING)]
        alike = "\0".join([name, filename or "", str(environment.globals.get("language_code")), *decided])
        bucket = Bucket(environment, hashlib.sha256(alike.encode()).hexdigest(), self.get_source_checksum(source))
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill it."""
        found = self._kept.get(bucket.key)
        if found is None:
            try:
                found = self._kept[bucket.key] = (self._home / bucket.key).read_bytes()
            except FileNotFoundError:
                return
        bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it; others find it whole or not at all."""
        self._kept[bucket.key] = bucket.bytecode_to_string()
        new = self._home / f"{bucket.key}.{os.getpid()}"
        new.write_bytes(self._kept[bucket.key])
        new.rename(self._home / bucket.key)


def begin() -> None:
    """Let the product's template engine, which is not there yet, keep what it compiles."""
    from django.conf import settings

    if PLACE not in os.environ:
        os.environ[PLACE] = tempfile.mkdtemp(prefix="quell-compiled-")
        _made.append(os.environ[PLACE])
    cast("dict[str, Any]", settings.TEMPLATES[0]["OPTIONS"])["bytecode_cache"] = CompiledOnce(Path(os.environ[PLACE]))


def end() -> None:
    """The process that began first clears away."""
    for place in _made:
        shutil.rmtree(place, ignore_errors=True)
        os.environ.pop(PLACE, None)
    _made.clear()


_made: list[str] = []
