"""Reading a journal on the second medium: its end, to go on from there, or all of it, to bring a till back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from appliance.storage.chain import FIRST, SALE, Entry, Link
from appliance.storage.lines import LineError, from_line
from appliance.storage.stick_disk import Disk, DiskFile
from appliance.storage.stick_errors import DamagedStickError
from appliance.storage.stick_owner import OWNER_FILE

JOURNAL_FILE: Final = "journal.jsonl"
_CHUNK: Final = 1024 * 1024
SPAN: Final = 256 * 1024
"""How much of the end is read at first; twice what is written at once."""


def read_tail(
    file: DiskFile, is_enough: Callable[[list[Entry]], bool] = bool, span: int = SPAN
) -> tuple[list[Entry], int]:
    """The last entries that are whole, rightly hashed and linked, and where in the file they end.

    Args:
        file: a journal.
        is_enough: asked with what was found (never nothing); if not, twice as much is read, up to the beginning.
        span: how many bytes of the end are read at first.
    """
    size = file.size()
    while True:
        start = max(0, size - span)
        data = file.read(start, size - start)
        first = data.find(b"\n") + 1 if start else 0
        entries, length = _whole(data[first:], from_start=start == 0)
        if start == 0 or (entries and is_enough(entries)):
            return entries, start + first + length
        span *= 2


def whole_entry(line: bytes, before: Entry | None) -> Entry | None:
    """The entry of a line; None if it is not whole, not rightly hashed, or does not follow the one before."""
    try:
        entry = from_line(line.decode())
    except (LineError, UnicodeDecodeError):
        return None
    if entry.hash != entry.right_hash:
        return None
    follows = before is None or (entry.seq == before.seq + 1 and entry.previous == before.hash)
    return entry if follows else None


def _whole(data: bytes, *, from_start: bool) -> tuple[list[Entry], int]:
    entries: list[Entry] = []
    length = 0
    for line in data.split(b"\n")[:-1]:
        entry = whole_entry(line + b"\n", entries[-1] if entries else None)
        if entry is None or (from_start and not entries and not _is_first(entry)):
            break
        entries.append(entry)
        length += len(line) + 1
    return entries, length


def _is_first(entry: Entry) -> bool:
    return entry.seq == 1 and entry.previous == FIRST


def look(disk: Disk, folder: Path) -> Link | None:
    """Where the journal in a till's folder ends, for who only looks; None if there is none or it cannot be read."""
    try:
        if disk.read(folder / OWNER_FILE) is None:
            return None
        file = disk.open(folder / JOURNAL_FILE, read_only=True)
        try:
            entries, _ = read_tail(file)
        finally:
            file.close()
    except OSError:
        return None
    return Link(entries[-1].seq, entries[-1].hash, entries[-1].at) if entries else Link(0, FIRST)


def read_all(file: DiskFile) -> Iterator[Entry]:
    """Every entry of a journal, in order, each rightly hashed and linked to the one before; a torn end is passed over.

    Raises:
        DamagedStickError: a line is damaged and others follow it.
        OSError: it cannot be read.
    """
    before: Entry | None = None
    lines = _lines(file)
    for line in lines:
        entry = whole_entry(line, before)
        if entry is None or (before is None and not _is_first(entry)):
            if any(whole_entry(each, None) for each in lines):
                seq = before.seq if before else 0
                raise DamagedStickError(f"The stick's journal is damaged after entry {seq}.", seq)
            return
        yield entry
        before = entry


def _lines(file: DiskFile) -> Iterator[bytes]:
    offset, rest = 0, b""
    while part := file.read(offset, _CHUNK):
        offset += len(part)
        *whole, rest = (rest + part).split(b"\n")
        for line in whole:
            yield line + b"\n"
    if rest:
        yield rest


def last_receipt(disk: Disk, folder: Path) -> str:
    """The receipt number of the newest sale in a till's folder; "" if there is none, or it cannot be read."""
    try:
        file = disk.open(folder / JOURNAL_FILE, read_only=True)
        try:
            entries, _ = read_tail(file, lambda found: any(each.kind == SALE for each in found))
        finally:
            file.close()
    except OSError:
        return ""
    bodies = (each.body for each in reversed(entries) if each.kind == SALE)
    newest = next(bodies, None)
    return "" if newest is None else str(json.loads(newest)["receipt"])
