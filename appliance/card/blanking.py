"""Taking secrets off the FAT partition without ever endangering the technician's file.

A FAT file system has no journal: a file that is written anew, or renamed, can be lost to a power cut, and the old
copy stays readable in free space. So the bytes of a secret are written over in their place: no length, name or cluster
changes. A cut can leave one half-way (sectors are written one by one, in any order), so what is to be written is kept
on the data partition before, and done again at the next boot, unless the file was edited meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.card.disk import Disk, forget, keep, read
from appliance.card.lines import Setting
from appliance.card.typed import Typed

MOVED: Final = '""  # moved into the till'
MOVED_SHORT: Final = '""'


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes to write over: where, and with what."""

    offset: int
    content: bytes


class Blanking:
    """Writes over parts of one file, also what an earlier boot left half done."""

    def __init__(self, file: Path, record: Path, disk: Disk) -> None:
        """Build it.

        Args:
            file: on the FAT partition.
            record: on the data partition: what is to be written, while it is not done.
            disk: the steps.
        """
        self._file = file
        self._record = record
        self._disk = disk

    def is_half_done(self) -> bool:
        """Whether an earlier boot ended in the middle of it."""
        return self._record.exists()

    def finish(self) -> None:
        """Do what an earlier boot began.

        Raises:
            OSError: the file cannot be written.
        """
        text = read(self._record)
        if text is None:
            return
        now = read(self._file)
        record = _read_record(text)
        if record is not None and now is not None:
            whole, spans = record
            # Equal but for the secrets' own places, so it is the file that this was meant for.
            if _applied(now, spans) == whole and now != whole:
                self._write(spans)
        forget(self._disk, self._record)

    def blank(self, typed: Typed, content: bytes, secrets: Iterable[Setting]) -> None:
        """Write over the values of these settings.

        Args:
            typed, content: the file as it was read.
            secrets: settings in it.

        Raises:
            OSError: the file cannot be written, or reads otherwise afterwards.
        """
        spans = [Span(typed.offset(each.start), typed.blank(each.start, each.end, MOVED)) for each in secrets]
        if not spans:
            return
        whole = _applied(content, spans)
        body = {
            "whole": whole.hex(),
            "spans": [[each.offset, each.content.hex()] for each in spans],
        }
        keep(self._disk, self._record, json.dumps(body).encode())
        self._write(spans)
        if read(self._file) != whole:
            raise OSError("till.toml reads otherwise than it was written")
        forget(self._disk, self._record)

    def _write(self, spans: Iterable[Span]) -> None:
        for span in spans:
            self._disk.overwrite(self._file, span.offset, span.content)


def _applied(content: bytes, spans: Iterable[Span]) -> bytes:
    changed = bytearray(content)
    for span in spans:
        changed[span.offset : span.offset + len(span.content)] = span.content
    return bytes(changed)


def _read_record(text: bytes) -> tuple[bytes, list[Span]] | None:
    try:
        body = json.loads(text)
        spans = [Span(int(offset), bytes.fromhex(content)) for offset, content in body["spans"]]
        return bytes.fromhex(body["whole"]), spans
    except (ValueError, KeyError, TypeError):
        return None
