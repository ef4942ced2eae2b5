"""A browser that was given an address, and the push service behind it on this machine: it takes what it is handed,
checks the proof, and reads the words as the browser would (RFC 8291, 3.4), with code of its own."""

from __future__ import annotations

import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from quell.engines.web_push import packed, unpacked


def derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF with one block of output, written out."""
    return hmac.digest(hmac.digest(salt, secret, sha256), info + b"\x01", sha256)[:length]


class Phone:
    """The keys of one subscription."""

    def __init__(self, auth: bytes = b"0123456789abcdef") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.auth = auth

    def gives(self, endpoint: str) -> dict[str, str]:
        """What the page's script sends of it."""
        return {"endpoint": endpoint, "p256dh": packed(self.point), "auth": packed(self.auth)}

    def read(self, body: bytes) -> bytes:
        """The words."""
        salt, size, sender, locked = (
            body[:16],
            int.from_bytes(body[16:20]),
            body[21 : 21 + body[20]],
            body[21 + body[20] :],
        )
        assert len(body) <= size
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        seed = derived(self.auth, shared, b"WebPush: info\0" + self.point + sender, 32)
        key = derived(salt, seed, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derived(salt, seed, b"Content-Encoding: nonce\0", 12)
        whole = AESGCM(key).decrypt(nonce, locked, None)
        words, _end, padding = whole.rpartition(b"\x02")
        assert not padding.strip(b"\0")
        return words


@dataclass
class PushService:
    """What it was handed, and what it answers next."""

    port: int
    phone: Phone = field(default_factory=Phone)
    status: int = 201
    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Its host and port."""
        return f"127.0.0.1:{self.port}"

    def address(self, name: str = "claire") -> str:
        """Where one browser is called."""
        return f"http://{self.place}/push/{name}"

    def said(self) -> list[dict[str, Any]]:
        """The words of every call, in their order."""
        return [json.loads(self.phone.read(body)) for _path, _headers, body in self.calls]


@contextmanager
def push_service() -> Iterator[PushService]:
    """The service, listening."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers["content-length"]))
            assert headers["ttl"].isdigit() and headers["content-encoding"] == "aes128gcm"
            known_sender(headers["authorization"], f"http://{service.place}")
            service.calls.append((self.path, headers, body))
            self.send_response(service.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_said: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = PushService(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def known_sender(authorization: str, audience: str) -> None:
    """Raises when the proof is not made by the key it names, for this service."""
    given = dict(one.strip().split("=", 1) for one in authorization.removeprefix("vapid ").split(","))
    signed, _dot, mark = given["t"].rpartition(".")
    assert json.loads(unpacked(signed.split(".")[1]))["aud"] == audience
    raw = unpacked(mark)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpacked(given["k"]))
    signature = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(signature, signed.encode(), ec.ECDSA(hashes.SHA256()))
