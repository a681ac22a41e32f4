"""The journal's chain: each entry holds the hash of the one before, and is signed; the past cannot be changed unseen.

The hash of an entry is the SHA-256 of the previous hash (32 bytes; zeros for the first entry) followed by the UTF-8 of
``{"at":...,"body":...,"boot":...,"clock":...,"kind":...,"person":...,"seq":...,"uptime_ms":...,"v":2}`` in canonical
JSON (``codec``), and its signature is that of the hash. Entries of version 1 have neither boot, clock and uptime nor a
signature. ``appliance/verify.py`` checks all of it and shares no code with this.

Entries are ordered by their number, never by the wall clock, and no entry says that it was written before the one
before it: a clock that is behind is not believed, and the entry says so (``unset``). Only the entry that puts the
clock right may go back.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from json.encoder import encode_basestring
from typing import Final

import apsw

from appliance.domain.witness import ClockTrust, Seal
from appliance.storage.database import Row, fetched
from appliance.storage.instants import to_instant, to_text

FIRST: Final = bytes(32)
"""What stands for the hash before the first entry."""

SALE: Final = "sale"
KEYED: Final = "keyed"
CLOCK_CORRECTED: Final = "clock-corrected"
WAITED_AT_MOST: Final = timedelta(seconds=6)
"""A little more than anybody waits for the other program's transaction: it may write a later time meanwhile."""
_COLUMNS: Final = "seq, kind, at, person_id, body, boot_id, uptime_ms, clock, previous_hash, hash, signature"
ENTRIES: Final = f"SELECT {_COLUMNS} FROM journal "
_HEAD: Final = "SELECT seq, hash, at FROM journal ORDER BY seq DESC LIMIT 1"
_INSERT: Final = f"INSERT INTO journal ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Link:
    """Where the chain ends: the newest entry's number and hash, and when it was written."""

    seq: int
    hash: bytes
    at: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, as the file keeps it; ``body`` is canonical JSON. Version 1 has ``clock`` "" and no signature."""

    seq: int
    kind: str
    at: str
    person_id: int
    body: str
    boot_id: str
    uptime_ms: int
    clock: str
    previous: bytes
    hash: bytes
    signature: bytes | None

    @property
    def text(self) -> str:
        """What is hashed, without the previous hash."""
        return entry_text(self)

    @property
    def right_hash(self) -> bytes:
        """The hash that it ought to have, going by its own words."""
        return hashlib.sha256(self.previous + self.text.encode()).digest()


def entry_text(entry: Entry) -> str:
    """The canonical JSON of an entry, in its version's form."""
    what = f'{{"at":"{entry.at}","body":{entry.body},'
    who = f'"kind":{encode_basestring(entry.kind)},"person":{entry.person_id},"seq":{entry.seq},'
    if not entry.clock:
        return f'{what}{who}"v":1}}'
    return (
        f'{what}"boot":"{entry.boot_id}","clock":"{entry.clock}",{who}"uptime_ms":{entry.uptime_ms},"v":2}}'
    )


def head(connection: apsw.Connection) -> Link:
    """The newest entry, within the transaction that is open."""
    rows = fetched(connection.execute(_HEAD))
    return Link(*rows[0]) if rows else Link(0, FIRST)


class Stamp:
    """The moment of the next entry: made within its transaction, so that what the entry holds can show the same time.

    Attributes:
        before: the entry that it follows.
        at: the wall clock, never behind ``before``.
        clock: how far it can be trusted.
    """

    __slots__ = ("_seal", "at", "before", "clock", "witness")

    def __init__(self, connection: apsw.Connection, at: datetime, seal: Seal, kind: str = SALE) -> None:
        self.before = head(connection)
        self.witness = seal.witness()
        text, trust = to_text(at), self.witness.trust
        if text < self.before.at and kind != CLOCK_CORRECTED:
            if to_instant(self.before.at) - at > WAITED_AT_MOST:
                trust = ClockTrust.UNSET
            text = self.before.at
        self.at, self.clock = text, trust
        self._seal = seal

    def append(self, connection: apsw.Connection, kind: str, person_id: int, body: str) -> Link:
        """Add the entry; ``body`` is canonical JSON."""
        seq, previous = self.before.seq + 1, self.before.hash
        witness = self.witness
        text = (
            f'{{"at":"{self.at}","body":{body},"boot":"{witness.boot_id}","clock":"{self.clock}",'
            f'"kind":{encode_basestring(kind)},"person":{person_id},"seq":{seq},"uptime_ms":{witness.uptime_ms},"v":2}}'
        )
        link = Link(seq, hashlib.sha256(previous + text.encode()).digest(), self.at)
        signature = self._seal.sign(link.hash)
        values = (seq, kind, self.at, person_id, body, witness.boot_id, witness.uptime_ms, str(self.clock))
        connection.execute(_INSERT, (*values, previous, link.hash, signature))
        return link


def replay(connection: apsw.Connection, entry: Entry) -> None:
    """Add an entry that was written before, exactly as it was: for a till that is rebuilt."""
    values = (
        entry.seq,
        entry.kind,
        entry.at,
        entry.person_id,
        entry.body,
        entry.boot_id,
        entry.uptime_ms,
        entry.clock,
    )
    connection.execute(_INSERT, (*values, entry.previous, entry.hash, entry.signature))


def first_broken(entries: list[Row], before: Link) -> int | None:
    """The first entry whose number, link or hash is wrong; entries are rows of :data:`ENTRIES`.

    Signatures are not looked at: the till's own hashes find what the card did, ``till verify`` what a person did.
    """
    last, previous = before.seq, before.hash
    for row in entries:
        entry = Entry(*row)
        if entry.seq != last + 1 or entry.previous != previous or entry.hash != entry.right_hash:
            return last + 1 if entry.seq != last + 1 else entry.seq
        last, previous = entry.seq, entry.hash
    return None


def code(hash_: bytes) -> str:
    """The short form of a hash that is printed on the receipt: "7F3A 91C2 5D0E"."""
    text = hash_.hex()[:12].upper()
    return f"{text[:4]} {text[4:8]} {text[8:]}"
