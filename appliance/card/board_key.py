"""What the data partition is encrypted with: made of the key that was burned into the board, never that key itself.

So nobody who reads a card's secret knows the board's, and what else is ever made of the board's key is something else.
The number of the board goes into it: two boards that were given one key by mistake do not open each other's cards.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

_LABEL: Final = b"gapless data partition 1"
_KEY: Final = re.compile(r"[0-9a-f]{64}")


def is_set(key: str) -> bool:
    """Whether a key was ever burned in: without one there are zeros, and on a board without a place for it nothing."""
    return bool(_KEY.fullmatch(key)) and key.strip("0") != ""


def passphrase(key: str, board: str) -> bytes:
    """HKDF (RFC 5869, SHA-256), in hexadecimal, so that no byte of it ends a line.

    Args:
        key: the board's, 64 hexadecimal digits.
        board: its number.
    """
    extracted = hmac.digest(board.encode(), bytes.fromhex(key), hashlib.sha256)
    return hmac.digest(extracted, _LABEL + b"\x01", hashlib.sha256).hex().encode()
