"""The one place where bytes go in and come out: stored by digest, limited in size, sniffed, never trusted by name."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from quell.kernel.config.refusal import Invalid, TooLarge

from . import scan
from .models import Blob
from .sniff import content_type

_SAMPLE = 4096


def megabytes(size: int) -> str:
    """A size in bytes as people say it, in whole megabytes."""
    return str(max(1, round(size / 1024 / 1024)))


def check_size(name: str, size: int) -> None:
    """Refuse a file above the limit with a sentence saying what to do."""
    limit: int = settings.MAX_ATTACHMENT_BYTES
    if size > limit:
        raise TooLarge(
            _("%(name)s is %(size)s MB; the limit is %(limit)s MB. Share a link instead.")
            % {"name": name, "size": megabytes(size), "limit": megabytes(limit)}
        )


def keep(upload: UploadedFile[bytes]) -> Blob:
    """Store an uploaded file's bytes and return the blob; the same bytes are stored once."""
    size = upload.size or 0
    check_size(upload.name or "", size)
    if size == 0:
        raise Invalid.field("file", _("The file is empty."))
    scan.check(upload.name or "", upload.file)  # type: ignore[arg-type]
    return _keep(upload, size)


def keep_written(path: Path) -> Blob:
    """Store a file that the house itself has written, of whatever size, and return the blob. It goes through memory in
    parts."""
    with path.open("rb") as file:
        size = path.stat().st_size
        return _keep(UploadedFile(file, name=path.name, size=size), size)


def _keep(upload: UploadedFile[bytes], size: int) -> Blob:
    digest, head = hashlib.sha256(), b""
    for chunk in upload.chunks():
        head = head or chunk[:_SAMPLE]
        digest.update(chunk)
    blob, fresh = Blob.objects.get_or_create(
        sha256=digest.hexdigest(), defaults={"size": size, "content_type": content_type(head)}
    )
    if fresh or not default_storage.exists(blob.storage_name):
        upload.seek(0)
        # Two uploads of the same bytes at once may both come here; the name is the digest, so either file will do.
        if not default_storage.exists(blob.storage_name):
            default_storage.save(blob.storage_name, File(upload.file))
    return blob


def read(blob: Blob) -> BinaryIO:
    """The bytes, open for reading."""
    return default_storage.open(blob.storage_name, "rb")  # type: ignore[return-value]


def open_stored(sha256: str) -> BinaryIO:
    """The bytes of a digest, open for reading; raises FileNotFoundError."""
    return read(Blob(sha256=sha256))
