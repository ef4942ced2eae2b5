"""The vectors of the standards, and what must not be locked for anybody."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from quell.engines import web_push
from quell.engines.web_push import packed, unpacked
from tests.notify.phone import Phone

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_the_example_of_rfc_8291():
    """Appendix A: given its keys and its salt, the body is the one printed there."""
    sender = ec.derive_private_key(
        int.from_bytes(unpacked("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), web_push.CURVE
    )
    body = web_push.locked(
        b"When I grow up, I want to be a watermelon",
        receiver=unpacked("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        auth=unpacked("BTBZMqHH6r4Tts7J_aSIgg"),
        sender=sender,
        salt=unpacked("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert packed(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@settings(deadline=None)
@given(st.binary(max_size=web_push.LARGEST), st.binary(min_size=16, max_size=16))
def test_the_browser_reads_what_was_locked_for_it(words, salt):
    phone = Phone()
    sender = ec.generate_private_key(web_push.CURVE)
    body = web_push.locked(words, receiver=phone.point, auth=phone.auth, sender=sender, salt=salt)
    assert len(body) <= web_push.RECORD
    assert phone.read(body) == words


def test_what_is_too_long_for_one_record_is_refused():
    phone = Phone()
    with pytest.raises(ValueError, match="fit"):
        web_push.locked(
            bytes(web_push.LARGEST + 1), receiver=phone.point, auth=phone.auth,
            sender=ec.generate_private_key(web_push.CURVE), salt=bytes(16),
        )  # fmt: skip


def test_the_proof_says_who_sends_to_whom_until_when():
    key = web_push.key_from_seed(b"a" * 48)
    scheme, _space, rest = web_push.proof(
        key, audience="https://push.test", contact="mailto:it@a.test", now=NOW
    ).partition(" ")
    given = dict(one.strip().split("=", 1) for one in rest.split(","))
    head, claims, mark = given["t"].split(".")
    assert scheme == "vapid" and json.loads(unpacked(head)) == {"typ": "JWT", "alg": "ES256"}
    ends = int(NOW.timestamp()) + 12 * 3600
    assert json.loads(unpacked(claims)) == {"aud": "https://push.test", "exp": ends, "sub": "mailto:it@a.test"}
    public = ec.EllipticCurvePublicKey.from_encoded_point(web_push.CURVE, unpacked(given["k"]))
    raw = unpacked(mark)
    signature = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    public.verify(signature, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        public.verify(signature, f"{head}.{claims}x".encode(), ec.ECDSA(hashes.SHA256()))


def test_a_secret_has_one_key_and_another_secret_another():
    one, same, other = (web_push.point_of(web_push.key_from_seed(seed * 48)) for seed in (b"a", b"a", b"b"))
    assert one == same != other and len(one) == 65
    assert web_push.point_of(web_push.key_from_seed(bytes(48))), "the smallest seed has a key too"


@pytest.mark.parametrize(
    ("point", "auth"),
    [
        (b"\x04" + bytes(64), bytes(16)),
        (Phone().point[:-1], bytes(16)),
        (Phone().point, bytes(15)),
        (b"", bytes(16)),
        (b"\x02" + Phone().point[1:33], bytes(16)),
    ],
    ids=["off the curve", "short point", "short secret", "no point", "compressed"],  # every process calls them the same
)
def test_keys_that_lock_nothing(point, auth):
    assert not web_push.readable(point, auth)


@pytest.mark.parametrize("text", ["", "a b", "ä", "a+b", "a=b", "A"])
def test_what_is_no_base64url(text):
    with pytest.raises(ValueError):
        unpacked(text)
