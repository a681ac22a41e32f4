"""The journal's chain: each entry holds the hash of the one before; the past cannot be changed unseen.

The hash of an entry is the SHA-256 of the previous hash (32 bytes; zeros for the first entry) followed by
the UTF-8 of ``{"at":...,"body":...,"kind":...,"person":...,"seq":...,"v":1}`` in canonical JSON (``codec``).
Anybody can compute it from the columns.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring
from typing import Final

import apsw

from appliance.storage.database import Row, fetched
from appliance.storage.instants import to_text

FIRST: Final = bytes(32)
"""What stands for the hash before the first entry."""

SALE: Final = "sale"
ENTRIES: Final = "SELECT seq, kind, at, person_id, body, previous_hash, hash FROM journal "


@dataclass(frozen=True, slots=True)
class Link:
    """Where the chain ends: the newest entry's number and hash."""

    seq: int
    hash: bytes


def entry_hash(previous: bytes, seq: int, kind: str, at: str, person_id: int, body: str) -> bytes:
    """The hash of an entry; ``body`` is canonical JSON already."""
    kind = encode_basestring(kind)
    text = f'{{"at":"{at}","body":{body},"kind":{kind},"person":{person_id},"seq":{seq},"v":1}}'
    return hashlib.sha256(previous + text.encode()).digest()


def append(connection: apsw.Connection, kind: str, at: datetime, person_id: int, body: str) -> Link:
    """Add an entry within the transaction that is open."""
    rows = fetched(connection.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1"))
    last, previous = rows[0] if rows else (0, FIRST)
    seq, text = last + 1, to_text(at)
    link = Link(seq, entry_hash(previous, seq, kind, text, person_id, body))
    connection.execute(
        "INSERT INTO journal (seq, kind, at, person_id, body, previous_hash, hash) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (seq, kind, text, person_id, body, previous, link.hash),
    )
    return link


def first_broken(entries: list[Row], before: Link) -> int | None:
    """The first entry whose number, link or hash is wrong; entries are rows of :data:`ENTRIES`."""
    last, previous = before.seq, before.hash
    for seq, kind, at, person_id, body, claimed_previous, claimed in entries:
        right = entry_hash(previous, seq, kind, at, person_id, body)
        if seq != last + 1 or claimed_previous != previous or claimed != right:
            return last + 1 if seq != last + 1 else int(seq)
        last, previous = seq, claimed
    return None


def code(hash_: bytes) -> str:
    """The short form of a hash that is printed on the receipt: "7F3A 91C2 5D0E"."""
    text = hash_.hex()[:12].upper()
    return f"{text[:4]} {text[4:8]} {text[8:]}"
