"""Customers' names and the like, sealed before they reach the disk (XSalsa20-Poly1305, PyNaCl's SecretBox).

Whoever has the card's file, a backup, an export or the stick reads nothing of a customer without the till's data
key, which is kept outside of the database. What must be searched or added up is never sealed.
"""

from __future__ import annotations

import base64
from hashlib import blake2b
from typing import Final

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

PREFIX: Final = "sealed:"
UNREADABLE: Final = "(sealed)"


class Sealer:
    """Seals and opens texts with one key."""

    def __init__(self, key: bytes) -> None:
        """Use the data key, 32 bytes."""
        self._box = SecretBox(key)
        self._key = key

    def seal(self, text: str) -> str:
        """``sealed:`` and base64; each time another, so that equal names cannot be seen. "" stays ""."""
        if not text:
            return ""
        return PREFIX + base64.b64encode(self._box.encrypt(text.encode())).decode("ascii")

    def digest(self, text: str) -> str:
        """Says whether a text is the same again, to whoever has the key; tells nobody else what it is."""
        return blake2b(text.encode(), key=self._key, person=b"gapless digest", digest_size=16).hexdigest()

    def open(self, text: str) -> str:
        """What was sealed; a text from before there were seals as it is, one under a lost key "(sealed)"."""
        if not text.startswith(PREFIX):
            return text
        try:
            return self._box.decrypt(base64.b64decode(text.removeprefix(PREFIX), validate=True)).decode()
        except (CryptoError, ValueError):  # a lost key, or a damaged text: no error on the screen
            return UNREADABLE
