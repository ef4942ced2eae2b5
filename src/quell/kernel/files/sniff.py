"""What a file really is, from its first bytes. The name and the type the sender claims are never believed. Pure."""

from __future__ import annotations

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),  # or its elder brother Matroska; players tell them apart themselves
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
)

#: Types a browser may show in place: pictures that cannot carry script.
SHOWN_IN_PLACE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def content_type(head: bytes) -> str:
    """The media type of the bytes: a known signature, plain text when it decodes as UTF-8, else octets.

    Markup of any kind (HTML, SVG, XML) counts as plain text, so that no browser ever runs it.
    """
    for signature, name in _MAGIC:
        if head.startswith(signature):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if b"\x00" in head:
        return "application/octet-stream"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as fault:
        # The sample may end in the middle of a character.
        if fault.start < len(head) - 4:
            return "application/octet-stream"
    return "text/plain; charset=utf-8"


def safe_name(name: str) -> str:
    """A name that is only a name: no path, no control characters, no bidirectional tricks, at most 200 characters
    with the ending kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    hidden = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF}
    clean = "".join(c for c in last if c.isprintable() and ord(c) not in hidden).strip(" .")
    if len(clean) > 200:
        stem, dot, ending = clean.rpartition(".")
        clean = f"{stem[: 199 - len(ending)]}.{ending}" if dot and len(ending) <= 20 else clean[:200]
    return clean or "file"
