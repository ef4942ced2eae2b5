"""What has to be true before the web may start, and how to see cheaply that it already is.

A second start must answer within seconds, and asking Django costs one of them. So a stamp of everything that
decides the schema and the collected static files is kept in the state directory; while it matches, and the
database says it is the one that was prepared, nothing has to run.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterable
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent
WITH_TABLES = ("django", "django-allauth", "procrastinate")
WITH_STATIC = ("django", "django-allauth", "django-ninja", "whitenoise")

# One answer a database gives to "are you the one I prepared?": which server, how many migrations, which was last.
FINGERPRINT = (
    "SELECT (SELECT system_identifier FROM pg_control_system()), count(*), coalesce(max(id), 0) FROM django_migrations"
)


def schema_stamp() -> str:
    """Changes whenever a migration of ours or a package with tables of its own changes."""
    files = (path for path in SOURCE.glob("*/*/migrations/*") if path.suffix in (".py", ".sql"))
    return _stamp(files, WITH_TABLES, contents=True)


def static_stamp() -> str:
    """Changes whenever a file below a `static` directory, or a package that brings some, changes."""
    files = (path for path in SOURCE.glob("*/*/static/**/*") if path.is_file())
    return _stamp(files, WITH_STATIC, contents=False)


def remembered(state: Path) -> dict[str, str]:
    """What the last complete preparation left; empty when there was none."""
    try:
        kept = json.loads((state / "prepared.json").read_text())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def remember(state: Path, facts: dict[str, str]) -> None:
    """Keep the facts of a complete preparation; a half-written file is never left."""
    fresh = state / "prepared.json.new"
    fresh.write_text(json.dumps(facts, indent=1) + "\n")
    fresh.replace(state / "prepared.json")


def _stamp(files: Iterable[Path], packages: Iterable[str], *, contents: bool) -> str:
    total = 0
    for path in sorted(files):
        found = path.stat()
        said = path.read_bytes() if contents else f"{found.st_size} {found.st_mtime_ns}".encode()
        total = zlib.crc32(f"{path.relative_to(SOURCE)}\0".encode() + said, total)
    for package in packages:
        total = zlib.crc32(f"{package} {_version(package)}\0".encode(), total)
    return f"{total:08x}"


def _version(package: str) -> str:
    """As the installer wrote it into a directory's name; importlib.metadata would bring half the mail parser along
    into the supervisor."""
    wanted = package.replace("-", "_")
    for place in sys.path:
        for found in Path(place).glob("*.dist-info"):
            name, _, number = found.name.removesuffix(".dist-info").partition("-")
            if name.lower().replace("-", "_") == wanted:
                return number
    return "absent"
