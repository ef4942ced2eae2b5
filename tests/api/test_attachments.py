"""Files: in through one door, out through one door, and only to those who may have them."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from .conftest import ROOT, Caller, Company

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def upload(
    caller: Caller, number: str, name: str, content: bytes, kind: str = "", *, place: str = "attachments", **extra: Any
) -> Any:
    """POST a form with a file."""
    headers = {"Authorization": f"Bearer {caller.secret}", **extra.pop("headers", {})}
    file = SimpleUploadedFile(name, content, kind or "application/octet-stream")
    return caller.client.post(f"{ROOT}/incidents/{number}/{place}", {"file": file, **extra}, headers=headers)


@pytest.fixture
def number(company: Company) -> str:
    """An incident of Claire's."""
    made: str = company.claire.post("/incidents", {"title": "Look at this"}).json()["number"]
    return made


def read(caller: Caller, shown: dict[str, Any], **headers: str) -> Any:
    """GET the bytes."""
    return caller.get(f"/attachments/{shown['id']}", **headers)


def body(response: Any) -> bytes:
    """The bytes of a streamed answer."""
    return b"".join(response.streaming_content)


def test_in_and_out(company: Company, number: str) -> None:
    made = upload(company.claire, number, "screen.png", PNG, "text/html")
    assert made.status_code == 201, made.content
    shown = made.json()
    assert shown["sha256"] == hashlib.sha256(PNG).hexdigest()
    assert (shown["name"], shown["size"], shown["content_type"]) == ("screen.png", len(PNG), "image/png")
    assert made["Location"].endswith(f"/api/v1/attachments/{shown['id']}")
    got = read(company.amira, shown)
    assert (got.status_code, body(got), got["Content-Type"]) == (200, PNG, "image/png")
    assert got["Content-Disposition"] == 'inline; filename="screen.png"'
    assert (got["X-Content-Type-Options"], got["ETag"]) == ("nosniff", f'"{shown["sha256"]}"')
    assert "sandbox" in got["Content-Security-Policy"]
    assert "private" in got["Cache-Control"]
    assert read(company.amira, shown, If_None_Match=got["ETag"]).status_code == 304
    listed = company.claire.get(f"/incidents/{number}/attachments").json()["items"]
    assert [one["id"] for one in listed] == [shown["id"]]
    assert (
        company.claire.get(f"/incidents/{number}/timeline").json()["items"][-1]["attachments"][0]["id"] == shown["id"]
    )


def test_who_may_have_it(company: Company, number: str) -> None:
    public = upload(company.claire, number, "a.txt", b"public").json()
    hidden = upload(company.amira, number, "b.txt", b"internal", visibility="internal").json()
    for name, first, second in (
        ("claire", 200, 404), ("amira", 200, 200), ("mia", 200, 200), ("otto", 200, 200), ("root", 200, 200),
        ("paul", 404, 404), ("sam", 404, 404), ("stella", 404, 404),
    ):  # fmt: skip
        caller = getattr(company, name)
        assert (read(caller, public).status_code, read(caller, hidden).status_code) == (first, second), name
    assert read(Caller(""), public).status_code == 401
    assert [one["id"] for one in company.claire.get(f"/incidents/{number}/attachments").json()["items"]] == [
        public["id"]
    ]
    assert upload(company.claire, number, "c.txt", b"x", visibility="internal").status_code == 403
    assert upload(company.stella, number, "c.txt", b"x").status_code == 404
    assert upload(company.otto, number, "c.txt", b"x").status_code == 403
    assert company.claire.get("/attachments/999999").status_code == 404


def test_pages_give_the_same_bytes(company: Company, number: str) -> None:
    shown = upload(company.claire, number, "a.txt", b"public").json()
    company.claire.client.force_login(company.cast.claire)
    got = company.claire.client.get(f"/attachments/{shown['id']}")
    assert (got.status_code, body(got)) == (200, b"public")
    assert "sandbox" in got["Content-Security-Policy"]
    company.sam.client.force_login(company.cast.sam)
    assert company.sam.client.get(f"/attachments/{shown['id']}").status_code == 404
    assert Caller("").client.get(f"/attachments/{shown['id']}").status_code == 302


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\windows\\system.ini", "system.ini"),
        ("a\x00b.png", "ab.png"),
        ('quote".html', 'quote".html'),
        ("new\r\nX-Evil: 1.txt", "newX-Evil: 1.txt"),
        ("\u202egnp.exe", "gnp.exe"),
        ("日本 ü.txt", "日本 ü.txt"),
        ("x" * 300 + ".png", "x" * 196 + ".png"),
    ],
)
def test_hostile_names(company: Company, number: str, name: str, kept: str) -> None:
    from quell.kernel.files.sniff import safe_name

    assert safe_name(name) == kept or len(safe_name(name)) <= 200
    content = (
        b'--B\r\nContent-Disposition: form-data; name="file"; filename="' + name.replace('"', "%22").encode() + b'"\r\n'
        b"Content-Type: text/html\r\n\r\n<script>alert(1)</script>\r\n--B--\r\n"
    )
    made = company.claire(
        "POST", f"/incidents/{number}/attachments", content, Content_Type="multipart/form-data; boundary=B"
    )
    assert made.status_code in (201, 400, 422), made.content
    if made.status_code == 201:
        got = read(company.claire, made.json())
        assert got["Content-Type"].startswith("text/plain")
        assert got["Content-Disposition"].startswith("attachment")
        assert "\r" not in got["Content-Disposition"] and "\n" not in got["Content-Disposition"]
        assert "X-Evil" not in got.headers
        assert "/" not in made.json()["name"] and "\\" not in made.json()["name"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<html><script>alert(1)</script>", "text/plain; charset=utf-8"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "text/plain; charset=utf-8"),
        (b"MZ\x90\x00", "application/vnd.microsoft.portable-executable"),
        (b"GIF89a<script>", "image/gif"),
        (b"\x00\x01\x02", "application/octet-stream"),
    ],
)
def test_types_are_sniffed(company: Company, number: str, content: bytes, kind: str) -> None:
    shown = upload(company.claire, number, "nice.png", content, "image/png").json()
    assert shown["content_type"] == kind
    assert read(company.claire, shown)["Content-Type"] == kind


def test_limits_and_forms(company: Company, number: str) -> None:
    path = f"/incidents/{number}/attachments"
    assert upload(company.claire, number, "empty.txt", b"").status_code == 422
    assert upload(company.claire, number, "a.txt", b"x", visibility="secret").status_code == 422
    assert upload(company.claire, number, "a.txt", b"x", colour="red").json()["errors"][0]["field"] == "colour"
    assert company.claire("POST", path, b"{}").status_code == 415
    form = "multipart/form-data; boundary=B"
    assert company.claire("POST", path, b"--B--\r\n", Content_Type=form).json()["errors"][0]["field"] == "file"
    assert company.claire("POST", path, b"x", Content_Type="multipart/form-data").status_code == 400
    two = {"file": [BytesIO(b"a"), BytesIO(b"b")]}
    headers = {"Authorization": f"Bearer {company.claire.secret}"}
    assert company.claire.client.post(ROOT + path, two, headers=headers).status_code == 422
    with override_settings(MAX_ATTACHMENT_BYTES=2 * 1024 * 1024):
        refused = upload(company.claire, number, "film.mp4", bytes(3 * 1024 * 1024))
    assert refused.status_code == 413
    assert refused.json()["detail"] == "film.mp4 is 3 MB; the limit is 2 MB. Share a link instead."


def test_once_under_a_key(company: Company, number: str) -> None:
    keyed = {"headers": {"Idempotency-Key": "f"}}
    first = upload(company.claire, number, "a.txt", b"same", **keyed)
    assert upload(company.claire, number, "a.txt", b"same", **keyed).json() == first.json()
    assert upload(company.claire, number, "a.txt", b"other", **keyed).status_code == 422
    assert len(company.claire.get(f"/incidents/{number}/attachments").json()["items"]) == 1


def test_missing_bytes_are_a_sentence(company: Company, number: str) -> None:
    from django.core.files.storage import default_storage

    from quell.kernel.files.models import Blob

    shown = upload(company.claire, number, "a.txt", b"soon gone").json()
    default_storage.delete(Blob(sha256=shown["sha256"]).storage_name)
    assert read(company.claire, shown).status_code == 404
