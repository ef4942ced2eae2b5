"""What a push service is handed (RFC 8291, RFC 8188, RFC 8292): words that only one browser can read, and the proof of
who sends them. Randomness and the time are arguments, so that the vectors of the standards hold it.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CURVE = ec.SECP256R1()
PrivateKey = ec.EllipticCurvePrivateKey
#: Every push service takes bodies of this size (RFC 8030, 7.2); the header and the tag are part of it.
RECORD = 4096
LARGEST = RECORD - 86 - 17
AUTH_BYTES, SALT_BYTES = 16, 16
#: A proof may hold for a day at most; half of it forgives a clock that is wrong.
PROOF_HOURS = 12


def packed(data: bytes) -> str:
    """base64url without padding, as browsers and push services write keys."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    """The bytes of base64url; raises ValueError."""
    if not text.isascii() or not text.replace("-", "").replace("_", "").isalnum():
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def key_from_seed(seed: bytes) -> PrivateKey:
    """The private key that belongs to a secret of 48 bytes: the spare 16 keep the choice even (FIPS 186-5, A.2.1)."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    return ec.derive_private_key(int.from_bytes(seed) % (order - 1) + 1, CURVE)


def point_of(key: PrivateKey) -> bytes:
    """The public half as an uncompressed point: 65 bytes."""
    shape = serialization.PublicFormat.UncompressedPoint
    return key.public_key().public_bytes(serialization.Encoding.X962, shape)


def readable(receiver: bytes, auth: bytes) -> bool:
    """Can words be locked for this browser at all: a point on the curve, and a secret of the right length?"""
    if len(auth) != AUTH_BYTES or len(receiver) != 65:
        return False
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, receiver)
    except ValueError:
        return False
    return True


def locked(words: bytes, *, receiver: bytes, auth: bytes, sender: PrivateKey, salt: bytes) -> bytes:
    """The body of a push message. `receiver` and `auth` are the browser's `p256dh` and `auth`; `sender` and `salt`
    are made for this message alone. Raises ValueError when the words are too long."""
    if len(words) > LARGEST:
        raise ValueError(f"{len(words)} bytes; {LARGEST} fit")
    own = point_of(sender)
    shared = sender.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, receiver))
    seed = _derived(shared, auth, b"WebPush: info\0" + receiver + own, 32)
    key = _derived(seed, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(seed, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD.to_bytes(4) + bytes([len(own)]) + own
    return header + AESGCM(key).encrypt(nonce, words + b"\x02", None)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def proof(key: PrivateKey, *, audience: str, contact: str, now: datetime) -> str:
    """The value of `Authorization`: who sends, for this push service (`audience`, its origin), for some hours.
    `contact` is where its people can complain: a `mailto:` or `https:` address."""
    ends = int((now + timedelta(hours=PROOF_HOURS)).timestamp())
    claims = {"aud": audience, "exp": ends, "sub": contact}
    parts = [
        packed(json.dumps(one, separators=(",", ":")).encode()) for one in ({"typ": "JWT", "alg": "ES256"}, claims)
    ]
    signed = ".".join(parts)
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={signed}.{packed(r.to_bytes(32) + s.to_bytes(32))}, k={packed(point_of(key))}"
