"""Checking what a till signed."""

from __future__ import annotations

from nacl.bindings import crypto_sign_open
from nacl.exceptions import CryptoError


def is_signed_by(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this key (32 bytes) made this Ed25519 signature (64 bytes) of the message."""
    try:
        crypto_sign_open(signature + message, public_key)
    except (CryptoError, ValueError, TypeError):
        return False
    return True
