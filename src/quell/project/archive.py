"""One file that holds everything: the database, the stored files and the secret key.

A tar file with `manifest.json` first. The database comes from pg_dump in its custom format, taken before the files:
stored files are addressed by digest and never change, so a later copy of them holds whatever the dump mentions.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any

from .database_url import django_database, without_password
from .instance import Instance
from .server_programs import binaries

FORMAT = 1
MANIFEST, DUMP, KEY, MEDIA = "manifest.json", "database.dump", "secret-key", "media"


class ArchiveRefused(Exception):
    """The backup or restore cannot be done; the message is one sentence that says why."""


def write(instance: Instance, url: str, media: Path, target: Path, tell: Callable[[str], None]) -> dict[str, Any]:
    """Write the archive to `target`, which must not exist; half an archive is never left under that name."""
    if target.exists():
        raise ArchiveRefused(f"{target} exists already: choose another name, or remove it first.")
    if not target.parent.is_dir():
        raise ArchiveRefused(f"The directory {target.parent} does not exist.")
    manifest = {"format": FORMAT, "quell": version("quell"), "made_at": datetime.now(UTC).isoformat()}
    handle, part = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as out, tempfile.TemporaryDirectory(dir=target.parent) as workshop:
            dump = Path(workshop) / DUMP
            tell("Writing the database")
            _tool(
                "pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}", f"--dbname={url}"
            )
            with tarfile.open(fileobj=out, mode="w") as archive:
                _add_text(archive, MANIFEST, json.dumps(manifest, indent=2))
                archive.add(dump, DUMP)
                _add_text(archive, KEY, instance.secret_key())
                tell("Writing the stored files")
                files = 0
                for path in sorted(media.rglob("*")) if media.is_dir() else ():
                    if path.is_file() and not path.name.startswith("."):
                        archive.add(path, f"{MEDIA}/{path.relative_to(media).as_posix()}", recursive=False)
                        files += 1
            out.flush()
            os.fsync(out.fileno())
        Path(part).replace(target)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    return {**manifest, "file": str(target), "bytes": target.stat().st_size, "files": files}


def read(instance: Instance, url: str, media: Path, source: Path, tell: Callable[[str], None]) -> dict[str, Any]:
    """Read an archive into this instance, whose database must hold nothing that anybody would miss."""
    with _opened(source) as (archive, manifest):
        if media.is_dir() and any(path.is_file() for path in media.rglob("*")):
            raise ArchiveRefused(f"{media} holds files already: restore into an empty instance (another QUELL_DATA).")
        with tempfile.TemporaryDirectory(dir=instance.data) as workshop:
            dump = Path(workshop) / DUMP
            _copy(archive, DUMP, dump)
            tell("Reading the database")
            _empty(url)
            _tool(
                "pg_restore", url, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
                str(dump),
            )  # fmt: skip
        tell("Reading the stored files")
        files = sum(_restore_file(archive, member, media) for member in archive.getmembers())
        key_kept = _restore_key(archive, instance)
    return {**manifest, "files": files, "secret_key_restored": key_kept}


@contextmanager
def _opened(source: Path) -> Iterator[tuple[tarfile.TarFile, dict[str, Any]]]:
    try:
        with tarfile.open(source) as archive:
            try:
                found = archive.extractfile(MANIFEST)
                manifest = json.loads(found.read()) if found is not None else {}
            except (KeyError, ValueError):
                manifest = {}
            if manifest.get("format") != FORMAT:
                raise ArchiveRefused(f"{source} is not a backup of Quell, or of a newer Quell than this one.")
            yield archive, manifest
    except FileNotFoundError:
        raise ArchiveRefused(f"{source} does not exist.") from None
    except tarfile.ReadError:
        raise ArchiveRefused(f"{source} is not a backup of Quell, or it is cut off.") from None


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    entry.mode = 0o600
    archive.addfile(entry, io.BytesIO(content))


def _copy(archive: tarfile.TarFile, name: str, target: Path) -> None:
    try:
        found = archive.extractfile(name)
    except KeyError:
        found = None
    if found is None:
        raise ArchiveRefused(f"The backup is not whole: {name} is missing.")
    with found, target.open("wb") as out:
        shutil.copyfileobj(found, out, 1024 * 1024)


def _restore_file(archive: tarfile.TarFile, member: tarfile.TarInfo, media: Path) -> int:
    """Write one stored file; names that would leave the directory are refused, links are not followed."""
    path = PurePosixPath(member.name)
    if not member.isfile() or path.parts[:1] != (MEDIA,):
        return 0
    if ".." in path.parts or path.is_absolute():
        raise ArchiveRefused(f"The backup holds a file with an impossible name ({member.name}); nothing more is read.")
    target = media.joinpath(*path.parts[1:])
    target.parent.mkdir(parents=True, exist_ok=True)
    _copy(archive, member.name, target)
    return 1


def _restore_key(archive: tarfile.TarFile, instance: Instance) -> bool:
    """The key of the backup signs its sessions and tokens; a key in the environment stays in force."""
    if instance.key_given:
        return False
    kept = instance.data / "secret-key"
    kept.unlink(missing_ok=True)
    handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    found = archive.extractfile(KEY)
    assert found is not None
    with os.fdopen(handle, "wb") as out:
        out.write(found.read().strip() + b"\n")
    return True


def _empty(url: str) -> None:
    """Take away the empty tables that the migrations made, for the dump brings its own."""
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def _tool(name: str, url: str, *words: str) -> None:
    """Run a client program, of the server's own version when this machine has it. The password travels in the
    environment, for everybody may read a command line."""
    done = subprocess.run(  # noqa: S603 - our own words
        [str(_program(name, url)), f"--dbname={without_password(url)}", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PGPASSWORD": django_database(url)["PASSWORD"]},
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ArchiveRefused(f"{name} did not succeed: {reason}")


def _program(name: str, url: str) -> Path:
    import psycopg

    with psycopg.connect(url) as connection:
        major = connection.info.server_version // 10_000
    own = Path("/usr/lib/postgresql") / str(major) / "bin" / name
    return own if own.exists() else binaries() / name
