"""Replaying: a till is made again from its journal entries alone, row by row as it was.

An entry's body holds all that its rows say, so each kind of entry that has rows has one function here that makes them
again; every other kind is its journal row and nothing more. What is not in the journal does not come back: people and
their PINs, the catalogue (the shop has it), and paper.

A sale comes back as one that the shop may have heard of: its outbox row says that it was posted when it was made, so
the uploader looks for its order before it makes one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

import apsw

from appliance.storage import chain
from appliance.storage.binding import BOUND, keep_binding
from appliance.storage.cashing_up import replay_cash, replay_z
from appliance.storage.chain import Entry, Link
from appliance.storage.codec import completed_from_text
from appliance.storage.database import Database
from appliance.storage.errors import StorageError
from appliance.storage.held import HELD, RECALLED, replay_held
from appliance.storage.inheriting import inherit_unsent
from appliance.storage.instants import to_text
from appliance.storage.journal import VOID_SALE
from appliance.storage.mending import MENDED, replay_mended
from appliance.storage.refunds import REFUND, replay_refund
from appliance.storage.report_codec import Z_REPORT
from appliance.storage.sale_rows import (
    INSERT_LINE,
    INSERT_SALE,
    INSERT_TENDER,
    INSERT_UNTOLD,
    parts_of,
    sale_row,
    tender_rows,
)
from appliance.storage.set_back import TOLD_AGAIN, replay_told_again
from appliance.storage.settling import SETTLED, replay_settled
from appliance.storage.stick_disk import RealDisk
from appliance.storage.stick_lines import JOURNAL_FILE, read_tail
from appliance.storage.stock_moves import STOCK_MOVE, replay_stock_move

AT_ONCE: Final = 500
"""Entries in one transaction."""
_LAST_KEY: Final = (
    "SELECT body ->> '$.public_key' FROM journal "
    "WHERE kind <> 'sale' AND kind = 'keyed' ORDER BY seq DESC LIMIT 1"
)
_INSERT_DUE: Final = "INSERT INTO outbox (seq, state, posted_at) VALUES (?, 'due', ?)"

Verify = Callable[[bytes, bytes, bytes], bool]
"""Whether a public key (32 bytes) signed a message with this signature (64 bytes)."""
Replayer = Callable[[apsw.Connection, Entry], None]


class ReplayError(StorageError):
    """An entry is not as the till wrote it. Nothing from it on was taken."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came back: entries and the sales among them, and where the journal ends now."""

    entries: int
    sales: int
    head: Link


def _replay_sale(connection: apsw.Connection, entry: Entry) -> None:
    completed = completed_from_text(entry.body)
    series, _, number = completed.receipt_number.rpartition("-")
    sale, seq = completed.sale, entry.seq
    parts = parts_of(sale)
    connection.execute(INSERT_SALE, sale_row(completed, parts, seq, series, int(number)))
    connection.executemany(INSERT_LINE, [(seq, *values) for values in parts.lines])
    connection.executemany(INSERT_TENDER, tender_rows(completed.payment, seq))
    connection.executemany(INSERT_UNTOLD, [(stock_id, seq, pieces) for stock_id, pieces in parts.untold])
    connection.execute(_INSERT_DUE, (seq, to_text(completed.completed_at)))
    connection.execute("DELETE FROM draft WHERE sale_id = ?", (sale.sale_id,))


def _replay_bound(connection: apsw.Connection, entry: Entry) -> None:
    body = json.loads(entry.body)
    keep_binding(connection, entry.seq, entry.at, body)
    if "was" in body:  # other hardware may hold what was sold before; who has told it is not known here
        inherit_unsent(connection)


def _replay_held(connection: apsw.Connection, entry: Entry) -> None:
    replay_held(connection, entry)
    if entry.kind == HELD:
        connection.execute("DELETE FROM draft WHERE sale_id = ?", (json.loads(entry.body)["sale"]["id"],))


REPLAYERS: Final[Mapping[str, Replayer]] = {
    chain.SALE: _replay_sale,
    BOUND: _replay_bound,
    HELD: _replay_held,
    RECALLED: _replay_held,
    VOID_SALE: _replay_held,
    REFUND: replay_refund,
    STOCK_MOVE: replay_stock_move,
    SETTLED: replay_settled,
    MENDED: replay_mended,
    TOLD_AGAIN: replay_told_again,
    Z_REPORT: replay_z,
    "float": replay_cash,
    "paid-in": replay_cash,
    "paid-out": replay_cash,
}
"""The one place that says which kinds of entries have rows of their own."""


def replay(
    db: Database,
    entries: Iterable[Entry],
    verify: Verify | None = None,
    progress: Callable[[int], None] = lambda _seq: None,
) -> Replayed:
    """Add entries that follow the journal's end, exactly as they were, and all rows that they made.

    Args:
        db: the till's file.
        entries: in order; each is checked: its hash, its link, its signature, its number, the rules of its rows.
        verify: checks signatures; None leaves them unchecked.
        progress: told the number of the last entry that is on the disk.

    Raises:
        ReplayError: an entry is not as the till wrote it; those before it, up to its transaction, are in the file.
        StorageError: the disk refused.
    """
    added, sales = 0, 0
    row = db.one(_LAST_KEY)
    key = bytes.fromhex(row[0]) if row else b""
    rest = iter(entries)
    while batch := list(islice(rest, AT_ONCE)):
        with db.transaction() as connection:
            end = chain.head(connection)
            for entry in batch:
                key = _checked(entry, end, key, verify)
                chain.replay(connection, entry)
                replayer = REPLAYERS.get(entry.kind)
                if replayer is not None:
                    _make_rows(connection, entry, replayer)
                end = Link(entry.seq, entry.hash, entry.at)
        added += len(batch)
        sales += sum(entry.kind == chain.SALE for entry in batch)
        progress(batch[-1].seq)
    with db.transaction() as connection:
        return Replayed(added, sales, chain.head(connection))


def follow(end: Link, entries: list[Entry]) -> bool:
    """Whether entries go on exactly where the journal ends."""
    return bool(entries) and entries[0].seq == end.seq + 1 and entries[0].previous == end.hash


def head_of(db: Database) -> Link:
    """Where the journal ends."""
    with db.transaction() as connection:
        return chain.head(connection)


def catch_up(file: Path, folder: Path) -> None:
    """Bring an older copy of the till's file up to date from its folder on the stick, if that goes on from it."""
    journal = folder / JOURNAL_FILE
    if not journal.is_file():
        return
    lines = RealDisk().open(journal, read_only=True)
    try:
        with Database.open(file, now=lambda: datetime.now(UTC)) as db:
            end = head_of(db)
            entries, _ = read_tail(
                lines, lambda found: found[-1].seq <= end.seq or found[0].seq <= end.seq + 1
            )
            newer = [entry for entry in entries if entry.seq > end.seq]
            if follow(end, newer):
                replay(db, newer)
    finally:
        lines.close()


def _checked(entry: Entry, end: Link, key: bytes, verify: Verify | None) -> bytes:
    """Refuse an entry that was changed; returns the key that signs from here on."""
    if entry.seq != end.seq + 1 or entry.previous != end.hash:
        raise ReplayError(f"Entry {entry.seq} does not follow entry {end.seq}.")
    if entry.hash != entry.right_hash:
        raise ReplayError(f"Entry {entry.seq} was changed: its hash is another.")
    if entry.kind == chain.KEYED:
        key = _key_of(entry)
    if not entry.clock:
        return key  # version 1: the file's own rule refuses one after a signed entry
    is_signed = entry.signature is not None and bool(key)
    if verify is not None and not (is_signed and verify(key, entry.hash, entry.signature or b"")):
        raise ReplayError(f"Entry {entry.seq} was not signed by this till.")
    return key


def _key_of(entry: Entry) -> bytes:
    try:
        return bytes.fromhex(json.loads(entry.body)["public_key"])
    except (ValueError, KeyError, TypeError):
        raise ReplayError(f"Entry {entry.seq} names no key.") from None


def _make_rows(connection: apsw.Connection, entry: Entry, replayer: Replayer) -> None:
    try:
        replayer(connection, entry)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReplayError(f"Entry {entry.seq} ({entry.kind}) cannot be read ({error!r}).") from error
