"""The virus scanner: asked when there is one, its word refuses, and its silence keeps files out."""

from __future__ import annotations

import socket
import sys
import threading
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from quell.kernel.config.refusal import Invalid
from quell.kernel.files import scan, store
from quell.kernel.files.models import Blob

EVIL = b"this is EVIL itself"
_SCANNER = "import sys; sys.exit(1 if b'EVIL' in sys.stdin.buffer.read() else 0)"


def keep(content: bytes) -> Blob:
    return store.keep(SimpleUploadedFile("note.txt", content))


def command(script: str) -> str:
    return f'command:{sys.executable} -c "{script}"'


@pytest.mark.django_db
def test_nothing_is_asked_without_a_scanner() -> None:
    assert keep(EVIL).size == len(EVIL)


@pytest.mark.django_db
def test_a_command_says_yes_or_no() -> None:
    with override_settings(VIRUS_SCANNER=command(_SCANNER)):
        assert keep(b"harmless").size == 8
        assert store.read(keep(b"harmless")).read() == b"harmless"
        with pytest.raises(Invalid, match="virus"):
            keep(EVIL)
    assert not Blob.objects.filter(size=len(EVIL)).exists()


@pytest.mark.parametrize(
    "scanner", [command("import sys; sys.exit(2)"), "command:/nowhere/at/all", "clamd:/nowhere.sock"]
)
@pytest.mark.django_db
def test_no_verdict_keeps_the_file_out(scanner: str) -> None:
    with override_settings(VIRUS_SCANNER=scanner), pytest.raises(scan.ScannerAway) as refused:
        keep(b"harmless")
    assert refused.value.status == 503 and not Blob.objects.exists()


@pytest.mark.django_db
def test_clamd_is_spoken_to_in_its_own_words(tmp_path: Path) -> None:
    heard: list[bytes] = []
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "clamd"))
    listening.listen()

    def serve() -> None:
        for _ in range(2):
            peer, _address = listening.accept()
            with peer:
                assert peer.recv(10) == b"zINSTREAM\0"
                content = b""
                while size := int.from_bytes(peer.recv(4), "big"):
                    piece = b""
                    while len(piece) < size:
                        piece += peer.recv(size - len(piece))
                    content += piece
                heard.append(content)
                peer.sendall(b"stream: Evil.Test FOUND\0" if b"EVIL" in content else b"stream: OK\0")

    thread = threading.Thread(target=serve)
    thread.start()
    with override_settings(VIRUS_SCANNER=f"clamd:{tmp_path / 'clamd'}"):
        big = b"x" * 200_000
        assert keep(big).size == len(big)
        with pytest.raises(Invalid, match="virus"):
            keep(EVIL)
    thread.join(5)
    listening.close()
    assert heard == [big, EVIL]
