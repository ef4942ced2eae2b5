"""Opening a file of comma-separated rows, plain or gzip, and saying plainly what is wrong with it.

Everything is found out while reading, line by line: nothing is unpacked to disk, no line may grow without
bound, and a fault of the file as a whole (cut off, not UTF-8, NUL bytes, quotes that never close) is one
sentence.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from django.utils.translation import gettext as _

from quell.kernel.config.refusal import Invalid

LONGEST_LINE = 1024 * 1024
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file, each with the line it starts on. Raises Invalid with a sentence."""
    reader = csv.reader(_lines(path), strict=True)
    start = 1
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise Invalid(
            _("Line %(line)d of %(file)s is not well-formed: %(fault)s.")
            % {"line": start, "file": path.name, "fault": error}
        ) from None


def _lines(path: Path) -> Iterator[str]:
    """Decoded lines, ends of line kept, each checked for what no text may hold."""
    number = 0
    try:
        with _open(path) as file:
            while raw := file.readline(LONGEST_LINE + 1):
                number += 1
                if len(raw) > LONGEST_LINE:
                    raise Invalid(
                        _("Line %(line)d of %(file)s is longer than a megabyte; the log has no such line.")
                        % {"line": number, "file": path.name}
                    )
                if b"\x00" in raw:
                    raise Invalid(
                        _("Line %(line)d of %(file)s holds a NUL byte: this is not a file of UTF-8 text.")
                        % {"line": number, "file": path.name}
                    )
                yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        raise Invalid(_("Line %(line)d of %(file)s is not UTF-8 text.") % {"line": number, "file": path.name}) from None
    except EOFError:
        raise Invalid(
            _("%(file)s breaks off after line %(line)d: the compressed file is not complete.")
            % {"file": path.name, "line": number}
        ) from None
    except (gzip.BadGzipFile, zlib.error):
        raise Invalid(
            _("%(file)s cannot be unpacked after line %(line)d: the compressed file is damaged.")
            % {"file": path.name, "line": number}
        ) from None
    except OSError as error:
        raise Invalid(
            _("%(file)s cannot be read: %(fault)s.") % {"file": path, "fault": error.strerror or error}
        ) from None


def _open(path: Path) -> BinaryIO:
    """The bytes of the file, unpacked when it is gzip, whatever its name says."""
    if path.exists() and not path.is_file():
        # It is read twice, so it must stay where it is: no pipe, no folder.
        raise Invalid(_("%(file)s is not an ordinary file.") % {"file": path})
    with path.open("rb") as file:
        first = file.read(4)
    if first.startswith(_ZIP):
        raise Invalid(_("%(file)s is a zip archive; unpack it first.") % {"file": path.name})
    return cast(BinaryIO, gzip.open(path, "rb") if first.startswith(_GZIP) else path.open("rb"))
