"""The journal for an accountant: a folder that proves itself on any computer, and a table for a spreadsheet.

What counts is ``journal.jsonl``, line by line as on the second medium (``lines``); ``sales.csv`` is drawn from it to be
read, and proves nothing. The live file is read in short steps up to the entry that was the newest at the start, so
that selling goes on meanwhile. The folder appears whole or not at all.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final

from appliance.domain.money import Currency
from appliance.storage import chain
from appliance.storage.database import Database
from appliance.storage.errors import StorageError
from appliance.storage.export_rows import SaleTable
from appliance.storage.identity import Identity
from appliance.storage.instants import to_text
from appliance.storage.lasting import rename, sync_path
from appliance.storage.lines import to_line

_AT_ONCE: Final = 500
_KEYS: Final = (
    "SELECT seq, body ->> '$.public_key' FROM journal WHERE kind <> 'sale' AND kind = 'keyed' ORDER BY seq"
)
_README: Final = """\
This is the journal of till {series} up to entry {seq:,} (code {code}), exported at {at}.
journal.jsonl holds every entry, numbered, chained by hashes and signed by the till; till.json says whose it is.
To check it: python3 verify.py .            (Python 3.9 or newer; nothing else is needed)
Better: python3 verify.py . --anchor NUMBER:CODE   with the number and code on your newest Z report, and --key KEY
with the key on the hand-over sheet. sales.csv is the same in a spreadsheet's form; only the journal is proof.
"""

Progress = Callable[[int, int], None]
"""Told how many entries are written, and of how many."""


class ExportError(StorageError):
    """The export could not be written; nothing of it is left."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was exported: how many entries, how many of them sales and refunds."""

    entries: int
    receipts: int


class Export:
    """Writes exports of one till's journal."""

    def __init__(self, db: Database, currency: Currency, zone: tzinfo, verifier: Path) -> None:
        """Use a connection of the calling thread.

        Args:
            db: the connection.
            currency: how amounts are written.
            zone: of the times in the table.
            verifier: the program to lay beside the journal.
        """
        self._db, self._currency, self._zone, self._verifier = db, currency, zone, verifier

    def write(self, folder: Path, progress: Progress = lambda _done, _all: None) -> Exported:
        """Write an export to a folder that does not exist yet.

        Raises:
            ExportError: it exists, or the disk refused.
        """
        if folder.exists():
            raise ExportError(f"{folder} exists already; an export never replaces anything.")
        part = folder.with_name(f".{folder.name}.part")
        try:
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True)
            try:
                exported = self._write(part, progress)
                _sync(part)
                rename(part, folder)
            finally:
                shutil.rmtree(part, ignore_errors=True)
            sync_path(folder.parent)
        except OSError as error:
            raise ExportError(f"The export could not be written: {error.strerror}.") from error
        return exported

    def _write(self, part: Path, progress: Progress) -> Exported:
        last = self._db.one("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1") or (0, chain.FIRST)
        table = SaleTable(self._db, self._currency, self._zone)
        receipts = 0
        with (
            (part / "journal.jsonl").open("w", encoding="utf-8", newline="\n") as lines,
            (part / "sales.csv").open("w", encoding="utf-8-sig", newline="") as sheet,  # Excel needs the mark
        ):
            rows = csv.writer(sheet)
            rows.writerow(table.heading)
            for entries in self._entries(last[0]):
                lines.writelines(map(to_line, entries))
                found = table.rows(entries)
                rows.writerows(found)
                receipts += len(found)
                progress(entries[-1].seq, last[0])
        self._introduce(part, *last)
        return Exported(last[0], receipts)

    def _entries(self, last: int) -> Iterator[list[chain.Entry]]:
        seq = 0
        while seq < last:
            sql = f"{chain.ENTRIES} WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
            entries = [chain.Entry(*row) for row in self._db.rows(sql, (seq, last, _AT_ONCE))]
            yield entries
            seq = entries[-1].seq

    def _introduce(self, part: Path, seq: int, head: bytes) -> None:
        till, at = Identity(self._db).get(), to_text(self._db.now())
        keys = [{"from_seq": row[0], "public_key": row[1]} for row in self._db.rows(_KEYS) if row[0] <= seq]
        about: dict[str, Any] = {
            "till_id": till.till_id,
            "series": till.series,
            "currency": till.currency,
            "exponent": self._currency.exponent,
            "unit": self._currency.code,
            "public_key": keys[-1]["public_key"] if keys else "",
            "keys": keys,
            "head": {"seq": seq, "hash": head.hex()},
            "exported_at": at,
        }
        (part / "till.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
        text = _README.format(series=till.series, seq=seq, code=chain.code(head), at=at)
        (part / "README.txt").write_text(text, encoding="utf-8")
        shutil.copyfile(self._verifier, part / "verify.py")


def _sync(folder: Path) -> None:
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_path(folder)
