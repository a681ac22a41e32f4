"""The signatures: what RFC 8032 says is right is right, and nothing else is; PyNaCl says the same."""

from __future__ import annotations

import hashlib
from random import Random

import nacl.bindings
import pytest
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from appliance import verify

# RFC 8032, 7.1: TEST 1, TEST 2, TEST 3 and TEST SHA(abc): public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595"
        "bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb43"
        "02aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716"
        "ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643"
        "ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138"
        "ac17ad9bef1177331a704",
    ),
]
KEY = SigningKey(b"verify's own tests, one fixed key"[:32])
PUBLIC = bytes(KEY.verify_key)
SMALL_ORDER = sorted(
    (y | odd << 255).to_bytes(32, "little") for y in verify.SMALL | {verify.P, verify.P + 1} for odd in (0, 1)
)


def signature_of(message: bytes) -> bytes:
    return bytes(KEY.sign(message).signature)


def says_libsodium(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        VerifyKey(key).verify(message, signature)
    except (BadSignatureError, ValueError):
        return False
    return True


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_vectors_of_the_rfc_are_right(key: str, message: str, signature: str) -> None:
    raw = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert says_libsodium(*raw)  # the vectors were copied rightly
    assert verify.signed(*raw)


def test_what_is_wrong_in_any_bit_is_wrong_and_pynacl_agrees() -> None:
    chance = Random(1)
    for _ in range(150):
        message = chance.randbytes(32)
        signature = bytearray(signature_of(message))
        assert verify.signed(PUBLIC, message, bytes(signature))
        signature[chance.randrange(64)] ^= 1 << chance.randrange(8)
        assert not verify.signed(PUBLIC, message, bytes(signature))
        assert not says_libsodium(PUBLIC, message, bytes(signature))


def test_another_message_another_key_and_another_length_are_wrong() -> None:
    signature, other = signature_of(b"m" * 32), bytes(SigningKey(b"o" * 32).verify_key)
    assert not verify.signed(PUBLIC, b"n" * 32, signature)
    assert not verify.signed(other, b"m" * 32, signature)
    for wrong in (b"", signature[:63], signature + b"\0"):
        assert not verify.signed(PUBLIC, b"m" * 32, wrong)


def test_a_signature_cannot_be_written_in_a_second_way() -> None:
    message = b"m" * 32
    signature = signature_of(message)
    s = int.from_bytes(signature[32:], "little") + verify.L  # S + L: the equation holds for it too
    second = signature[:32] + s.to_bytes(32, "little")
    assert not verify.signed(PUBLIC, message, second)
    assert not says_libsodium(PUBLIC, message, second)


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_a_key_or_a_signature_of_small_order_is_refused(point: bytes) -> None:
    with pytest.raises(ValueError, match="no public key"):
        verify.unpack(point)
    # With S = 0 and A of small order, R = -kA is of small order as well and the bare equation can hold.
    assert not verify.signed(PUBLIC, b"m" * 32, point + bytes(32))
    assert not says_libsodium(point, b"m" * 32, point + bytes(32))


def test_a_signature_whose_point_is_nothing_is_refused_though_the_equation_holds() -> None:
    message, nothing = b"m" * 32, (1).to_bytes(32, "little")
    half = bytearray(hashlib.sha512(bytes(KEY)).digest()[:32])
    half[0] &= 248
    half[31] = half[31] & 127 | 64
    k = int.from_bytes(hashlib.sha512(nothing + PUBLIC + message).digest(), "little")
    s = k * int.from_bytes(half, "little") % verify.L
    signature = nothing + s.to_bytes(32, "little")
    assert not verify.signed(PUBLIC, message, signature)
    assert not says_libsodium(PUBLIC, message, signature)


def test_the_points_held_for_small_are_those_whose_eightfold_is_nothing() -> None:
    for y in verify.SMALL:
        assert not nacl.bindings.crypto_core_ed25519_is_valid_point(y.to_bytes(32, "little"))


def test_a_key_that_is_on_no_curve_or_of_the_wrong_length_is_refused() -> None:
    chance, refused = Random(2), 0
    for raw in [
        *(chance.randbytes(32) for _ in range(40)),
        bytes([0xEE] + [0xFF] * 30 + [0x7F]),
        PUBLIC[:31],
    ]:
        try:
            verify.unpack(raw)
        except ValueError:
            refused += 1
            assert not (len(raw) == 32 and nacl.bindings.crypto_core_ed25519_is_valid_point(raw))
    assert refused > 10
